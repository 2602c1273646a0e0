import { expect, test } from 'vitest';
import { type Restriction, restrictionsDiff, stillStanding } from '@sallyport/anomaly';
import { MINUTE, START } from './response-bench.ts';

const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const one = (id: string, until: number): Restriction => ({
  id,
  kind: 'quarantine',
  of: { subject: id },
  since: at(0),
  until: at(until),
});

const told = (previous: readonly Restriction[], current: readonly Restriction[], minutes: number): string[] =>
  restrictionsDiff(previous, current, START + minutes * MINUTE).map(
    ({ change, restriction }) => `${restriction.id} ${change} ${restriction.until}`,
  );

test('what began, was prolonged, was lifted and ended is told as that', () => {
  const before = [one('SAME', 60), one('MORE', 60), one('LESS', 60), one('GONE', 60), one('OVER', 5)];
  const after = [one('SAME', 60), one('MORE', 90), one('LESS', 30), one('FRESH', 60)];
  expect(told(before, after, 10)).toEqual([
    `MORE prolonged ${at(90)}`,
    `LESS shortened ${at(30)}`,
    `GONE lifted ${at(60)}`,
    `OVER ended ${at(5)}`,
    `FRESH began ${at(60)}`,
  ]);
});

test('what is over and still stands in the file has ended, once', () => {
  const all = [one('OVER', 5)];
  expect(told(all, all, 5)).toEqual([`OVER ended ${at(5)}`]);
  const next = stillStanding(all, START + 5 * MINUTE);
  expect(next).toEqual([]);
  expect(told(next, all, 6)).toEqual([]);
});

test('nothing is told where nothing changed', () => {
  expect(told([one('SAME', 60)], [one('SAME', 60)], 59)).toEqual([]);
});
