import { spawn } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, thisProcess } from '../../src/journal/process-identity.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, record } from './support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.write(ids(1));
});
afterEach(() => bench.dispose());

const leave = (holder: unknown, ageMs = 0): void => {
  const path = join(bench.folder, 'writer-other.lock');
  writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
};
const someone = { ...thisProcess(), since: '2026-01-01T00:00:00.000Z' };

describe('a second writer', () => {
  it('is refused with the name of the first, which goes on undisturbed', async () => {
    const journal = await bench.open();
    await expect(bench.open()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${process.pid} on `) as string,
    });
    await journal.append(record('a'), { durable: true });
    await journal.close();
    await bench.write(['b']);
    expect(await readIds(bench.folder)).toEqual(['#open', 'r0', '#open', 'a', '#open', 'b']);
  });

  it('of many that begin together never shares the folder with another one', async () => {
    for (let round = 0; round < 10; round += 1) {
      const opened = await Promise.allSettled(Array.from({ length: 6 }, () => bench.open()));
      const won = opened.filter((one) => one.status === 'fulfilled');
      expect(won.length).toBeLessThanOrEqual(1);
      for (const { value } of won) await value.close();
    }
    await bench.write(['after']);
    expect(bench.files('.lock')).toEqual([]);
  });

  it.each([
    ['has ended', { ...someone, pid: 2 ** 22 + 1 }, 0],
    ['has ended, and whose number another process has now', { ...someone, started: '1' }, 0],
    ['ran before the machine started anew', { ...someone, boot: 'earlier' }, 0],
    ['ran in another container and shows no sign of life', { ...someone, space: 'pid:[1]' }, 60_000],
    ['ran on another machine and shows no sign of life', { ...someone, host: 'elsewhere' }, 60_000],
    ['left nothing that can be read', '', 60_000],
  ])('takes over from one that %s', async (_, holder, ageMs) => {
    leave(holder, ageMs);
    await bench.write(['after']);
    expect(bench.events).toContainEqual(expect.objectContaining({ type: 'stale_lock' }));
    expect(bench.files('.lock')).toEqual([]);
  });

  it.each([
    ['runs', someone, 60_000],
    ['may run in another container', { ...someone, space: 'pid:[1]' }, 1000],
    ['may run on another machine', { ...someone, host: 'elsewhere' }, 1000],
    ['cannot be told yet', '', 1000],
  ])('does not take over from one that %s', async (_, holder, ageMs) => {
    leave(holder, ageMs);
    await expect(bench.open()).rejects.toMatchObject({ code: 'locked' });
    expect(bench.files('.lock')).toHaveLength(1);
  });
});

it('what a writer left that died while it made its lock is removed once it is old', async () => {
  const draft = join(bench.folder, 'writer-other.lock.new');
  writeFileSync(draft, '{');
  await bench.write(['a']);
  expect(existsSync(draft)).toBe(true);
  const then = new Date(Date.now() - 60_000);
  utimesSync(draft, then, then);
  await bench.write(['b']);
  expect(existsSync(draft)).toBe(false);
});

it('a writer whose lock was removed stops writing', async () => {
  const journal = await bench.open();
  const [lock = ''] = bench.files('.lock');
  const size = readFileSync(bench.files('.journal')[0] ?? '').length;
  await import('node:fs/promises').then(({ unlink }) => unlink(lock));
  await expect(journal.append(record('a'), { durable: true })).rejects.toThrow('ENOLCK');
  expect(readFileSync(bench.files('.journal')[0] ?? '').length).toBe(size);
  await journal.close();
});

it.runIf(process.platform === 'linux')('a process that has ended and was not collected does not run', () => {
  expect(isRunning(thisProcess(), thisProcess())).toBe(true);
  // The loop is not turned between its end and the question, so that nobody has collected it.
  const child = spawn('true', { stdio: 'ignore' });
  const state = (): string => readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.[0] ?? '';
  while (state() !== 'Z');
  expect(isRunning({ ...thisProcess(), pid: child.pid ?? 0, started: 'unknown' }, thisProcess())).toBe(false);
});
