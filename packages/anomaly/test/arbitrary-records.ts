import type { AuditRecord } from '@sallyport/audit';
import fc from 'fast-check';

const text = fc.oneof(
  fc.constantFrom('alice', 'bob', 'send_email', 'get_customer', 'https://a.example/x', ''),
  fc.string(),
);
const digest = fc.option(
  fc.record({
    sha256: fc.oneof(fc.constantFrom('a'.repeat(64), 'b'.repeat(64)), text),
    bytes: fc.oneof(fc.nat(1e9), fc.double()),
  }),
  { nil: undefined },
);

/** Records as they are written, of a few principals, some days apart at most. */
const someRecord: fc.Arbitrary<AuditRecord> = fc.record({
  v: fc.constant(1),
  id: text,
  time: fc.nat(40 * 86_400_000).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString()),
  server: fc.constantFrom('files', 'crm'),
  policy: fc.constant(''),
  type: fc.constantFrom('outcome', 'outcome', 'outcome', 'attempt', 'event'),
  event: fc.constantFrom('message_refused', 'start'),
  detail: fc.option(fc.dictionary(fc.constantFrom('count', 'code'), fc.oneof(fc.nat(), fc.string())), {
    nil: undefined,
  }),
  call: text,
  direction: fc.constantFrom('inbound', 'inbound', 'inbound', 'outbound'),
  kind: fc.constantFrom('request', 'request', 'notification'),
  method: fc.constantFrom('tools/call', 'resources/read', 'tools/list'),
  target: fc.option(text, { nil: undefined }),
  principal: fc.record({
    subject: text,
    roles: fc.constant([]),
    client: fc.option(text, { nil: undefined }),
    method: fc.constantFrom('token', 'none'),
  }),
  status: fc.constantFrom('ok', 'ok', 'error', 'refused'),
  refusal: fc.constantFrom(
    'permission_denied',
    'unauthenticated',
    'invalid_params',
    'rate_limited',
    undefined,
  ),
  error: fc.constantFrom(undefined, -32_602, 1),
  redacted: fc.option(
    fc.array(
      fc.record({
        direction: fc.constantFrom('arguments', 'results'),
        entity: text,
        operator: fc.constantFrom('mask', 'restore'),
        count: fc.nat(),
      }),
    ),
    { nil: undefined },
  ),
  executed: digest,
  result: digest,
  durationMs: fc.nat(),
}) as unknown as fc.Arbitrary<AuditRecord>;

/** A stream in which time goes on. */
export const someStream: fc.Arbitrary<AuditRecord[]> = fc
  .array(someRecord, { maxLength: 300 })
  .map((records) => records.toSorted((a, b) => (a.time < b.time ? -1 : 1)));

/** What a journal could hold if somebody else had written it. */
export const hostileRecord: fc.Arbitrary<AuditRecord> = fc.oneof(
  fc.anything(),
  fc
    .tuple(
      someRecord,
      fc.dictionary(
        fc.constantFrom(
          'time',
          'id',
          'server',
          'method',
          'target',
          'principal',
          'executed',
          'result',
          'redacted',
          'status',
          'detail',
        ),
        fc.anything(),
      ),
    )
    .map(([record, over]) => ({ ...record, ...over })),
) as fc.Arbitrary<AuditRecord>;
