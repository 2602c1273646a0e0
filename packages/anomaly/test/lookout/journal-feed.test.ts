import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCursor } from '../../src/lookout/feed-cursor.ts';
import type { FeedProblem } from '../../src/lookout/feed-problem.ts';
import { JournalFeed } from '../../src/lookout/journal-feed.ts';
import { MONDAY } from '../some-records.ts';
import { append, idsOf, Places, PretendClock, readAll, traffic } from './support.ts';

let places: Places;
beforeEach(() => {
  places = new Places();
});
afterEach(() => places.dispose());

function feedOf(options: Partial<ConstructorParameters<typeof JournalFeed>[0]> = {}): JournalFeed {
  return new JournalFeed({ folder: places.journals, pollMs: 0, ...options });
}

/** As it comes back from a file. */
function again(feed: JournalFeed): ReturnType<typeof parseCursor> {
  return parseCursor(JSON.parse(JSON.stringify(feed.cursor)));
}

describe('a feed of journals', () => {
  test('gives the records of all journals of a folder in the order of time, each one once', async () => {
    const all = traffic(600);
    for (const lane of [0, 1, 2])
      await places.write(
        `files/${String(lane)}`,
        all.filter((_, n) => n % 3 === lane),
        { segmentBytes: 20_000 },
      );
    expect(idsOf(await readAll(feedOf(), 7))).toEqual(all.map(({ id }) => id));
  });

  test('waits for a folder that is not there yet, and for journals that begin later', async () => {
    const clock = new PretendClock();
    const feed = feedOf({ elapsed: clock.elapsed, pollMs: 250 });
    expect(await feed.next(10)).toEqual([]);
    await places.write('a', traffic(3, { prefix: 'a' }));
    expect(await feed.next(10)).toEqual([]);
    clock.pass(1000);
    expect(idsOf(await readAll(feed))).toHaveLength(3);
    await places.write('b', traffic(2, { prefix: 'b' }));
    feed.wake();
    expect(idsOf(await readAll(feed))).toEqual(['b-000000', 'b-000001']);
    expect(feed.journals).toBe(2);
  });

  test('looks at a journal without news less often, and at once when it is woken', async () => {
    const clock = new PretendClock();
    const journal = await places.open('a');
    const feed = feedOf({ elapsed: clock.elapsed, pollMs: 250 });
    expect(await readAll(feed)).toEqual([]);
    await append(journal, traffic(1));
    expect(await feed.next(10)).toEqual([]);
    feed.wake();
    expect(await feed.next(10)).toHaveLength(1);
    await append(journal, traffic(1, { prefix: 's' }));
    clock.pass(250);
    expect(await feed.next(10)).toHaveLength(1);
    await journal.close();
  });

  test('follows through rotation and pruning while others write, and tells what was pruned before it was read', async () => {
    const problems: FeedProblem[] = [];
    const journal = await places.open('a', { segmentBytes: 10_000, keepBytes: 80_000 });
    const feed = feedOf({ onProblem: (problem) => problems.push(problem) });
    const seen: string[] = [];
    const all = traffic(300);
    for (let at = 0; at < all.length; at += 25) {
      await append(journal, all.slice(at, at + 25));
      seen.push(...idsOf(await readAll(feed)));
    }
    await journal.close();
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(problems).toEqual([]);

    const files = readdirSync(join(places.journals, 'a')).filter((name) => name.endsWith('.journal'));
    expect(files.length).toBeGreaterThan(4);
    // The oldest ones were pruned meanwhile.
    expect(files).not.toContain('0000000000000000.journal');
    const cursor = feedOf();
    await cursor.next(5);
    for (const name of files.slice(0, 3)) rmSync(join(places.journals, 'a', name));
    const late = feedOf({ cursor: again(cursor), onProblem: (problem) => problems.push(problem) });
    const rest = idsOf(await readAll(late));
    expect(rest.at(-1)).toBe(all.at(-1)?.id);
    expect(new Set(rest).size).toBe(rest.length);
    expect(problems).toMatchObject([{ journal: 'a', why: 'missing' }]);
  });

  test('goes on from a cursor at any record, in the same order, without one that comes twice or is left out', async () => {
    const all = traffic(120);
    for (const lane of [0, 1])
      await places.write(
        `s/${String(lane)}`,
        all.filter((_, n) => Math.floor(n / 5) % 2 === lane),
        { segmentBytes: 8000 },
      );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), async (stops) => {
        const seen: string[] = [];
        let cursor: ReturnType<typeof parseCursor>;
        for (const most of stops) {
          const feed = feedOf({ cursor });
          seen.push(...idsOf(await feed.next(most)));
          cursor = again(feed);
        }
        seen.push(...idsOf(await readAll(feedOf({ cursor }))));
        expect(seen).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 25 },
    );
  });

  test('knows records again after a writer cut off its end and wrote others, also after a restart', async () => {
    const first = traffic(40);
    await places.write('a', first);
    // As it was before the last records reached the disk.
    const kept = join(places.root, 'kept');
    cpSync(join(places.journals, 'a'), kept, { recursive: true });
    await places.write('a', traffic(20, { from: MONDAY + 60_000, prefix: 'lost' }));
    const feed = feedOf();
    expect(await readAll(feed)).toHaveLength(60);
    cpSync(kept, join(places.journals, 'a'), { recursive: true });
    const more = traffic(30, { from: MONDAY + 120_000, prefix: 'new' });
    const cursor = again(feed);
    await places.write('a', more);
    expect(idsOf(await readAll(feedOf({ cursor })))).toEqual(more.map(({ id }) => id));
    expect(idsOf(await readAll(feed))).toEqual(more.map(({ id }) => id));
  });

  test('reads a journal that took the place of another one, as far as it is newer', async () => {
    await places.write('a', traffic(400));
    const feed = feedOf();
    await readAll(feed);
    rmSync(join(places.journals, 'a'), { recursive: true });
    const other = traffic(10, { from: MONDAY + 3_600_000, prefix: 'other' });
    await places.write('a', other);
    expect(idsOf(await readAll(feedOf({ cursor: again(feed) })))).toEqual(other.map(({ id }) => id));
    expect(idsOf(await readAll(feed))).toEqual(other.map(({ id }) => id));
  });

  test('gives what stands before a torn tail, and the rest once it is whole', async () => {
    const all = traffic(20);
    await places.write('a', all);
    const file = join(places.journals, 'a', '0000000000000000.journal');
    const whole = join(places.root, 'whole');
    copyFileSync(file, whole);
    truncateSync(file, 5000);
    const problems: FeedProblem[] = [];
    const feed = feedOf({ onProblem: (problem) => problems.push(problem) });
    const before = idsOf(await readAll(feed));
    expect(before.length).toBeGreaterThan(2);
    expect(before.length).toBeLessThan(20);
    copyFileSync(whole, file);
    expect([...before, ...idsOf(await readAll(feed))]).toEqual(all.map(({ id }) => id));
    expect(problems).toEqual([]);
  });

  test('tells of what is damaged, and goes on behind it and with the other journals', async () => {
    await places.write('a', traffic(40, { prefix: 'a' }), { segmentBytes: 8000 });
    await places.write('b', traffic(40, { prefix: 'b' }), { segmentBytes: 8000 });
    const first = join(places.journals, 'b', '0000000000000000.journal');
    const bytes = readFileSync(first);
    bytes.fill('x', 3000, 3100);
    writeFileSync(first, bytes);
    mkdirSync(join(places.journals, 'c'));
    mkdirSync(join(places.journals, 'c', '0000000000000000.journal'));
    const problems: FeedProblem[] = [];
    const feed = feedOf({ onProblem: (problem) => problems.push(problem) });
    const ids = idsOf(await readAll(feed));
    feed.wake();
    expect(await readAll(feed)).toEqual([]);
    expect(ids.filter((id) => id.startsWith('a'))).toHaveLength(40);
    expect(ids.at(-1)).toBe('b-000039');
    expect(problems).toMatchObject([
      { journal: 'c', why: 'closed', code: 'irregular' },
      { journal: 'b', why: 'reread' },
      { journal: 'b', why: 'unreadable' },
      { journal: 'b', why: 'missing' },
    ]);
  });

  test('passes over what is there when it is told to begin now, and over nothing that is added', async () => {
    const journal = await places.open('a', { segmentBytes: 5000 });
    await append(journal, traffic(50));
    const feed = feedOf({ fromNow: true });
    expect(await readAll(feed)).toEqual([]);
    const cursor = again(feed);
    await append(journal, traffic(30, { prefix: 'new' }));
    await places.write('b', traffic(3, { prefix: 'later' }));
    feed.wake();
    expect(idsOf(await readAll(feed))).toHaveLength(33);
    expect(idsOf(await readAll(feedOf({ cursor, fromNow: true })))).toHaveLength(30);
    await journal.close();
  });

  test('holds no more in memory when 200,000 records are behind', async () => {
    for (const lane of [0, 1]) {
      const journal = await places.open(`files/${String(lane)}`, { checkpointRecords: 4096 });
      for (let at = 0; at < 100_000; at += 4000)
        await append(
          journal,
          traffic(4000, { from: MONDAY + at * 100, prefix: `${String(lane)}-${String(at)}` }),
          4000,
        );
      await journal.close();
    }
    const feed = feedOf();
    let [most, read, latest] = [0, 0, 0];
    for (;;) {
      const records = await feed.next(64);
      if (records.length === 0) break;
      read += records.length;
      most = Math.max(most, feed.held);
      for (const { time } of records) {
        expect(time).toBeGreaterThanOrEqual(latest);
        latest = time;
      }
    }
    expect(read).toBe(200_000);
    expect(most).toBeLessThanOrEqual(2 * 256);
  }, 90_000);

  test('takes no cursor that it did not write', () => {
    for (const bad of [null, 1, {}, { v: 2, journals: [] }, { v: 1, journals: [{}] }])
      expect(parseCursor(bad)).toBeUndefined();
    const tail = { end: 3, hashes: 'zz' };
    expect(parseCursor({ v: 1, journals: [{ name: 'a', latest: 0, tail }] })).toBeUndefined();
    fc.assert(
      fc.property(fc.anything(), (value) => {
        parseCursor(value);
        parseCursor({ v: 1, journals: [value] });
      }),
    );
  });
});
