import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventRecord } from '../../src/audit-record.ts';
import { parseCheckpoint } from '../../src/journal/checkpoint.ts';
import { openNote, parseVerifierKey } from '../../src/journal/note.ts';
import { SYSTEM_CLOCK } from '../../src/shipping/clock.ts';
import { newestCheckpoint } from '../../src/shipping/last-checkpoint.ts';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import { ACCEPTED } from '../../src/shipping/receiver.ts';
import { plainRecords } from './hostile-journal.ts';
import { away, MemoryReceiver } from './memory-receiver.ts';
import { ShippingBench, until } from './shipping-bench.ts';

describe('checkpoints that are shipped', () => {
  let bench: ShippingBench;
  let receiver: MemoryReceiver;
  beforeEach(() => {
    bench = new ShippingBench();
    receiver = new MemoryReceiver();
  });
  afterEach(() => bench.dispose());

  const checkpoints = (of = receiver): EventRecord[] =>
    of.stored
      .map(({ line }) => JSON.parse(line) as EventRecord)
      .filter(({ event }) => event === 'checkpoint');

  /** A journal that is closed, with so many records and the first one of its own. */
  async function journalOf(count: number): Promise<void> {
    await bench.write(plainRecords(count));
    await bench.closeJournal();
  }

  test('are signed by the journal, and say what it holds', async () => {
    await journalOf(30);
    await bench.ship(receiver, {
      checkpointMs: 60_000,
      about: () => ({ server: 'files', policy: 'digest' }),
    });
    await until(() => checkpoints().length === 1);
    const [record] = checkpoints();
    expect(record).toMatchObject({ v: 1, type: 'event', server: 'files', policy: 'digest' });
    expect(record?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { note, ...said } = record?.detail ?? {};
    const opened = openNote(String(note), bench.bench.keys.map(parseVerifierKey));
    if (opened.status !== 'ok') throw new Error(opened.status);
    expect(parseCheckpoint(opened.text)).toEqual(said);
    expect(said['size']).toBe(31);
    expect(bench.bench.notes.at(-1)).toBe(note);
  });

  test('come at most so often, and once more when shipping ends', async () => {
    let now = 1_000_000_000_000;
    const clock = { ...SYSTEM_CLOCK, now: () => now };
    const shipper = await bench.ship(receiver, { checkpointMs: 60_000, clock });
    const add = async (from: number, to: number): Promise<void> => {
      await bench.write(plainRecords(to).slice(from));
      await bench.closeJournal();
      await until(async () => (await shipper.status()).shipped === to);
    };
    await add(0, 10);
    await until(() => checkpoints().length === 1);
    await add(10, 20);
    await add(20, 30);
    expect(checkpoints()).toHaveLength(1);
    now += 60_000;
    await until(() => checkpoints().length === 2);
    await add(30, 40);
    await shipper.stop();
    const sizes = checkpoints().map(({ detail }) => Number(detail?.['size']));
    expect(sizes).toHaveLength(3);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes.at(-1)).toBe((await newestCheckpoint(NODE_FS, bench.folder))?.size);
    expect((await shipper.status()).shipped).toBe(40);
  });

  test('come once while nothing is written', async () => {
    let now = 1_000_000_000_000;
    await journalOf(5);
    const shipper = await bench.ship(receiver, {
      checkpointMs: 1000,
      clock: { ...SYSTEM_CLOCK, now: () => (now += 10_000) },
    });
    await until(() => receiver.stored.length === 6);
    await shipper.stop();
    expect(receiver.stored).toHaveLength(6);
  });

  test('do not come where nobody wants them', async () => {
    await journalOf(5);
    const shipper = await bench.ship(receiver, { checkpointMs: Infinity });
    await until(() => receiver.stored.length === 5);
    await shipper.stop();
    expect(checkpoints()).toEqual([]);
  });

  test('come whatever the filter says', async () => {
    await journalOf(5);
    await bench.ship(receiver, { checkpointMs: 60_000, filter: { types: ['attempt'] } });
    await until(() => checkpoints().length === 1);
    expect(receiver.stored).toHaveLength(1);
  });

  test('that come from another process again have the same id and number', async () => {
    await journalOf(5);
    const first = await bench.ship(receiver, { checkpointMs: 60_000 });
    await until(() => receiver.stored.length === 6);
    await first.stop();
    const next = new MemoryReceiver();
    await bench.ship(next, { checkpointMs: 60_000 });
    await until(() => next.stored.length === 1);
    const key = ({ id, sequence }: { id: string; sequence: number }): string => `${id}-${sequence}`;
    expect(next.stored.map(key)).toEqual(receiver.stored.slice(-1).map(key));
  });

  test('are sent again until they are accepted, and not counted as records', async () => {
    await journalOf(5);
    receiver.before = () => (receiver.batches.length < 8 ? away() : undefined);
    const shipper = await bench.ship(receiver, { checkpointMs: 60_000 });
    await until(() => checkpoints().length === 1);
    await until(() => receiver.stored.length === 6);
    await until(async () => (await shipper.status()).shipped === 5);
  });

  test('that are rejected go to the dead letters, and hold nothing up', async () => {
    await journalOf(5);
    receiver.outcome = ({ record }) =>
      record.type === 'event' ? { kind: 'rejected', reason: 'not_wanted' } : ACCEPTED;
    await bench.ship(receiver, { checkpointMs: 60_000 });
    await until(() => receiver.stored.length === 5 && bench.told('dead_letter').length === 1);
    expect(bench.deadLetters()).toMatchObject([
      { sequence: 5, reason: 'not_wanted', record: { event: 'checkpoint' } },
    ]);
  });

  test('do not hold up the end while the receiver is away', async () => {
    await journalOf(5);
    receiver.before = away;
    const shipper = await bench.ship(receiver, {
      checkpointMs: 60_000,
      retry: { firstMs: 60_000, openMs: 60_000 },
    });
    await until(() => bench.told('send_failed').length === 1);
    const { length } = receiver.batches;
    await shipper.stop();
    expect(receiver.batches).toHaveLength(length);
  });

  test('wait for no journal', async () => {
    const shipper = await bench.ship(receiver, { checkpointMs: 1 });
    await shipper.stop();
    expect(receiver.stored).toEqual([]);
    expect(bench.events).toEqual([]);
  });
});
