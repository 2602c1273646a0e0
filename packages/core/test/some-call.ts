import { ANONYMOUS, type Call, type Evidence, type Trail } from '@sallyport/core';

/** A call that no transport carries, for testing one layer alone. */
export function someCall(over: Partial<Call> = {}): Call {
  const entries: Evidence[] = [];
  const trail: Trail = { entries, executed: undefined, add: (evidence) => void entries.push(evidence) };
  return {
    id: '00000000-0000-7000-8000-000000000000',
    direction: 'inbound',
    kind: 'request',
    server: 'default',
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
    principal: ANONYMOUS,
    trail,
    signal: new AbortController().signal,
    ...over,
  };
}
