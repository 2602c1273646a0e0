import { existsSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalOptions } from '../../src/journal/journal-options.ts';
import { verify } from '../../src/journal/verify.ts';
import { forge, rewriteHead } from './forge.ts';
import { Bench, ids, record } from './support.ts';

const HOUR = 3_600_000;

let bench: Bench;
let now: number;
beforeEach(() => {
  bench = new Bench();
  now = Date.parse('2026-06-01T00:00:00Z');
});
afterEach(() => bench.dispose());

/** Opens and closes the journal: removing is tried once, and is over when this resolves. */
async function tried(options: Partial<JournalOptions>): Promise<string[]> {
  bench.events.length = 0;
  const journal = await bench.open({ now: () => now, ...options });
  await journal.close();
  return bench.events.flatMap((event) => {
    if (event.type === 'prune_failed') return [`failed: ${event.error.message}`];
    return event.type === 'pruned' ? [`pruned ${event.segments}`] : [];
  });
}

const write = (count = 40): Promise<void> => bench.write(ids(count), { segmentBytes: 2000, now: () => now });
const untouched = (): boolean => existsSync(bench.files('0000.journal')[0] ?? '');

describe('what is removed', () => {
  test('is not told by the times of files', async () => {
    await write();
    for (const path of bench.files('')) utimesSync(path, 0, 0);
    expect(await tried({ keepMs: HOUR })).toEqual([]);
    now += 2 * HOUR;
    for (const path of bench.files('')) utimesSync(path, 4e9, 4e9);
    expect((await tried({ keepMs: HOUR })).join()).toMatch(/^pruned \d+$/);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('is not told by the sizes of files', async () => {
    await write();
    const kept = bench.files('.journal').length;
    truncateSync(bench.files('.checkpoints').at(-2) ?? '', 2 ** 31);
    truncateSync(bench.files('.journal').at(-2) ?? '', 2 ** 31);
    expect(await tried({ keepBytes: 1_000_000 })).toEqual([]);
    expect(bench.files('.journal').length).toBe(kept);
  });

  test('is not told by the time in a head that the records do not vouch for', async () => {
    await write();
    for (const path of bench.files('.journal').slice(1, 3))
      rewriteHead(path, (head) => ({ ...head, time: '1990-01-01T00:00:00.000Z' }));
    expect(await tried({ keepMs: HOUR })).toEqual([
      expect.stringContaining('failed: The audit journal keeps its segments from record 0 on'),
    ]);
    expect(untouched()).toBe(true);
  });

  test('is not what was changed: that is kept as evidence, and told once', async () => {
    await write();
    const [path = ''] = bench.files('.journal');
    const bytes = readFileSync(path);
    bytes.write('2027-', bytes.lastIndexOf('2026-'));
    writeFileSync(path, bytes);
    now += 24 * HOUR;
    for (const limit of [{ keepMs: HOUR }, { keepBytes: 1 }]) {
      bench.events.length = 0;
      const journal = await bench.open({ now: () => now, segmentBytes: 2000, ...limit });
      for (const id of ids(20, 'more')) await journal.append(record(id), { durable: true });
      await journal.close();
      expect(bench.events.filter(({ type }) => type === 'prune_failed')).toHaveLength(1);
      expect(readFileSync(path)).toEqual(bytes);
    }
  });

  test('may be of a writer whose segments did not vouch for their heads', async () => {
    await write();
    await forge(bench, { binds: () => false, signs: true });
    now += 2 * HOUR;
    expect((await tried({ keepMs: HOUR })).join()).toMatch(/^pruned \d+$/);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('leaves a checkpoint beside what stays', async () => {
    await write();
    for (const path of bench.files('.checkpoints').slice(1)) truncateSync(path, 0);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    expect((await tried({ keepBytes: 1 })).join()).toMatch(/^pruned \d+$/);
    const found = await verify(bench.folder, bench.keys);
    expect(found).toMatchObject({ verdict: 'ok', segments: 1 });
    expect(found.checkpoints).toBeGreaterThan(0);
  });
});
