import type { AuditRecord, JournalLine } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditStats } from '../../src/audit/audit-stats.ts';
import { Latency } from '../../src/audit/latency.ts';
import { statsJson, statsText } from '../../src/audit/stats-report.ts';
import { Tally } from '../../src/audit/tally.ts';
import { Timeline } from '../../src/audit/timeline.ts';
import { at, attempt, event, outcome } from './journal-bench.ts';

const HOUR = 3_600_000;

function line(record: AuditRecord): JournalLine {
  const time = Date.parse(record.time);
  return { kind: 'record', journal: '.', sequence: 0, time, json: JSON.stringify(record), record };
}

describe('a tally', () => {
  test('counts names, the most frequent first', () => {
    const tally = new Tally();
    for (const name of ['b', 'a', 'b', 'c']) tally.add(name);
    expect(tally.sorted()).toEqual([
      { name: 'b', count: 2 },
      { name: 'a', count: 1 },
      { name: 'c', count: 1 },
    ]);
    expect(tally.others).toBe(0);
  });

  test('keeps no more names than its limit, and counts all', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 5 }), (names, most) => {
        const tally = new Tally(most);
        for (const name of names) tally.add(name);
        const counted = tally.sorted().reduce((sum, { count }) => sum + count, tally.others);
        expect(counted).toBe(names.length);
        expect(tally.sorted().length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('a histogram of durations', () => {
  test('tells quantiles within one per cent, and the maximum exactly', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, part) => {
        const latency = new Latency();
        for (const ms of all) latency.add(ms);
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(part * all.length) - 1] ?? 0;
        const told = latency.quantile(part);
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(0.0101 * exact + 0.001);
        expect(latency.max).toBe(Math.max(...all));
        expect(latency.count).toBe(all.length);
      }),
    );
  });

  test('tells whole milliseconds exactly, as long as they are few', () => {
    const latency = new Latency();
    for (let ms = 1; ms <= 200; ms += 1) latency.add(ms);
    expect([0.5, 0.9, 0.99, 1].map((part) => latency.quantile(part))).toEqual([100, 180, 198, 200]);
  });

  test('takes a clock that went back for nothing', () => {
    const latency = new Latency();
    latency.add(-5);
    expect(latency.quantile(0.99)).toBe(0);
  });
});

describe('a timeline', () => {
  test('shows hours as blocks, and a space where nothing happened', () => {
    const timeline = new Timeline();
    for (const [hour, count] of [1, 8, 0, 4].entries())
      for (let n = 0; n < count; n += 1) timeline.add(hour * HOUR + n);
    expect(timeline.chart()).toEqual({ blocks: '▁█ ▄', hours: 1, most: 8 });
    expect(timeline.bars().map(({ count }) => count)).toEqual([1, 8, 4]);
  });

  test('is never wider than a terminal', () => {
    const timeline = new Timeline();
    for (let hour = 0; hour < 500; hour += 1) timeline.add(hour * HOUR);
    const chart = timeline.chart();
    expect(chart?.blocks.length).toBeLessThanOrEqual(48);
    expect(chart?.hours).toBe(11);
    expect(new Timeline().chart()).toBeUndefined();
  });

  test('keeps no more counts than its limit, and counts all, whatever times there are', () => {
    const times = fc.array(fc.integer({ min: -8.64e15, max: 8.64e15 }));
    fc.assert(
      fc.property(times, (all) => {
        const timeline = new Timeline(4);
        for (const time of all) timeline.add(time);
        expect(timeline.bars().length).toBeLessThanOrEqual(4);
        expect(timeline.bars().reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(timeline.chart()?.blocks.length ?? 0).toBeLessThanOrEqual(48);
      }),
    );
  });
});

describe('the statistics of a journal', () => {
  const redacted = [{ direction: 'results', entity: 'EMAIL', operator: 'token', count: 3 }] as const;
  const deny = { status: 'refused', refusal: 'permission_denied', decision: { effect: 'deny' } } as const;
  const all: AuditRecord[] = [
    event('e1', 'start', at('09:00:00')),
    attempt('a1', at('10:00:00')),
    outcome('r1', { ...at('10:00:01'), redacted, durationMs: 10 }),
    outcome('r2', { ...at('10:30:00'), redacted, durationMs: 30 }),
    outcome('r3', { ...at('12:00:00'), ...deny, target: 'evil\u001b[2J' }),
  ];
  const stats = new AuditStats();
  for (const record of all) stats.add(line(record));

  test('count calls once, by their outcome', () => {
    expect(statsJson(stats)).toMatchObject({
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-01T12:00:00.000Z',
      records: { names: [{ name: 'outcome', count: 3 }, { name: 'attempt' }, { name: 'event' }] },
      statuses: {
        names: [
          { name: 'ok', count: 2 },
          { name: 'refused', count: 1 },
        ],
      },
      decisions: { names: [{ name: 'permit', count: 2 }, { name: 'deny' }] },
      tools: { names: [{ name: 'files/read_file', count: 2 }, { count: 1 }] },
      principals: { names: [{ name: 'alice', count: 3 }] },
      rules: { names: [{ name: 'readers read', count: 2 }] },
      codes: { names: [{ name: 'permission_denied', count: 1 }] },
      events: { names: [{ name: 'start', count: 1 }] },
      redacted: { names: [{ name: 'EMAIL', count: 6 }] },
      latencyMs: [{ tool: 'files/read_file', calls: 2, p50: 10, p90: 30, p99: 30, max: 30 }, {}],
      timeline: { hours: 1, counts: [{ count: 1 }, { count: 3 }, { count: 1 }] },
    });
  });

  test('are a page for people, which moves no cursor', () => {
    const text = statsText(stats);
    expect(text).toContain('▃█ ▃');
    expect(text).toContain('2  files/read_file');
    expect(text).toContain('files/evil␛001b[2J');
    expect(statsText(new AuditStats())).toBe('No record.');
  });

  test('take a record for what it is, also when its members are not what they should be', () => {
    const strange = new AuditStats();
    for (const value of [null, 7, 'x', [null], { a: 1 }])
      strange.add(
        line({
          ...outcome('r'),
          principal: value,
          redacted: value,
          durationMs: value,
        } as unknown as AuditRecord),
      );
    expect(statsJson(strange)).toMatchObject({ records: { names: [{ name: 'outcome', count: 5 }] } });
  });
});
