import type { AlertFacts } from '@sallyport/audit';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/durations.ts';
import type { Notice } from '../../src/triage/notice.ts';
import { Triage } from '../../src/triage/triage.ts';
import { alert, MONDAY, other } from './some-alerts.ts';

const minute = (minutes: number): number => MONDAY + minutes * MINUTE;
const ids = (notices: readonly Notice[]): string[][] =>
  notices.map(({ alerts }) => alerts.map(({ id }) => id));

/** Alerts of so many people at once. */
function crowd(count: number, minutes: number, over: Partial<AlertFacts> = {}): AlertFacts[] {
  return Array.from({ length: count }, (_, n) =>
    alert(minutes, { subject: `subject-${String(n)}`, ...over }),
  );
}

describe('a group', () => {
  test('is told at once with its first alert, and with the others when the window ends', () => {
    const triage = new Triage();
    const [first, second, third] = [alert(0), other(1, 'denials'), other(2, 'loop')];
    const told = triage.take(first);
    expect(told).toMatchObject({ fate: 'told', alert: first });
    expect(told.notices).toEqual([
      { id: first.id, group: expect.stringMatching(/^[0-9a-f]{32}$/), alerts: [first], repeated: 0 },
    ]);
    expect(triage.nextDue).toBeUndefined();
    expect(triage.take(second)).toMatchObject({ fate: 'held', notices: [] });
    expect(triage.take(third)).toMatchObject({ fate: 'held', notices: [] });
    expect(triage.nextDue).toBe(minute(10));
    expect(triage.due(minute(9.9))).toEqual([]);
    const [rest] = triage.due(minute(10));
    expect(rest).toMatchObject({ id: second.id, group: told.notices[0]?.group, alerts: [second, third] });
    expect(triage.nextDue).toBeUndefined();
  });

  test('is one subject at one server; without a subject one rule at one server', () => {
    const { subject: _, ...nobody } = alert(0);
    const alerts = [
      alert(0),
      alert(0, { server: 'crm' }),
      alert(0, { subject: 'bob' }),
      { ...nobody, id: 'nobody' },
      { ...nobody, id: 'nobody by another rule', rule: { id: 'denials', name: 'Denials' } },
    ];
    const triage = new Triage();
    const notices = alerts.flatMap((one) => triage.take(one).notices);
    expect(notices).toHaveLength(5);
    expect(new Set(notices.map(({ group }) => group)).size).toBe(5);
  });

  test('that rises in severity is told at once, with what was held before', () => {
    const triage = new Triage();
    triage.take(alert(0));
    const [held, worse] = [other(1, 'denials'), other(2, 'loop', { severity: 'critical' })];
    triage.take(held);
    expect(ids(triage.take(worse).notices)).toEqual([[held.id, worse.id]]);
    expect(triage.take(other(3, 'first-use', { severity: 'high' })).fate).toBe('held');
  });

  test('that goes on is told once in a window, and one that was quiet for a window at once', () => {
    const triage = new Triage();
    const fates = [0, 4, 12, 40].map((minutes) => triage.take(other(minutes, `rule-${String(minutes)}`)));
    expect(fates.map(({ fate }) => fate)).toEqual(['told', 'held', 'held', 'told']);
    expect(fates.map(({ notices }) => notices.length)).toEqual([1, 0, 1, 2]);
  });

  test('of more than a hundred alerts tells those of the highest severity, and counts the others by rule', () => {
    const triage = new Triage();
    triage.take(alert(0, { severity: 'high' }));
    const many = Array.from({ length: 150 }, (_, n) =>
      other(1, n < 100 ? 'a' : 'b', { target: `target-${String(n)}`, severity: n < 100 ? 'low' : 'high' }),
    );
    for (const one of many) triage.take(one);
    const [notice] = triage.due(minute(10));
    expect(notice?.alerts).toHaveLength(100);
    expect(notice?.alerts.filter(({ severity }) => severity === 'high')).toHaveLength(50);
    expect(notice?.more).toEqual([{ rule: { id: 'a', name: 'The rule a' }, severity: 'low', count: 50 }]);
    expect(triage.status).toMatchObject({ taken: 151, told: 101, counted: 50, waiting: 0 });
  });

  test('keeps an alert also when all groups together hold too many, and counts the others', () => {
    const triage = new Triage({ burst: 1000 });
    const some = crowd(150, 0);
    for (const one of some) triage.take(one);
    for (const one of some)
      for (let n = 0; n < 90; n += 1) triage.take({ ...one, target: `target-${String(n)}` });
    expect(JSON.stringify(triage.save()).match(/"target-\d+"/g)).toHaveLength(10_000 + 150 - 112);
    const notices = triage.due(minute(10));
    expect(notices).toHaveLength(150);
    expect(triage.status).toMatchObject({ taken: 150 * 91, waiting: 0 });
    expect(triage.status.told + triage.status.counted).toBe(150 * 91);
  });

  test('makes room for a new one when there are too many: what it holds is told before', () => {
    const triage = new Triage({ maxGroups: 2 });
    triage.take(alert(0));
    const held = other(1, 'denials');
    triage.take(held);
    triage.take(alert(1, { subject: 'bob' }));
    const carol = alert(2, { subject: 'carol' });
    expect(ids(triage.take(carol).notices)).toEqual([[held.id], [carol.id]]);
    expect(triage.status).toMatchObject({ groups: 2, waiting: 0, told: 4 });
  });
});

describe('the same again', () => {
  test('within an hour is only counted, and the next notice of its group says how often', () => {
    const triage = new Triage();
    triage.take(alert(0));
    for (const minutes of [1, 20, 59.9])
      expect(triage.take(alert(minutes))).toMatchObject({ fate: 'repeated', notices: [] });
    expect(triage.take(alert(60))).toMatchObject({ fate: 'told', notices: [{ repeated: 3 }] });
    expect(triage.status).toMatchObject({ taken: 5, told: 2, repeated: 3, notices: 2 });
  });

  test('is another one for another target, and for a higher severity', () => {
    const triage = new Triage();
    triage.take(alert(0));
    expect(triage.take(alert(1, { target: 'read_file' })).fate).toBe('held');
    expect(triage.take(alert(2, { severity: 'high' })).fate).toBe('told');
    expect(triage.take(alert(3, { severity: 'medium' })).fate).toBe('repeated');
  });
});

describe('severity', () => {
  test('is that of the first pattern that agrees with the id or the name of the rule', () => {
    const triage = new Triage({ severities: { 'call-*': 'low', 'unusual*': 'critical', '*': 'high' } });
    expect(triage.take(alert(0)).alert.severity).toBe('low');
    expect(triage.take(alert(0, { rule: { id: 'x', name: 'Unusual hour' } })).alert.severity).toBe(
      'critical',
    );
    expect(triage.take(other(0, 'y')).alert.severity).toBe('high');
  });

  test('below the least is not told, but counted', () => {
    const triage = new Triage({ least: 'high' });
    expect(triage.take(alert(0))).toMatchObject({ fate: 'below', notices: [] });
    expect(triage.take(other(1, 'denials', { severity: 'high' })).fate).toBe('told');
    expect(triage.status).toMatchObject({ below: 1, told: 1 });
  });
});

describe('a flood of groups', () => {
  test('is folded: sixty notices an hour, a quarter of them for high and critical, and one for the rest', () => {
    const triage = new Triage();
    const told = crowd(1000, 0).flatMap((one) => triage.take(one).notices);
    expect(told).toHaveLength(45);
    const high = crowd(30, 1, { severity: 'high', server: 'crm' }).map((one) => triage.take(one));
    expect(high.filter(({ fate }) => fate === 'told')).toHaveLength(15);
    expect(triage.nextDue).toBe(minute(10));
    const [fold, ...none] = triage.due(minute(10));
    expect(none).toEqual([]);
    expect(fold?.group).toBe('0'.repeat(32));
    expect(fold?.alerts.filter(({ severity }) => severity === 'high')).toHaveLength(15);
    expect(fold?.alerts).toHaveLength(20);
    expect(fold?.more).toEqual([
      { rule: { id: 'call-rate', name: 'Unusual rate of calls' }, severity: 'medium', count: 950 },
    ]);
    expect(triage.status).toMatchObject({ taken: 1030, told: 80, counted: 950, waiting: 0, notices: 61 });
  });

  test('ends with the hour', () => {
    const triage = new Triage({ burst: 4 });
    for (const one of crowd(10, 0)) triage.take(one);
    expect(triage.take(alert(59, { subject: 'zoe' })).fate).toBe('held');
    expect(triage.take(alert(61, { subject: 'zack' })).fate).toBe('told');
  });
});

describe('a clock', () => {
  test('that is set back by more than a window ends all windows, and nothing waits for ever', () => {
    const triage = new Triage();
    triage.take(alert(600));
    const held = other(601, 'denials');
    triage.take(held);
    expect(ids(triage.due(minute(0)))).toEqual([[held.id]]);
    const again = alert(20);
    expect(ids(triage.take(again).notices)).toEqual([[again.id]]);
  });

  test('that is a little behind goes on, and a time that is none changes nothing', () => {
    const triage = new Triage();
    triage.take(alert(5));
    triage.take(other(6, 'denials'));
    expect(triage.due(minute(4))).toEqual([]);
    expect(triage.due(Number.NaN)).toEqual([]);
    expect(triage.take({ ...other(7, 'loop'), time: 'yesterday' }).fate).toBe('held');
    expect(triage.nextDue).toBe(minute(15));
  });

  test('of arrival can be given instead of that of the alert', () => {
    const triage = new Triage();
    expect(triage.take(alert(0), minute(600)).fate).toBe('told');
    expect(triage.take(other(1, 'denials'), minute(609)).fate).toBe('held');
    expect(triage.nextDue).toBe(minute(610));
  });
});

test.each([
  [{ groupMs: 0 }, /groupMs must be a number over 0/],
  [{ repeatMs: Number.NaN }, /repeatMs must be/],
  [{ burst: -1 }, /burst must be/],
  [{ least: 'hi' }, /least must be one of low, medium, high, critical/],
  [{ severities: { 'a*': 'hi' } }, /severities\["a\*"\] must be one of/],
  [{ suppress: {} }, /suppress is a list/],
  [{ repeatms: HOUR }, /has no "repeatms"; write one of/],
] as const)('an option that cannot be used is refused with what to write: %j', (options, message) => {
  expect(() => new Triage(options as never)).toThrow(message);
});
