import fc from 'fast-check';
import type { AuditRecord, Digest, OutcomeRecord } from '../../src/audit-record.ts';
import type { AlertFacts } from '../../src/formats/alert-facts.ts';
import { EVENTS, REFUSALS } from './some-records.ts';

const PIECES = [
  '|',
  '=',
  '\\',
  '^',
  '"',
  "'",
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\ufffe',
  '\u241b',
  '\u241b000a',
  '\u241bd800',
  '\ud800',
  '\udfff',
  '\\ud800',
  '\\u000a',
  '\\n',
  '\u{1f600}',
  'e\u0301',
  ' suser=root',
  '^usrName=root',
  '\nCEF:0|a|b|c|d|e|9|',
  '","action_id":1,"a":"',
  '__proto__',
  'a',
  'é',
] as const;

/** Texts that try to leave their field, at most 200 characters long, so that none is cut. */
const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join('')),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);

const time = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const size = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const digest: fc.Arbitrary<Digest> = fc.record({ sha256: hostile, bytes: size });

const common = { v: fc.constant(1), id: hostile, time, server: hostile, policy: hostile };

const ofCall = {
  ...common,
  call: hostile,
  direction: hostile,
  kind: hostile,
  method: fc.oneof(hostile, fc.constantFrom('tools/call', 'resources/read', 'initialize', 'tasks/cancel')),
  principal: fc.record(
    {
      subject: hostile,
      roles: fc.array(hostile, { maxLength: 3 }),
      client: hostile,
      actor: hostile,
      method: hostile,
    },
    { requiredKeys: ['subject', 'roles', 'method'] },
  ),
};

const counts = fc.array(fc.record({ direction: hostile, entity: hostile, operator: hostile, count: size }), {
  minLength: 1,
  maxLength: 2,
});

const attempts = fc.record(
  { ...ofCall, type: fc.constant('attempt'), target: hostile, arguments: digest },
  { requiredKeys: [...(Object.keys(ofCall) as (keyof typeof ofCall)[]), 'type'] },
);

const outcomes = fc.record(
  {
    ...ofCall,
    type: fc.constant('outcome'),
    target: hostile,
    status: fc.oneof(hostile, fc.constantFrom('ok', 'error', 'refused')),
    refusal: fc.oneof(hostile, fc.constantFrom(...REFUSALS)),
    error: fc.oneof(fc.integer(), fc.constant(1.5)),
    decision: fc.record({ effect: hostile, rule: hostile, at: hostile }, { requiredKeys: ['effect'] }),
    wouldRefuse: fc.array(fc.record({ layer: hostile, code: hostile }), { minLength: 1, maxLength: 2 }),
    filtered: size,
    redacted: counts,
    wouldRedact: counts,
    executed: digest,
    result: digest,
    durationMs: fc.integer({ min: -1000, max: 1_000_000 }).map((halves) => (halves === 0 ? 0 : halves / 2)),
  },
  {
    requiredKeys: [...(Object.keys(ofCall) as (keyof typeof ofCall)[]), 'type', 'status', 'durationMs'],
  },
);

const events = fc.record(
  {
    ...common,
    type: fc.constant('event'),
    event: fc.oneof(hostile, fc.constantFrom(...EVENTS)),
    detail: fc.dictionary(
      hostile.filter((name) => name !== '__proto__'),
      fc.oneof(hostile, fc.integer(), fc.boolean()),
      { maxKeys: 3, noNullPrototype: true },
    ),
  },
  { requiredKeys: ['v', 'id', 'time', 'server', 'policy', 'type', 'event'] },
);

/** Records with hostile texts in every field, words of closed lists included: a journal may be of a newer version. */
export const hostileRecord: fc.Arbitrary<AuditRecord> = fc
  .oneof(attempts, outcomes, events)
  .map((record) => record as unknown as AuditRecord)
  // A refusal is that of a refused call, and an error that of an error; the formats rely on it.
  .map((record) => (record.type === 'outcome' ? consistent(record) : record));

function consistent(record: OutcomeRecord): OutcomeRecord {
  const { refusal, error, result, ...rest } = record;
  if (record.status === 'refused') return { ...rest, refusal: refusal ?? 'internal' };
  return {
    ...rest,
    ...(record.status === 'error' && error !== undefined && { error }),
    ...(result && { result }),
  };
}

export const hostileAlert: fc.Arbitrary<AlertFacts> = fc.record(
  {
    id: hostile,
    time,
    server: hostile,
    title: hostile,
    severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
    rule: fc.record({ id: hostile, name: hostile }),
    method: fc.constantFrom('rule', 'statistical'),
    subject: hostile,
    target: hostile,
    measure: fc.record({ name: hostile, observed: size, baseline: size }),
    records: fc.array(hostile, { maxLength: 3 }),
    quarantined: fc.boolean(),
    runbook: hostile,
  },
  { requiredKeys: ['id', 'time', 'server', 'title', 'severity', 'rule', 'method', 'records', 'quarantined'] },
) as fc.Arbitrary<AlertFacts>;
