import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findJournals } from '../../src/reading/find-journals.ts';
import { mergeByTime, type TimedSource } from '../../src/reading/merge-by-time.ts';
import { readJournals } from '../../src/reading/read-journals.ts';
import { Journal } from '../../src/journal/journal.ts';
import { Bench, record } from '../journal/support.ts';

interface Item {
  readonly time: number;
  readonly source: number;
}

describe('items of several sources', () => {
  function sourceOf(items: readonly Item[], opened: { now: number; most: number }): TimedSource<Item> {
    return {
      begun: items[0]?.time ?? 0,
      async *open(): AsyncGenerator<Item, void, undefined> {
        opened.now += 1;
        opened.most = Math.max(opened.most, opened.now);
        try {
          for (const item of items) {
            await Promise.resolve();
            yield item;
          }
        } finally {
          opened.now -= 1;
        }
      },
    };
  }

  test('come by their times, each once, and in the order of their source', async () => {
    const times = fc.array(fc.array(fc.nat(50).map(Number), { maxLength: 12 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(times, async (all) => {
        const opened = { now: 0, most: 0 };
        const sources = all.map((each, source) =>
          sourceOf(
            each.toSorted((a, b) => a - b).map((time) => ({ time, source })),
            opened,
          ),
        );
        const merged: Item[] = [];
        for await (const item of mergeByTime(sources)) merged.push(item);
        expect(merged.map(({ time }) => time)).toEqual(all.flat().toSorted((a, b) => a - b));
        for (const [source, each] of all.entries())
          expect(merged.filter((item) => item.source === source)).toHaveLength(each.length);
        expect(opened.now).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('keep the order of their source where its clock went back', async () => {
    const opened = { now: 0, most: 0 };
    const back = [5, 1, 6].map((time) => ({ time, source: 0 }));
    const other = [2, 7].map((time) => ({ time, source: 1 }));
    const merged: Item[] = [];
    for await (const item of mergeByTime([sourceOf(back, opened), sourceOf(other, opened)]))
      merged.push(item);
    expect(merged.map(({ time }) => time)).toEqual([2, 5, 1, 6, 7]);
  });

  test('are opened one after the other where their times do not overlap', async () => {
    const opened = { now: 0, most: 0 };
    const sources = [0, 1, 2, 3].map((source) =>
      sourceOf(
        [0, 1, 2].map((at) => ({ time: source * 10 + at, source })),
        opened,
      ),
    );
    for await (const _ of mergeByTime(sources)) continue;
    expect(opened.most).toBe(1);
  });

  test('are let go of when nobody wants more', async () => {
    const opened = { now: 0, most: 0 };
    const sources = [0, 1].map((source) =>
      sourceOf(
        [0, 1, 2].map((time) => ({ time, source })),
        opened,
      ),
    );
    for await (const { time } of mergeByTime(sources)) if (time === 1) break;
    expect(opened).toEqual({ now: 0, most: 2 });
  });
});

describe('the records of several journals', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  test('come by their times, with the name of their journal, and are read once', async () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    for (const [index, name] of ['files/0', 'files/1', 'mail/0'].entries()) {
      const journal = await Journal.open(`${bench.folder}/${name}`, {
        signer: bench.signer,
        now: () => start,
      });
      for (let at = 0; at < 5; at += 1) {
        const time = new Date(start + (at * 3 + index) * 1000).toISOString();
        await journal.append({ ...record(`${name} ${at}`), time }, { durable: true });
      }
      await journal.close();
    }
    const told: [number, number][] = [];
    const found: string[] = [];
    const onProgress = (done: number, total: number): unknown => told.push([done, total]);
    for await (const line of readJournals(await findJournals(bench.folder), { onProgress }))
      if (line.kind === 'record') {
        expect(line.record.id.startsWith(line.journal)).toBe(true);
        found.push(line.record.id);
      }
    const expected = [0, 1, 2, 3, 4].flatMap((at) =>
      ['files/0', 'files/1', 'mail/0'].map((name) => `${name} ${at}`),
    );
    expect(found).toEqual(expected);
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  });

  test('are fewer when a segment is pruned while they are read, and that is no damage', async () => {
    await bench.write(
      Array.from({ length: 40 }, (_, at) => `r${at}`),
      { segmentBytes: 1500 },
    );
    const problems: unknown[] = [];
    const found: string[] = [];
    const journals = [{ name: '.', folder: bench.folder }];
    for await (const line of readJournals(journals, { onProblem: (problem) => problems.push(problem) })) {
      if (found.length === 0) for (const path of bench.files('.journal').slice(0, 3)) rmSync(path);
      if (line.kind === 'record') found.push(line.record.id);
    }
    expect(found.at(-1)).toBe('r39');
    expect(found.length).toBeLessThan(40);
    expect(problems).toEqual([]);
  });
});
