import type { AuditRecord } from '@sallyport/audit';
import type { SigmaRules } from './sigma-rules.ts';
import { mapOf } from './words.ts';

/** How one example of a rule ended. */
export interface ExampleOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** What was expected and what came, or what is wrong with the example; absent when it passed. */
  readonly why?: string;
}

const START = Date.parse('2026-03-02T09:00:00.000Z');
const MOST_RECORDS = 10_000;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const PRINCIPAL = { subject: 'ann', roles: ['clinician'], method: 'token' };
const CALL = { direction: 'inbound', kind: 'request', method: 'tools/call', principal: PRINCIPAL };
const OUTCOME = { ...CALL, status: 'ok', durationMs: 5 };
const ALL = { v: 1, server: 'clinic', policy: '0'.repeat(64) };

class Mistake extends Error {}

/**
 * Runs the examples of a parsed `*.test.yaml` file: `tests`, each with `name`, `records` and `matches`, the number of
 * matches. SIGMA.md says how records are written. Each example begins with rules that have seen nothing.
 *
 * @param compile makes the rules that the examples are about
 */
export function runExamples(value: unknown, compile: () => SigmaRules): readonly ExampleOutcome[] {
  const tests = mapOf(value)?.get('tests');
  if (!Array.isArray(tests) || tests.length === 0)
    return [
      { name: 'the file', passed: false, why: 'has no tests; write tests: with name, records and matches' },
    ];
  return tests.map((test: unknown, at) => {
    const parts = mapOf(test) ?? new Map<string, unknown>();
    const name = parts.get('name');
    const named = typeof name === 'string' ? name : `test ${at + 1}`;
    try {
      const expected = parts.get('matches');
      if (typeof name !== 'string' || typeof expected !== 'number')
        throw new Mistake('lacks a name, or matches; write both, and 0 for records that match nothing');
      const rules = compile();
      const matches = recordsOf(parts.get('records')).flatMap((record) => rules.observe(record));
      if (matches.length === expected) return { name: named, passed: true };
      const came = matches.map(({ rule }) => rule.title).join(', ');
      const why = `expected ${expected} matches, came ${matches.length}${came === '' ? '' : `: ${came}`}`;
      return { name: named, passed: false, why };
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      return { name: named, passed: false, why: error.message };
    }
  });
}

/**
 * Fills in what examples leave out. `after`: the time since the record before, default 1s; `at`: when it was written;
 * `repeat`: so many of it, `{n}` in its texts counting from 1.
 */
function recordsOf(value: unknown): readonly AuditRecord[] {
  if (!Array.isArray(value)) throw new Mistake('has no records; write a list');
  const records: AuditRecord[] = [];
  let time = START - 1000;
  for (const entry of value as readonly unknown[]) {
    const parts = mapOf(entry);
    if (parts === undefined) throw new Mistake('has a record that is no mapping; write its members');
    const { after = '1s', at, repeat = 1, ...members } = Object.fromEntries(parts);
    if (typeof repeat !== 'number' || records.length + repeat > MOST_RECORDS)
      throw new Mistake(`has more than ${MOST_RECORDS} records, or a repeat that is no number; write fewer`);
    for (let n = 1; n <= repeat; n += 1) {
      time = typeof at === 'string' && n === 1 ? Date.parse(at) : time + spanOf(after);
      if (Number.isNaN(time))
        throw new Mistake('has a time that is none; write one such as 2026-03-02T23:00:00Z');
      records.push(recordOf(counted(members, n), time, records.length + 1));
    }
  }
  return records;
}

function spanOf(after: unknown): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smh])$/.exec(String(after)) ?? [];
  const span = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(span)) throw new Mistake('has an "after" that is no time; write one such as 30s or 5m');
  return span;
}

function counted(members: Readonly<Record<string, unknown>>, n: number): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(members).replaceAll('{n}', String(n))) as Record<string, unknown>;
}

function recordOf(members: Readonly<Record<string, unknown>>, time: number, number: number): AuditRecord {
  const { type = members['event'] === undefined ? 'outcome' : 'event', principal } = members;
  const base = { event: {}, attempt: CALL, outcome: OUTCOME }[String(type)];
  if (base === undefined) throw new Mistake('has a type that is none of attempt, outcome, event; write one');
  return {
    ...ALL,
    id: `record-${number}`,
    ...(type !== 'event' && { call: `call-${number}` }),
    ...base,
    ...members,
    ...(principal !== undefined && {
      principal: { ...PRINCIPAL, ...(mapOf(principal) && (principal as object)) },
    }),
    type,
    time: new Date(time).toISOString(),
  } as unknown as AuditRecord;
}
