import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { valueText } from '../../src/journal/entry.ts';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { verify } from '../../src/journal/verify.ts';
import { walkRecords } from '../../src/journal/walk-records.ts';
import { FaultyFs } from './faulty-fs.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, record } from './support.ts';

let bench: Bench;
let fs: FaultyFs;
beforeEach(() => {
  bench = new Bench();
  fs = new FaultyFs();
});
afterEach(() => bench.dispose());

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((turn) => setTimeout(turn, 2));
};
const fail = (): void => {
  fs.fails = (operation, path) => (operation === 'write' && path.endsWith('.journal') ? 'ENOSPC' : undefined);
};
const heal = (): void => {
  fs.fails = () => undefined;
};
const told = (type: string): number => bench.events.filter((event) => event.type === type).length;
const append = (journal: Journal, id: string, durable = true): Promise<void> =>
  journal.append(record(id), { durable });

async function entries(type: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const walked of walkRecords(NODE_FS, bench.folder)) {
    if (walked.kind !== 'record' || walked.link.member !== 'journal') continue;
    const entry = JSON.parse(valueText(walked.body, walked.link)) as { type: string };
    if (entry.type === type) found.push(entry);
  }
  return found;
}

describe('with a time to block', () => {
  test('appends wait for the disk, those of the group that failed too, and none is refused', async () => {
    const journal = await bench.open({ fs, retryMs: 5, onFailure: { blockMs: 60_000 } });
    fail();
    const waiting = ids(3).map((id) => append(journal, id));
    await until(() => told('blocking') > 0);
    const later = [append(journal, 'later'), append(journal, 'lazy', false)];
    expect(journal.broken).toBeUndefined();
    heal();
    await Promise.all([...waiting, ...later]);
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', ...ids(3), 'later', 'lazy']);
    expect([told('broken'), told('recovered')]).toEqual([0, 1]);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('appends are refused when the disk stays away for longer, and at once from then on', async () => {
    const journal = await bench.open({ fs, retryMs: 5, onFailure: { blockMs: 20 } });
    fail();
    await expect(append(journal, 'a')).rejects.toMatchObject({ code: 'unwritable' });
    expect(journal.broken?.message).toContain('ENOSPC');
    await expect(append(journal, 'b')).rejects.toMatchObject({ code: 'unwritable' });
    await append(journal, 'outcome of what ran', false);
    heal();
    await until(() => told('recovered') > 0);
    await append(journal, 'c');
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', 'outcome of what ran', 'c']);
    expect(bench.events).toContainEqual({ type: 'recovered', refused: 2, lost: 0 });
    expect(bench.events.map(({ type }) => type)).toEqual(['blocking', 'broken', 'recovered']);
  });

  test('no more wait than there is room for', async () => {
    const options = { fs, retryMs: 60_000, pendingBytes: 1000, onFailure: { blockMs: 60_000 } };
    const journal = await bench.open(options);
    fail();
    const all = ids(20).map((id) => append(journal, id).catch((error: { code: string }) => error.code));
    await until(() => told('blocking') > 0);
    const late = ids(20, 'late').map((id) =>
      append(journal, id).catch((error: { code: string }) => error.code),
    );
    const refused = await Promise.race(late);
    expect(refused).toBe('unwritable');
    heal();
    await journal.close();
    const outcomes = await Promise.all([...all, ...late]);
    const kept = (await readIds(bench.folder)).filter((id) => !id.startsWith('#'));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(kept.length);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(20);
  });

  test('whoever waits when the journal is closed is refused, and the folder is let go', async () => {
    const journal = await bench.open({ fs, retryMs: 60_000, onFailure: { blockMs: 60_000 } });
    fail();
    const waiting = append(journal, 'a').catch((error: { code: string }) => error.code);
    await until(() => told('blocking') > 0);
    await journal.close();
    expect(await waiting).toBe('unwritable');
    heal();
    await bench.write(['next']);
  });
});

describe('when it may drop', () => {
  test('appends succeed; what fits in memory is written later, and nothing is lost then', async () => {
    const journal = await bench.open({ fs, retryMs: 5, onFailure: 'dangerouslyDrop' });
    fail();
    await append(journal, 'a');
    await append(journal, 'b', false);
    expect(journal.broken).toBeUndefined();
    heal();
    await until(() => told('recovered') > 0);
    await append(journal, 'c');
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', 'a', 'b', 'c']);
    expect(bench.events.map(({ type }) => type)).toEqual(['dropping', 'recovered']);
  });

  test('what could not be kept stands in the chain as a count, with the times of the first and the last', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z');
    const options = { fs, retryMs: 5, pendingBytes: 300, now: () => now } as const;
    const journal = await bench.open({ ...options, onFailure: 'dangerouslyDrop' });
    fail();
    await append(journal, 'a');
    for (const id of ids(8, 'more')) {
      now += 1000;
      await append(journal, id);
    }
    heal();
    await until(() => told('recovered') > 0);
    await journal.close();
    const kept = (await readIds(bench.folder)).filter((id) => !id.startsWith('#'));
    expect(kept).toEqual(['a', 'more0']);
    expect(await entries('dropped')).toEqual([
      {
        type: 'dropped',
        time: '2026-01-01T00:00:08.000Z',
        count: 7,
        first: '2026-01-01T00:00:02.000Z',
        last: '2026-01-01T00:00:08.000Z',
      },
    ]);
    expect(bench.events).toContainEqual({ type: 'recovered', refused: 0, lost: 7 });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('so does what came faster than the disk takes it', async () => {
    const journal = await bench.open({ fs, pendingBytes: 1500, onFailure: 'dangerouslyDrop' });
    await Promise.all(ids(60).map((id) => append(journal, id)));
    await journal.close();
    const kept = (await readIds(bench.folder)).filter((id) => !id.startsWith('#'));
    expect(kept.length).toBeLessThan(60);
    expect(await entries('dropped')).toMatchObject([{ count: 60 - kept.length }]);
    expect(bench.events.map(({ type }) => type)).toEqual(['dropping', 'recovered']);
  });

  test('what can never be a record is refused all the same, and does not stand in the way of the rest', async () => {
    const journal = await bench.open({ fs, retryMs: 5, onFailure: 'dangerouslyDrop' });
    fail();
    await append(journal, 'a');
    const large = record('large', 'y'.repeat(4_200_000));
    await expect(journal.append(large, { durable: true })).rejects.toMatchObject({ code: 'bad_record' });
    heal();
    await until(() => told('recovered') > 0);
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', 'a']);
  });

  test('segments are still removed only after the chain says so', async () => {
    const options = {
      fs,
      segmentBytes: 3000,
      keepBytes: 9000,
      retryMs: 1,
      onFailure: 'dangerouslyDrop',
    } as const;
    const journal = await bench.open(options);
    let round = 0;
    fs.fails = (operation, path) => {
      round += 1;
      return operation === 'sync' && path.endsWith('.journal') && round % 7 === 0 ? 'EIO' : undefined;
    };
    for (const id of ids(150)) await append(journal, id);
    heal();
    await until(() => told('recovered') > 0);
    await journal.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    const kept = (await readIds(bench.folder)).filter((id) => !id.startsWith('#'));
    expect(kept).toEqual(ids(150).slice(150 - kept.length));
  });

  test('a disk that is away until the end makes close say that records are lost', async () => {
    const journal = await bench.open({ fs, retryMs: 60_000, onFailure: 'dangerouslyDrop' });
    fail();
    await append(journal, 'a');
    await expect(journal.close()).rejects.toThrow('ENOSPC');
  });
});

test('a policy that is none is refused in words', async () => {
  await expect(bench.open({ onFailure: { blockMs: 0 } })).rejects.toThrow('blockMs');
  await expect(bench.open({ onFailure: 'drop' as never })).rejects.toThrow('dangerouslyDrop');
});
