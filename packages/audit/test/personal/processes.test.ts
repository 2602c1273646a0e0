import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acknowledged, runWriter } from './run-writer.ts';
import { KeyBench } from './support.ts';

const ROUNDS = 60;
const KILLS = 12;

let bench: KeyBench;
beforeEach(() => {
  bench = new KeyBench();
});
afterEach(() => bench.dispose());

test('processes that add and erase at the same time give everybody one pseudonym, and lose nobody', async () => {
  const writers = ['one', 'two', 'three'].map((name) => runWriter(bench.file, name, String(ROUNDS)));
  const said = (await Promise.all(writers.map(async (writer) => writer.said))).flat();
  const { made, erased } = acknowledged(said);
  const keys = await bench.open({ readOnly: true });
  for (const [name, pseudonyms] of made) {
    expect([name, pseudonyms.size]).toEqual([name, 1]);
    const [pseudonym = ''] = pseudonyms;
    const found = await keys.find(pseudonym);
    if (erased.has(pseudonym)) expect(found?.state).toBe('erased');
    else expect(found).toMatchObject({ state: 'known', key: { name } });
  }
  expect(made.size).toBe(40 + 3 * ROUNDS);
  expect(erased.size).toBe((3 * ROUNDS) / 4);
  expect(keys.people).toBe(made.size - erased.size);
  expect(readdirSync(`${bench.file}.lock`)).toEqual([]);
}, 120_000);

test('kill -9 at any moment loses nobody who was acknowledged, and brings back nobody who was erased', async () => {
  const said: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const writer = runWriter(bench.file, `k${kill}`);
    // By the tenth line somebody was erased.
    await writer.reached(kill === 0 ? 12 : randomInt(1, 60));
    await sleep(randomInt(0, 8));
    writer.process.kill('SIGKILL');
    said.push(...(await writer.said));
    const { made, erased } = acknowledged(said);
    const keys = await bench.open();
    for (const [name, pseudonyms] of made) {
      expect([name, pseudonyms.size]).toEqual([name, 1]);
      const [pseudonym = ''] = pseudonyms;
      const state = (await keys.find(pseudonym))?.state;
      // The last one may be erased without anybody being told.
      if (erased.has(pseudonym)) expect(state).toBe('erased');
      else if (name.startsWith('shared')) expect(state).toBe('known');
      else expect(state).toBeDefined();
    }
    await keys.close();
  }
  const { made, erased } = acknowledged(said);
  expect(made.size).toBeGreaterThan(3);
  expect(erased.size).toBeGreaterThan(0);
  const keys = await bench.open();
  await keys.keyOf('somebody new');
  await keys.erase({ subject: 'somebody new' });
  expect(readdirSync(dirname(bench.file)).sort()).toEqual(['personal.keys', 'personal.keys.lock']);
  // One that was killed while it wrote its lock leaves a draft, which nobody waits for, and which goes when it is old.
  const locks = readdirSync(`${bench.file}.lock`).filter((name) => !name.endsWith('.lock.new'));
  expect(locks).toEqual([]);
}, 180_000);
