import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MONDAY } from '../some-records.ts';
import { append, Places, traffic, until } from './support.ts';

const WATCHER = new URL('crash-lookout.ts', import.meta.url).pathname;
const KILLS = 6;

let places: Places;
let running: ChildProcess[];
beforeEach(() => {
  places = new Places();
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  places.dispose();
});

function watcher(state: string, how: string, saveMs = 0): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@sallyport/source',
      '--import',
      'tsx',
      WATCHER,
      places.journals,
      join(places.root, state),
      join(places.root, `${state}.out`),
      how,
      String(saveMs),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  running.push(child);
  return child;
}

function told(state: string, what: string): string[] {
  const file = join(places.root, `${state}.out`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.filter((line) => line.startsWith(`${what} `));
}

test('a watch that is killed again and again while journals are written loses no alert, tells none under two ids, and knows what one knows that never stopped', async () => {
  const journal = await places.open('files/0', { segmentBytes: 100_000 });
  const all = traffic(6000);
  let isDone = false;
  const writing = (async () => {
    for (let at = 0; at < all.length; at += 20) {
      await append(journal, all.slice(at, at + 20));
      await pause(20);
    }
    await journal.close();
    isDone = true;
  })();
  for (let kill = 0; kill < KILLS && !isDone; kill += 1) {
    const before = told('state', 'alert').length;
    const child = watcher('state', 'follow', randomInt(0, 60));
    await until(() => told('state', 'alert').length > before || isDone);
    await pause(randomInt(0, 150));
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await writing;
  for (const state of ['state', 'calm']) await once(watcher(state, 'once'), 'exit');
  for (const what of ['alert', 'notice']) {
    const [disturbed, calm] = [told('state', what), told('calm', what)];
    expect(calm.length).toBeGreaterThan(what === 'alert' ? 500 : 5);
    expect([...new Set(disturbed)].sort()).toEqual([...new Set(calm)].sort());
  }
  const [disturbed, calm] = ['state', 'calm'].map((state) => ({
    known: readFileSync(join(places.root, state, 'watch.json'), 'utf8').split('\n'),
    history: readFileSync(join(places.root, state, 'alerts.jsonl'), 'utf8'),
  }));
  expect(disturbed?.known).toEqual(calm?.known);
  expect(disturbed?.history).toBe(calm?.history);
}, 90_000);

test('of two processes that share a folder one watches, and the other one goes on when it is gone', async () => {
  const journal = await places.open('files/0');
  const [one, other] = [watcher('state', 'follow'), watcher('state', 'follow')];
  const states = (): string[] => told('state', 'state');
  const watching = (): string[] => states().filter((line) => line.includes('watching'));
  await until(() => watching().length === 1 && new Set(states()).size >= 2);
  const first = watching()[0]?.endsWith(` ${String(one.pid)}`);
  const [holder, standby] = first === true ? [one, other] : [other, one];
  await append(journal, traffic(100));
  await until(() => told('state', 'alert').length >= 10);
  // Long enough for the other one to have asked for the lock again.
  await pause(3500);
  expect(watching()).toHaveLength(1);
  expect(told('state', 'alert')).toHaveLength(10);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await append(journal, traffic(100, { from: MONDAY + 120_000, prefix: 's' }));
  await until(() => states().includes(`state watching ${String(standby.pid)}`));
  await until(() => new Set(told('state', 'alert')).size === 20);
  await journal.close();
}, 60_000);
