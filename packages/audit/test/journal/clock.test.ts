import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClockWatch } from '../../src/journal/clock-watch.ts';
import type { JournalEvent } from '../../src/journal/journal-options.ts';
import { verify } from '../../src/journal/verify.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, record } from './support.ts';

const START = Date.parse('2026-06-01T00:00:00Z');
const HOUR = 3_600_000;

let bench: Bench;
let wall: number;
let steady: number;
const clock = { now: () => wall, monotonic: () => steady };
beforeEach(() => {
  bench = new Bench();
  [wall, steady] = [START, 500];
});
afterEach(() => bench.dispose());

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((turn) => setTimeout(turn, 2));
};
const steps = (): number[] =>
  bench.events.flatMap((event) => (event.type === 'clock_stepped' ? [event.ms] : []));

test('a step of the wall clock is told, back and forward, by how much, and once', async () => {
  const journal = await bench.open(clock);
  await journal.append(record('a'), { durable: true });
  wall += 5000;
  await journal.append(record('b'), { durable: true });
  wall -= HOUR;
  await journal.append(record('c'), { durable: true });
  await journal.append(record('d'), { durable: true });
  await journal.close();
  expect(steps()).toEqual([5000, -HOUR]);
});

test('an idle journal tells of a step too', async () => {
  const journal = await bench.open({ ...clock, checkpointMs: 5 });
  wall -= 10_000;
  await until(() => steps().length > 0);
  expect(steps()).toEqual([-10_000]);
  await journal.close();
});

test('time that passes is no step, nor is one that is small enough', async () => {
  const journal = await bench.open({ ...clock, clockStepMs: 3000 });
  for (const id of ids(5)) {
    [wall, steady] = [wall + HOUR + 3000, steady + HOUR];
    await journal.append(record(id), { durable: true });
  }
  await journal.close();
  expect(steps()).toEqual([]);
});

test('records keep the order of their appends although the clock goes back with each one', async () => {
  const journal = await bench.open(clock);
  for (const id of ids(20)) {
    wall -= HOUR;
    await journal.append(record(id), { durable: true });
  }
  await journal.close();
  expect(await readIds(bench.folder)).toEqual(['#open', ...ids(20)]);
  expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 21 });
});

test('a segment becomes old by the time that passes, wherever the wall clock is set', async () => {
  const journal = await bench.open({ ...clock, segmentAgeMs: HOUR });
  wall += 24 * HOUR;
  await journal.append(record('a'), { durable: true });
  await journal.append(record('b'), { durable: true });
  expect(bench.files('.journal')).toHaveLength(1);
  wall -= 48 * HOUR;
  steady += HOUR;
  await journal.append(record('c'), { durable: true });
  await journal.append(record('d'), { durable: true });
  await journal.close();
  expect(bench.files('.journal')).toHaveLength(2);
});

test('a segment of an earlier process goes on ageing, and one from the future is as new', async () => {
  const options = { ...clock, segmentAgeMs: HOUR };
  await bench.write(['a'], options);
  [wall, steady] = [wall - 24 * HOUR, 3];
  await bench.write(['b', 'c'], options);
  expect(bench.files('.journal')).toHaveLength(1);
  [wall, steady] = [START + HOUR, 3];
  await bench.write(['d', 'e'], options);
  expect(bench.files('.journal')).toHaveLength(2);
});

test('a clock that is set forward does not make old what was written a moment ago', async () => {
  const now = Date.now();
  wall = now;
  const journal = await bench.open({ ...clock, segmentBytes: 2000, keepMs: HOUR });
  for (const id of ids(30)) await journal.append(record(id), { durable: true });
  wall += 1000 * HOUR;
  for (const id of ids(30, 'b')) await journal.append(record(id), { durable: true });
  await journal.close();
  expect(bench.events.filter(({ type }) => type === 'pruned')).toEqual([]);
  expect((await verify(bench.folder, bench.keys)).first).toBe(0);
});

test('what cannot be undone is decided by the earlier of both clocks', () => {
  const events: JournalEvent[] = [];
  const watch = new ClockWatch({ ...clock, clockStepMs: 2000, onEvent: (event) => events.push(event) });
  wall += HOUR;
  expect(watch.cautiousNow()).toBe(START);
  steady += 2 * HOUR;
  expect(watch.cautiousNow()).toBe(START + HOUR);
});
