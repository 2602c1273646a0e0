import type { OutcomeRecord, RedactedCount } from '@sallyport/audit';
import type { Chance } from './chance.ts';
import { type MadeTool, PERSONAL } from './tools.ts';

export type End = 'ok' | 'error' | 'denied' | 'invalid' | 'unauthenticated';

/** One call, before it is a record. */
export interface MadeCall {
  readonly time: number;
  readonly subject: string;
  readonly client: string;
  readonly actor?: string;
  /** Default: none. */
  readonly roles?: readonly string[];
  readonly tool: string;
  readonly end: End;
  /** Equal numbers are equal arguments. */
  readonly given: number;
  readonly argumentBytes: number;
  readonly resultBytes: number;
}

export interface Who {
  readonly subject: string;
  readonly client: string;
  readonly actor?: string;
  readonly roles?: readonly string[];
}

/** A call as it usually goes. */
export function usualCall(chance: Chance, who: Who, tool: MadeTool, time: number, end: End = 'ok'): MadeCall {
  return {
    ...who,
    time,
    tool: tool.name,
    end,
    given: chance.whole(1, 2 ** 31),
    argumentBytes: Math.round(chance.around(tool.argumentBytes, 0.5)),
    resultBytes: end === 'ok' ? Math.min(30 * tool.bytes, Math.round(chance.around(tool.bytes, 0.9))) : 90,
  };
}

const REFUSED = {
  denied: 'permission_denied',
  invalid: 'invalid_params',
  unauthenticated: 'unauthenticated',
} as const;

/** So many bytes of a result with personal data hold one finding. */
const BYTES_OF_A_FINDING = 100;

export function recordOf(call: MadeCall, number: number): OutcomeRecord {
  const { end, actor, roles = [] } = call;
  const id = `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  const ran = end === 'ok' || end === 'error';
  return {
    v: 1,
    id,
    time: new Date(Math.floor(call.time)).toISOString(),
    server: 'office',
    policy: '0'.repeat(64),
    type: 'outcome',
    call: id,
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: call.tool,
    principal: {
      subject: call.subject,
      roles,
      client: call.client,
      ...(actor !== undefined && { actor }),
      method: end === 'unauthenticated' ? 'none' : 'token',
    },
    status: ran ? end : 'refused',
    ...(!ran && { refusal: REFUSED[end] }),
    ...(end === 'ok' && PERSONAL.has(call.tool) && { redacted: [findingsIn(call)] }),
    ...(ran && {
      executed: {
        sha256: call.given.toString(16).padStart(64, '0').split('').toReversed().join(''),
        bytes: call.argumentBytes,
      },
      result: { sha256: '0'.repeat(64), bytes: call.resultBytes },
    }),
    durationMs: 20,
  };
}

function findingsIn({ resultBytes }: MadeCall): RedactedCount {
  const count = Math.max(1, Math.round(resultBytes / BYTES_OF_A_FINDING));
  return { direction: 'results', entity: 'EMAIL', operator: 'mask', count };
}
