import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import type { JournalPosition } from '../../src/shipping/journal-position.ts';
import { type JournalItem, JournalReader, type ReaderEvent } from '../../src/shipping/journal-reader.ts';
import { Bench, ids, record } from '../journal/support.ts';

describe('a reader of the journal', () => {
  let bench: Bench;
  let events: ReaderEvent[];
  beforeEach(() => {
    bench = new Bench();
    events = [];
  });
  afterEach(() => bench.dispose());

  function reader(from?: JournalPosition): JournalReader {
    return new JournalReader(NODE_FS, { folder: bench.folder, from, onEvent: (event) => events.push(event) });
  }

  async function rest(of: JournalReader, records = 3): Promise<string[]> {
    const all: JournalItem[] = [];
    for (;;) {
      const items = await of.read({ records, bytes: 1000 });
      if (items.length === 0) break;
      all.push(...items);
    }
    return all.flatMap(({ json }) => (json === undefined ? [] : [(JSON.parse(json) as { id: string }).id]));
  }

  test('follows it through segments while it grows, and goes on from where it was', async () => {
    const journal = await bench.open({ segmentBytes: 2000 });
    const first = reader();
    for (const id of ids(20)) await journal.append(record(id), { durable: true });
    expect(await rest(first)).toEqual(ids(20));
    expect(await rest(first)).toEqual([]);
    for (const id of ids(20, 's')) await journal.append(record(id), { durable: true });
    const second = reader(first.position);
    expect(await rest(first)).toEqual(ids(20, 's'));
    expect(await rest(second)).toEqual(ids(20, 's'));
    expect(bench.files('.journal').length).toBeGreaterThan(3);
    expect(events).toEqual([]);
    await journal.close();
  });

  test('says how many records were pruned before it read them', async () => {
    await bench.write(ids(5));
    const one = reader();
    await rest(one);
    await bench.write(ids(40, 's'), { segmentBytes: 1500, keepBytes: 6000 });
    const read = await rest(one);
    const [missing] = events;
    expect(missing).toMatchObject({ type: 'missing', first: 6 });
    expect(read.at(-1)).toBe('s39');
    expect(read.length).toBeLessThan(40);
  });

  test('reads again what took the place of records that did not last', async () => {
    await bench.write(ids(5));
    const [path = ''] = bench.files('.journal');
    const [checkpoints = ''] = bench.files('.checkpoints');
    const durable = readFileSync(checkpoints);
    await bench.write(ids(10).slice(5));
    const one = reader();
    expect(await rest(one)).toEqual(ids(10));
    // A power cut: the last records and their checkpoints were read, and never became durable.
    truncateSync(path, readFileSync(path).length - 700);
    writeFileSync(checkpoints, durable);
    await bench.write(ids(10, 'new'));
    const read = await rest(one);
    expect(events).toEqual([{ type: 'reread', first: 0 }]);
    expect(read).toEqual(expect.arrayContaining(ids(10, 'new')));
  });

  test('stops at a byte that was changed, says so once, and goes on with the next segment', async () => {
    await bench.write(ids(30), { segmentBytes: 2500 });
    const [path = '', next = ''] = bench.files('.journal');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('"id":"r4"');
    bytes[at] = 0;
    writeFileSync(path, bytes);
    const read = await rest(reader());
    const nextFirst = Number(/(\d+)\.journal$/.exec(next)?.[1]);
    expect(events.filter(({ type }) => type === 'unreadable')).toEqual([{ type: 'unreadable', first: 5 }]);
    expect(events.filter(({ type }) => type === 'missing')).toEqual([
      { type: 'missing', first: 5, records: nextFirst - 5 },
    ]);
    expect([...new Set(read)]).toEqual([...ids(4), ...ids(30).slice(nextFirst - 1)]);
  });

  test('waits for a frame that is written in part', async () => {
    await bench.write(ids(3));
    const [path = ''] = bench.files('.journal');
    const whole = readFileSync(path);
    const one = reader();
    writeFileSync(path, whole.subarray(0, whole.length - 10));
    expect(await rest(one)).toEqual(ids(2));
    writeFileSync(path, whole);
    expect(await rest(one)).toEqual(['r2']);
    expect(events).toEqual([]);
  });

  test('a folder without a journal has nothing to read', async () => {
    expect(await rest(reader())).toEqual([]);
    expect(await reader().bytesBehind(undefined)).toBe(0);
  });
});
