import { describe, expect, test } from 'vitest';
import { suppressionTest } from '../../src/triage/suppression.ts';
import { Triage } from '../../src/triage/triage.ts';
import { weeklyTest, type WeeklyWindow } from '../../src/triage/weekly-window.ts';
import { alert, at } from './some-alerts.ts';

describe('a suppression', () => {
  test('keeps back what agrees with all of it, and says why', () => {
    const triage = new Triage({ suppress: [{ rule: 'call-*', subject: 'ali*', reason: 'load test' }] });
    expect(triage.take(alert(0))).toMatchObject({ fate: 'suppressed', reason: 'load test', notices: [] });
    expect(triage.take(alert(0, { subject: 'bob' })).fate).toBe('told');
    expect(triage.status).toMatchObject({ suppressed: 1, told: 1 });
  });

  test('knows a rule by its id or its name, and an alert without a subject by no subject', () => {
    const agrees = suppressionTest({ rule: 'unusual *', reason: 'x' }, 'suppress[0]');
    expect(agrees(alert(0))).toBe(true);
    const { subject: _, ...nobody } = alert(0);
    expect(suppressionTest({ subject: '*', reason: 'x' }, 'suppress[0]')(nobody)).toBe(false);
  });

  test('begins with `from` and ends before `until`, by the time of the alert', () => {
    const window = { server: 'files', from: at(10), until: '2026-01-05T09:20:00+01:00', reason: 'x' };
    const agrees = suppressionTest(window, 'suppress[0]');
    expect([9.9, 10, 19.9, 20].map((minutes) => agrees(alert(minutes)))).toEqual([false, true, true, false]);
    expect(agrees({ ...alert(15), time: 'yesterday' })).toBe(false);
  });

  test.each([
    [{ rule: 'a' }, /suppress\[0\]\.reason must say why/],
    [{ reason: 'x' }, /would suppress everything for ever/],
    [{ rule: '', reason: 'x' }, /suppress\[0\]\.rule/],
    [{ rule: 'a', until: 'tomorrow', reason: 'x' }, /until must be a time with its zone/],
    [{ rule: 'a', from: '2026-01-01T00:00:00', reason: 'x' }, /from must be a time with its zone/],
    [{ rule: 'a', from: at(1), until: at(1), reason: 'x' }, /until must be after its from/],
    [{ rules: 'a', reason: 'x' }, /has no "rules"/],
    [{ weekly: { from: '22:00', to: '24:00' }, reason: 'x' }, /weekly\.to must be a time of day/],
    [{ weekly: { days: [], from: '22:00', to: '23:00' }, reason: 'x' }, /weekly\.days must be/],
    [{ weekly: { days: ['monday'], from: '22:00', to: '23:00' }, reason: 'x' }, /weekly\.days must be/],
    [{ weekly: { from: '22:00', to: '23:00', zone: 'Vienna' }, reason: 'x' }, /weekly\.zone must be/],
  ])('that cannot be used is refused with what to write: %j', (suppression, message) => {
    expect(() => suppressionTest(suppression as never, 'suppress[0]')).toThrow(message);
  });
});

describe('a weekly window', () => {
  const inside = (window: WeeklyWindow, ...times: string[]): boolean[] => {
    const test = weeklyTest(window, 'weekly');
    return times.map((time) => test(Date.parse(time)));
  };

  test('is on its days, from one time to another', () => {
    const window = { days: ['mon'], from: '08:30', to: '09:00' } as const;
    expect(inside(window, '2026-01-05T08:29:59Z', '2026-01-05T08:30:00Z', '2026-01-05T09:00:00Z')).toEqual([
      false,
      true,
      false,
    ]);
    expect(inside(window, '2026-01-06T08:45:00Z')).toEqual([false]);
  });

  test('goes over midnight into the next day, also from Sunday to Monday', () => {
    const window = { days: ['sun'], from: '22:00', to: '06:00' } as const;
    expect(inside(window, '2026-01-04T21:59:00Z', '2026-01-04T22:00:00Z', '2026-01-05T05:59:00Z')).toEqual([
      false,
      true,
      true,
    ]);
    expect(inside(window, '2026-01-05T06:00:00Z', '2026-01-05T23:00:00Z', '2026-01-04T01:00:00Z')).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('is a whole day where both times are the same, and on every day where none is named', () => {
    const day = { days: ['mon'], from: '08:00', to: '08:00' } as const;
    expect(inside(day, '2026-01-05T07:59:00Z', '2026-01-05T08:00:00Z', '2026-01-06T07:59:00Z')).toEqual([
      false,
      true,
      true,
    ]);
    expect(inside({ from: '08:00', to: '09:00' }, '2026-01-07T08:30:00Z')).toEqual([true]);
  });

  test('follows the clocks of its zone, summer time included', () => {
    const window = { days: ['fri'], from: '18:00', to: '19:00', zone: 'Europe/Vienna' } as const;
    expect(inside(window, '2026-01-09T17:30:00Z', '2026-07-10T16:30:00Z', '2026-07-10T17:30:00Z')).toEqual([
      true,
      true,
      false,
    ]);
  });
});
