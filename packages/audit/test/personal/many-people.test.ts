import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import type { PersonEntry } from '../../src/personal/key-entry.ts';
import { KeyFile } from '../../src/personal/key-file.ts';
import { masterKey } from '../../src/personal/master-key.ts';
import { pseudonymFrom } from '../../src/personal/pseudonym.ts';
import { KeyBench, MASTER, masterOf } from './support.ts';

const PEOPLE = 100_000;
const MOST_BYTES_EACH = 600;

let bench: KeyBench;
beforeEach(() => {
  bench = new KeyBench();
});
afterEach(() => bench.dispose());

test('with 100,000 people everybody is found, one can be erased, and memory stays small', async () => {
  await fill(PEOPLE);
  const before = process.memoryUsage();
  const keys = await bench.open({ cached: 100 });
  const after = process.memoryUsage();
  expect(keys.people).toBe(PEOPLE);
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(grown).toBeLessThan(PEOPLE * MOST_BYTES_EACH);

  for (let nth = 0; nth < PEOPLE; nth += 997) {
    const { pseudonym } = await keys.keyOf(`person ${nth}`);
    expect(await keys.find(pseudonym)).toMatchObject({ key: { name: `person ${nth}` } });
  }
  const { pseudonym } = await keys.keyOf('person 5');
  await keys.erase({ subject: 'person 5' });
  expect(await keys.find(pseudonym)).toMatchObject({ state: 'erased' });
  expect(await keys.pseudonymOf('person 6')).toBeDefined();
  expect(keys.people).toBe(PEOPLE - 1);
}, 120_000);

/** As `keyOf` would for all of them at once, without what it gives. */
async function fill(people: number): Promise<void> {
  const master = masterKey(await masterOf(MASTER)());
  const parts = { fs: NODE_FS, path: bench.file, master, random: randomBytes, readOnly: false };
  mkdirSync(dirname(bench.file));
  await KeyFile.create(parts);
  const file = await KeyFile.open(parts);
  const entries = Array.from({ length: people }, (_, nth): PersonEntry => ({
    type: 'person',
    pseudonym: pseudonymFrom(randomBytes(16)),
    key: randomBytes(32).toString('base64url'),
    name: `person ${nth}`,
    since: 0,
  }));
  await file.append(entries);
  await file.close();
}
