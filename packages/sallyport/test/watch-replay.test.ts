import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Triage } from '@sallyport/anomaly';
import type { AuditRecord } from '@sallyport/audit';
import { Chance } from '../../anomaly/test/office/chance.ts';
import { recordOf } from '../../anomaly/test/office/made-call.ts';
import { BEGIN, Office } from '../../anomaly/test/office/office.ts';
import { SCENARIOS } from '../../anomaly/test/office/scenarios.ts';
import { replay, type ReplayOptions } from '../src/watch/replay/replay.ts';
import { JournalBench, withoutColours } from './audit/journal-bench.ts';

const DAY = 86_400_000;
const DAYS = 22;
/** No rule at all: what detectors tell is the question here. */
const NO_RULES: readonly string[] = [];

interface Told {
  readonly records: number;
  readonly learned: number;
  readonly from: string;
  readonly to: string;
  readonly principalDays: number;
  readonly alerts: { readonly total: number; readonly per1000PrincipalDays: number };
  readonly triage?: {
    readonly notices: number;
    readonly restricted: number;
    readonly fates: Readonly<Record<string, number>>;
  };
  readonly rules: readonly { readonly id: string; readonly alerts: number }[];
  readonly days: { readonly counts: readonly Readonly<Record<string, number>>[] };
  readonly list: readonly {
    readonly time: string;
    readonly rule: { readonly id: string };
    readonly subject?: string;
  }[];
}

let bench: JournalBench;
let records: readonly AuditRecord[];
/** Whose account it is that a large export is made with. */
let victim: string | undefined;
let out: string;
let err: string;

async function write(folder: string, all: readonly AuditRecord[]): Promise<string> {
  mkdirSync(bench.path(folder), { recursive: true });
  const journal = await bench.open(folder, {
    now: () => BEGIN,
    clockStepMs: 1e15,
    segmentBytes: 4 * 1024 * 1024,
  });
  await Promise.all(all.map((record) => journal.append(record, { durable: false })));
  await journal.close();
  return bench.path(folder);
}

/** Twelve days of an office, with one result that is far too large on the last of them. */
beforeAll(async () => {
  bench = new JournalBench();
  const office = new Office(3, DAYS);
  const scenario = SCENARIOS.find(({ name }) => name === 'large export');
  const start = BEGIN + (scenario?.from ?? 0) * DAY;
  const attack = scenario?.make(office, new Chance(7), start);
  victim = attack?.subject;
  records = [...office.days.slice(10).flat(), ...(attack?.calls ?? [])]
    .toSorted((a, b) => a.time - b.time)
    .map((call, number) => recordOf(call, number));
  await write('one', records);
});
afterAll(() => bench.dispose());

beforeEach(() => {
  out = err = '';
  const take =
    (add: (text: string) => void) =>
    (text: unknown, ...rest: unknown[]): boolean => {
      add(String(text));
      for (const done of rest) if (typeof done === 'function') (done as () => void)();
      return true;
    };
  vi.spyOn(process.stdout, 'write').mockImplementation(take((text) => (out += text)));
  vi.spyOn(process.stderr, 'write').mockImplementation(take((text) => (err += text)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

type Given = Omit<Partial<ReplayOptions>, 'rules'> & { readonly rules?: readonly string[] | undefined };

function optionsOf({ rules, ...options }: Given): ReplayOptions {
  return { folder: bench.path('one'), ...options, ...(rules !== undefined && { rules }) };
}

async function told(options: Given = {}): Promise<Told> {
  out = '';
  const given = optionsOf({ rules: NO_RULES, json: true, ...options });
  expect(await replay(given), err).toBe(0);
  return JSON.parse(out) as Told;
}

/** What is told of all of it, without rules. */
let plain: Promise<Told> | undefined;
const toldOfAll = (): Promise<Told> => (plain ??= told());

describe('a replay', () => {
  test('finds what was odd in a journal, and counts all that it read', async () => {
    const { records: read, alerts, principalDays, days, list, rules, from, to } = await toldOfAll();
    expect(read).toBe(records.length);
    expect([from, to]).toEqual([records[0]?.time, records.at(-1)?.time]);
    expect(days.counts.reduce((sum, day) => sum + (day['calls'] ?? 0), 0)).toBe(records.length);
    expect(list.find(({ rule }) => rule.id === 'large-transfer')?.subject).toBe(victim);
    expect(list).toHaveLength(alerts.total);
    expect(rules.reduce((sum, rule) => sum + rule.alerts, 0)).toBe(alerts.total);
    expect(alerts.per1000PrincipalDays).toBeCloseTo((alerts.total * 1000) / principalDays);
  });

  test('learns from the beginning, and reports no more than the time that is asked for', async () => {
    const since = new Date(BEGIN + 21 * DAY).toISOString().slice(0, 10);
    const { records: read, learned, list } = await told({ since });
    expect(learned).toBe(records.filter(({ time }) => time < since).length);
    expect(read + learned).toBe(records.length);
    expect(list.map(({ rule }) => rule.id)).toContain('large-transfer');
    for (const { time } of list) expect(time >= since).toBe(true);
    const before = await told({ until: new Date(BEGIN + 20 * DAY).toISOString().slice(0, 10) });
    expect(before.list.map(({ rule }) => rule.id)).not.toContain('large-transfer');
    expect(before.to < since).toBe(true);
  });

  test('tells the same of one journal and of several with the same records', async () => {
    await write(
      'two/a',
      records.filter((_, n) => n % 3 === 0),
    );
    await write(
      'two/b',
      records.filter((_, n) => n % 3 !== 0),
    );
    expect(await told({ folder: bench.path('two') })).toEqual(await toldOfAll());
  });

  test('asks rules too: those that are named, in place of those that ship', async () => {
    const rule = bench.path('rule.yaml');
    const text = `title: A very large result
id: 5a1f6b0e-3d0c-4a52-9a2e-1d5f0c7b8a90
logsource: { product: sallyport, service: audit }
detection: { selection: { result.bytes|gte: 5000000 }, condition: selection }
level: critical
`;
    writeFileSync(rule, text);
    const { rules } = await told({ rules: [rule] });
    expect(rules[0]).toMatchObject({
      id: '5a1f6b0e-3d0c-4a52-9a2e-1d5f0c7b8a90',
      severity: 'critical',
      method: 'rule',
    });
  });

  test('says what a triage would have left', async () => {
    const suppress = [{ rule: 'large-transfer', reason: 'announced' }];
    const { triage: left, alerts, rules } = await told({ triage: new Triage({ suppress }) });
    const fates = Object.values(left?.fates ?? {}).reduce((sum, count) => sum + count, 0);
    expect(fates).toBe(alerts.total);
    expect(left?.fates['suppressed']).toBe(rules.find(({ id }) => id === 'large-transfer')?.alerts);
    expect(left?.notices).toBeLessThan(alerts.total);
    expect((await told({ triage: new Triage() })).triage?.notices).toBeGreaterThan(0);
  });

  test('does as a policy says: what it allows is not there, and what it restricts is counted', async () => {
    bench.file(
      'sallyport.yaml',
      `version: 1
authorization: { rules: 'p, role:nurse, *, tool:*, call, , allow' }
audit: { journal: ./one }
alerts:
  rules: []
  allow: [{ detector: large-transfer, reason: announced }]
  responses: [{ severity: low, quarantine: subject }]
`,
    );
    const {
      list,
      triage: left,
      alerts,
    } = await told({ policy: bench.path('sallyport.yaml'), rules: undefined });
    expect(list.map(({ rule }) => rule.id)).not.toContain('large-transfer');
    expect(alerts.total).toBeGreaterThan(0);
    expect(left?.restricted).toBeGreaterThan(0);
  });

  test('prints a table and a chart, and draws one that its owner alone can read', async () => {
    const chart = bench.path('chart.svg');
    expect(await replay({ folder: bench.path('one'), rules: NO_RULES, chart })).toBe(0);
    const shown = withoutColours(out);
    expect(shown).toMatch(/^\d+ alerts? by /);
    expect(shown).toContain('Calls per ');
    expect(shown).toContain(`large-transfer, ${victim} on office: One result of`);
    expect(shown).toContain(`The chart is in ${chart}.`);
    expect(readFileSync(chart, 'utf8')).toMatch(/^<svg [\s\S]*Unusually large result[\s\S]*<\/svg>\n$/);
    expect(statSync(chart).mode & 0o777).toBe(0o600);
  });
});

describe('a replay of what cannot be replayed', () => {
  test('says that there is nothing, with the records before the time that was asked for', async () => {
    await write('empty', []);
    expect(await replay({ folder: bench.path('empty'), rules: NO_RULES })).toBe(0);
    expect(out).toBe('Nothing to replay: there is no record.\n');
    out = '';
    await write('old', records.slice(0, 3));
    expect(await replay({ folder: bench.path('old'), rules: NO_RULES, since: '2026-06-01' })).toBe(0);
    expect(out).toBe('Nothing to replay: there is no record in this time, and 3 records before it.\n');
  });

  test.each([
    ['a folder that is not there', { folder: 'none' }, /there is no such folder/],
    ['a time that is none', { since: 'yesterday' }, /--since takes a time/],
    ['a time that ends before it begins', { since: '2026-02-01', until: '2026-01-01' }, /later than --until/],
    ['rules that are not there', { rules: ['/none/rules'] }, /is not there/],
    ['a policy that is not there', { policy: '/none/sallyport.yaml', rules: undefined }, /cannot be read/],
    ['a policy and rules', { policy: 'sallyport.yaml' }, /leave out --rules/],
    ['a chart that cannot be written', { chart: '/none/chart.svg' }, /cannot be written/],
  ])('ends with 2 for %s', async (_, options, message) => {
    expect(await replay(optionsOf({ folder: bench.path('old'), rules: NO_RULES, ...options }))).toBe(2);
    expect(err).toMatch(message);
  });
});
