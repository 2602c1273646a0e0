import type { AuditRecord } from '@sallyport/audit';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/durations.ts';
import { type DetectorId, Watch, type WatchOptions } from '../src/index.ts';
import { by, call, MONDAY, ordinaryWeeks, refused } from './some-records.ts';

const LATER = MONDAY + 21 * DAY;
/** Many do ordinary work, so that few means something. */
const PEOPLE = ['alice', ...Array.from({ length: 11 }, (_, n) => `person-${String(n)}`)];
const WEEKS = ordinaryWeeks(3, PEOPLE);

/** Which detectors tell of something that follows three ordinary weeks. */
function told(records: readonly AuditRecord[], options?: WatchOptions): DetectorId[] {
  const watch = new Watch(options);
  for (const record of WEEKS) watch.observe(record);
  return [...new Set(records.flatMap((record) => watch.observe(record)).map(({ rule }) => rule.id))];
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

describe('is told', () => {
  const cases: Readonly<Record<DetectorId, AuditRecord[]>> = {
    'argument-shape': [call(LATER, { executed: { sha256: 'e'.repeat(64), bytes: 200_000 } })],
    'authentication-failures': times(60, (n) => ({
      ...refused(LATER + n * 1000, 'unauthenticated'),
      principal: { subject: 'anonymous', roles: [], method: 'none' },
    })),
    'bytes-out': times(30, (n) => call(LATER + n * 5000, { result: { sha256: '', bytes: 200_000 } })),
    'call-rate': times(200, (n) => call(LATER + n * 250)),
    denials: times(30, (n) => refused(LATER + n * 1000, 'permission_denied', 'one')),
    enumeration: times(15, (n) => refused(LATER + n * 1000, 'permission_denied', `hidden-${String(n)}`)),
    'error-rate': times(200, (n) => [
      call(LATER + n * 5000, { status: 'error' }),
      call(LATER + n * 5000 + 1, by('person-0')),
    ]).flat(),
    'first-use': [call(LATER, { target: 'grant_role' })],
    'large-transfer': [call(LATER, { result: { sha256: '', bytes: 20_000_000 } })],
    'read-then-send': [
      call(LATER, { target: 'get_customer' }),
      call(LATER + 30_000, { target: 'send_email' }),
    ],
    'run-away-loop': times(120, (n) =>
      call(LATER + n * 2000, { executed: { sha256: 'f'.repeat(64), bytes: 90 } }),
    ),
    'server-errors': times(300, (n) =>
      call(LATER + n * 2000, { ...by(PEOPLE[n % 12] ?? ''), status: 'error' }),
    ),
    'token-reuse': times(20, (n) => call(LATER + n * 20_000, by('alice', n % 2 === 0 ? 'ide' : 'cli'))),
    'unusual-hour': [
      call(LATER + 2 * DAY, { target: 'delete_record' }),
      call(LATER + 2 * DAY + 18 * HOUR, { target: 'delete_record' }),
    ],
    'validation-failures': times(40, (n) => refused(LATER + n * 1000, 'invalid_params', 'read_page')),
  };

  test.for(Object.entries(cases) as [DetectorId, AuditRecord[]][])('%s', ([id, records]) => {
    expect(told(records)).toContain(id);
    expect(told(records, { detectors: { [id]: { on: false } } })).not.toContain(id);
  });
});

describe('is not told', () => {
  test('what somebody new does as everybody does', () => {
    const newcomer = WEEKS.filter(({ principal }) => principal.subject === 'person-3').map((record) => ({
      ...record,
      time: new Date(Date.parse(record.time) + 21 * DAY).toISOString(),
      principal: { ...record.principal, subject: 'newcomer' },
    }));
    expect(told(newcomer)).toEqual([]);
  });

  test('a job that asks every few seconds, as it always did', () => {
    const polls = times(25 * 24, (hour) =>
      times(80, (n) =>
        call(MONDAY + hour * HOUR + n * 5000, {
          ...by('job', 'cron'),
          executed: { sha256: 'd'.repeat(64), bytes: 50 },
        }),
      ),
    ).flat();
    const watch = new Watch();
    expect(polls.flatMap((record) => watch.observe(record))).toEqual([]);
  });

  test('an error of somebody while the server fails for all, but that it fails', () => {
    const failing = times(600, (n) =>
      call(LATER + n * 1000, { ...by(PEOPLE[n % 12] ?? ''), status: 'error' }),
    );
    const ids = told(failing);
    expect(ids).toContain('server-errors');
    expect(ids).not.toContain('error-rate');
  });

  test('a change to another client without a way back', () => {
    expect(
      told(times(20, (n) => call(LATER + n * MINUTE, by('person-1', n < 3 ? 'ide' : 'other')))),
    ).not.toContain('token-reuse');
  });

  test('what is asked of the client, and what notifies', () => {
    expect(told(times(500, (n) => call(LATER + n * 100, { direction: 'outbound' })))).toEqual([]);
    expect(told(times(500, (n) => call(LATER + n * 100, { kind: 'notification' })))).toEqual([]);
  });

  test('work an hour earlier, as after a change of the clocks', () => {
    expect(told(times(30, (n) => call(LATER - HOUR + n * 5 * MINUTE)))).toEqual([]);
  });
});

test('activity around the clock is told, and that of who is always there is not', () => {
  const watch = new Watch();
  const titles: string[] = [];
  const always = times(28 * 24, (hour) => call(MONDAY + hour * HOUR, by('robot')));
  const drip = times(24, (hour) => call(LATER + 16 * HOUR + hour * HOUR));
  for (const record of [...WEEKS, ...always, ...drip].toSorted((a, b) => (a.time < b.time ? -1 : 1)))
    titles.push(
      ...watch.observe(record).map(({ subject, rule, title }) => `${subject ?? ''} ${rule.id}: ${title}`),
    );
  expect(titles).toEqual([expect.stringMatching(/^alice unusual-hour: Activity in .* hours of a day/)]);
});

describe('a baseline', () => {
  test('cannot be pulled up by a tenth a day', () => {
    const watch = new Watch();
    const ids: DetectorId[] = [];
    for (const record of WEEKS) watch.observe(record);
    for (let day = 0; day < 40; day++) {
      const count = Math.round(32 * 1.1 ** day);
      for (let n = 0; n < count; n++) {
        const record = call(LATER + day * DAY + Math.floor((n * 8 * HOUR) / count));
        ids.push(...watch.observe(record).map(({ rule }) => rule.id));
      }
    }
    expect(ids).toContain('call-rate');
  });

  test('does not learn what it told', () => {
    const watch = new Watch();
    const burst = (day: number): AuditRecord[] => times(400, (n) => call(LATER + day * DAY + n * 100));
    for (const record of WEEKS) watch.observe(record);
    for (let day = 0; day < 5; day++) {
      const ids = burst(day)
        .flatMap((record) => watch.observe(record))
        .map(({ rule }) => rule.id);
      expect(ids).toContain('call-rate');
    }
  });
});
