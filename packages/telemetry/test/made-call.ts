import { ANONYMOUS, type Call, type Evidence, type JsonObject } from '@sallyport/core';

/** A tool call, with what differs. */
export function madeCall(
  differs: Partial<Omit<Call, 'trail'>> = {},
  evidence: readonly Evidence[] = [],
): Call {
  const entries = [...evidence];
  return {
    id: '01890000-0000-7000-8000-000000000000',
    direction: 'inbound',
    kind: 'request',
    server: 'files',
    method: 'tools/call',
    params: { name: 'read_file', arguments: { path: '/etc/hosts' } },
    principal: ANONYMOUS,
    trail: { entries, executed: undefined, add: (one) => void entries.push(one) },
    signal: new AbortController().signal,
    ...differs,
  };
}

/** A tool call with this `_meta`. */
export function callWithMeta(meta: unknown): Call {
  return madeCall({ params: { name: 'read_file', _meta: meta } });
}

/** A `tools/list` answer. */
export function listOf(...names: readonly unknown[]): { readonly result: JsonObject } {
  return { result: { tools: names.map((name) => ({ name })) } };
}
