import type { AuditRecord, EventRecord, OutcomeRecord } from '@sallyport/audit';
import { hash } from './state/hash.ts';
import { TRAITS } from './traits.ts';

/** What a record says, before it is known who is who. Nothing in it is trusted to be what its type says. */
export interface ReadRecord {
  readonly id: string;
  readonly server: string;
  /** Empty where the record names nobody. */
  readonly subject: string;
  /** Client, actor and way to authenticate, as a hash. */
  readonly origin: number;
  readonly clientName: string | undefined;
  readonly targetName: string | undefined;
  /** What ran: the tool, or the method where that names none. Undefined when nothing ran. */
  readonly toolName: string | undefined;
  readonly isResource: boolean;
  readonly traits: number;
  readonly count: number;
  readonly arguments: number;
  readonly argumentBytes: number;
  readonly resultBytes: number;
  readonly entities: readonly number[];
}

const REFUSALS: ReadonlyMap<unknown, number> = new Map([
  ['unauthenticated', TRAITS.unauthenticated],
  ['permission_denied', TRAITS.call | TRAITS.denied],
  ['threat_detected', TRAITS.call | TRAITS.denied],
  ['invalid_request', TRAITS.call | TRAITS.invalid],
  ['method_not_found', TRAITS.call | TRAITS.invalid],
  ['invalid_params', TRAITS.call | TRAITS.invalid],
  ['too_large', TRAITS.call | TRAITS.invalid],
  ['invalid_result', TRAITS.call | TRAITS.error],
  ['deadline_exceeded', TRAITS.call | TRAITS.error],
  ['unavailable', TRAITS.call | TRAITS.error],
  ['internal', TRAITS.call | TRAITS.error],
]);

/** JSON-RPC 2.0, section 5.1: what a client did wrong. */
const CLIENTS_FAULT: ReadonlySet<unknown> = new Set([-32600, -32601, -32602]);
const MOST_COUNT = 10_000;
const NOTHING: readonly number[] = [];

/** @returns undefined for what no detector looks at: attempts, notifications, what a server asks, most events */
export function readRecord(record: AuditRecord): ReadRecord | undefined {
  if (record.type === 'outcome') return readOutcome(record);
  return record.type === 'event' && record.event === 'message_refused' ? readEvent(record) : undefined;
}

function readOutcome(record: OutcomeRecord): ReadRecord | undefined {
  if (record.direction !== 'inbound' || record.kind !== 'request') return undefined;
  // Whoever goes on calling in quarantine would otherwise prolong it.
  if (record.refusal === 'quarantined') return undefined;
  const { method, executed, result, redacted } = record;
  const principal: Partial<OutcomeRecord['principal']> = record.principal ?? {};
  const traits = traitsOf(record);
  const ran = (traits & (TRAITS.ok | TRAITS.error)) !== 0 && record.status !== 'refused';
  const targetName = textOr(record.target);
  const isResource = typeof method === 'string' && method.startsWith('resources/');
  const client = textOr(principal.client);
  const origin = hash(
    textOr(principal.actor) ?? '',
    hash(client ?? '', hash(textOr(principal.method) ?? '')),
  );
  return {
    id: textOr(record.id) ?? '',
    server: textOr(record.server) ?? '',
    subject: textOr(principal.subject) ?? '',
    origin,
    clientName: client,
    targetName,
    toolName: ran ? ((method === 'tools/call' ? targetName : undefined) ?? textOr(method) ?? '') : undefined,
    isResource,
    traits,
    count: 1,
    arguments: digestOf(executed),
    argumentBytes: bytesOf(executed),
    resultBytes: bytesOf(result),
    entities: redacted === undefined ? NOTHING : entitiesOf(redacted),
  };
}

/** Messages that never became a call name nobody. */
function readEvent({ id, server, detail }: EventRecord): ReadRecord {
  const count = detail?.['count'];
  return {
    id: textOr(id) ?? '',
    server: textOr(server) ?? '',
    subject: '',
    origin: 0,
    clientName: undefined,
    targetName: undefined,
    toolName: undefined,
    isResource: false,
    traits: detail?.['code'] === 'unauthenticated' ? TRAITS.unauthenticated : TRAITS.invalid,
    count: typeof count === 'number' && count >= 1 ? Math.min(count, MOST_COUNT) : 1,
    arguments: 0,
    argumentBytes: 0,
    resultBytes: 0,
    entities: NOTHING,
  };
}

function traitsOf({ status, refusal, error }: OutcomeRecord): number {
  if (status === 'ok') return TRAITS.call | TRAITS.ok;
  if (status === 'refused') return REFUSALS.get(refusal) ?? TRAITS.call;
  return TRAITS.call | (CLIENTS_FAULT.has(error) ? TRAITS.invalid : TRAITS.error);
}

function digestOf(digest: OutcomeRecord['executed']): number {
  const sha256 = digest?.sha256;
  return typeof sha256 === 'string' ? hash(sha256.slice(0, 16)) : 0;
}

function bytesOf(digest: OutcomeRecord['result']): number {
  const bytes = digest?.bytes;
  return typeof bytes === 'number' && bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER ? bytes : 0;
}

function entitiesOf(redacted: OutcomeRecord['redacted']): readonly number[] {
  if (!Array.isArray(redacted)) return NOTHING;
  const entities: number[] = [];
  for (const one of redacted as readonly Partial<Record<string, unknown>>[])
    if (
      one?.['direction'] === 'arguments' &&
      one['operator'] !== 'restore' &&
      typeof one['entity'] === 'string'
    )
      entities.push(hash(one['entity']));
  return entities;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
