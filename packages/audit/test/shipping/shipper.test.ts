import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, SYSTEM_CLOCK } from '../../src/shipping/clock.ts';
import { ACCEPTED, type ShippedRecord } from '../../src/shipping/receiver.ts';
import { attempt, event, outcome } from '../formats/some-records.ts';
import { FaultyFs } from '../journal/faulty-fs.ts';
import { plainRecords } from './hostile-journal.ts';
import { away, MemoryReceiver } from './memory-receiver.ts';
import { type Arrived, receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

receiverContract('in memory', async () => {
  const stored: Arrived[] = [];
  let state: 'here' | 'away' | 'hanging' = 'here';
  return {
    receiver: () => {
      const receiver = new MemoryReceiver(stored);
      receiver.before = async (_batch, signal) => {
        if (state === 'away') away();
        while (state === 'hanging' && !signal.aborted) await turn();
      };
      return receiver;
    },
    arrived: async () => stored,
    goAway: async () => void (state = 'away'),
    comeBack: async () => void (state = 'here'),
    hang: () => void (state = 'hanging'),
    resume: () => void (state = 'here'),
    hugeReason: 'too_large',
    format: 'json',
    dispose: () => Promise.resolve(),
  };
});

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe('a shipper', () => {
  let bench: ShippingBench;
  let receiver: MemoryReceiver;
  beforeEach(() => {
    bench = new ShippingBench();
    receiver = new MemoryReceiver();
  });
  afterEach(() => bench.dispose());

  test('that is killed in the middle of a batch loses nothing', async () => {
    await bench.write(plainRecords(100));
    receiver.before = async (batch) => {
      // Long enough for the cursor to be due after each batch.
      if (receiver.batches.length < 4) return pause(10);
      receiver.stored.push(...batch.slice(0, 7));
      return new Promise(() => undefined);
    };
    await bench.ship(receiver, { sendMs: 500 });
    await until(() => receiver.stored.length === 67);
    const cursor = readFileSync(join(bench.folder, 'soc.cursor'));
    writeFileSync(join(bench.folder, 'next.cursor'), cursor);
    const next = new MemoryReceiver(receiver.stored);
    await bench.ship(next, { name: 'next' });
    await until(() => new Set(receiver.sequences()).size === 100);
    expect(next.sequences()).toContain(67);
    receiver.before = () => undefined;
  });

  test('that is stopped waits for the batch in flight, and then closes the receiver', async () => {
    await bench.write(plainRecords(50));
    let answer = (): void => undefined;
    receiver.before = () => new Promise<void>((resolve) => void (answer = resolve));
    const shipper = await bench.ship(receiver);
    await until(() => receiver.batches.length === 1);
    const stopped = shipper.stop();
    await turn();
    expect(receiver.closed).toBe(false);
    answer();
    await stopped;
    expect(receiver.closed).toBe(true);
    expect(receiver.sequences()).toEqual(upTo(20));
    const next = new MemoryReceiver();
    await bench.ship(next);
    await until(() => next.stored.length === 30);
    expect(next.sequences()[0]).toBe(21);
  });

  test.each([
    ['hears that it is given up', true],
    ['does not', false],
  ])('that is stopped gives up a receiver that never answers and %s, and loses nothing', async (_, hears) => {
    await bench.write(plainRecords(50));
    const silent = new MemoryReceiver();
    let givenUp = false;
    silent.before = (_batch, signal) => {
      if (silent.batches.length === 1) return undefined;
      return new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          givenUp = true;
          if (hears) reject(new Error('given up'));
        });
      });
    };
    const shipper = await bench.ship(silent, { stopMs: 20, sendMs: 3_600_000 });
    await until(() => silent.batches.length === 2);
    await shipper.stop();
    expect(givenUp).toBe(true);
    expect(silent.closed).toBe(true);
    expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['stopped']);
    const next = new MemoryReceiver();
    await bench.ship(next);
    await until(() => next.stored.length === 50 - silent.stored.length);
    expect([...silent.sequences(), ...next.sequences()]).toEqual(upTo(50));
  });

  test('that is stopped does not wait for a last checkpoint that is never answered', async () => {
    await bench.write(plainRecords(5));
    await bench.closeJournal();
    receiver.before = (batch) =>
      batch.some(({ record }) => record.type === 'event') ? new Promise(() => undefined) : undefined;
    let now = 0;
    const shipper = await bench.ship(receiver, {
      stopMs: 20,
      sendMs: 3_600_000,
      checkpointMs: 60_000,
      filter: { types: ['outcome', 'attempt'] },
      clock: { ...SYSTEM_CLOCK, now: () => (now += 1) },
    });
    await until(() => receiver.batches.length > 0);
    await shipper.stop();
    expect(receiver.closed).toBe(true);
  });

  test('that is stopped keeps the cursor in front of what a receiver that never closes may not have', async () => {
    await bench.write(plainRecords(30));
    const silent = new MemoryReceiver();
    Object.assign(silent, { unsure: 10 });
    silent.close = () => new Promise(() => undefined);
    const shipper = await bench.ship(silent, {
      clock: { ...SYSTEM_CLOCK, sleep: (_, signal) => SYSTEM_CLOCK.sleep(5, signal) },
    });
    await until(() => silent.stored.length === 30);
    await shipper.stop();
    const next = new MemoryReceiver();
    await bench.ship(next);
    await until(() => next.sequences().at(-1) === 30);
    expect(next.sequences()).toEqual(upTo(30).slice(20));
  });

  test('does not wait for a receiver that ignores that it was given up, and does not count its late answer', async () => {
    await bench.write(plainRecords(5));
    const late: (() => void)[] = [];
    receiver.before = () =>
      receiver.batches.length < 3 ? new Promise<void>((resolve) => void late.push(resolve)) : undefined;
    const shipper = await bench.ship(receiver, { sendMs: 20 });
    await until(async () => (await shipper.status()).shipped === 5);
    for (const answer of late) answer();
    await until(() => receiver.stored.length === 15);
    expect(await shipper.status()).toMatchObject({ shipped: 5, lagRecords: 0 });
  });

  test('believes no answer that leaves out records', async () => {
    await bench.write(plainRecords(5));
    const send = receiver.send.bind(receiver);
    receiver.send = async (batch, signal) =>
      (await send(batch, signal)).slice(receiver.batches.length < 3 ? 1 : 0);
    await bench.ship(receiver);
    await until(() => receiver.batches.length === 3);
    expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['bad_answer', 'bad_answer']);
  });

  test('sends only what was not accepted again, and its order holds', async () => {
    await bench.write(plainRecords(20));
    const back = new Set([3, 11]);
    receiver.outcome = ({ sequence }) => (back.delete(sequence) ? { kind: 'retry', code: 'busy' } : ACCEPTED);
    await bench.ship(receiver);
    await until(() => receiver.stored.length === 20);
    expect(receiver.sequences().slice(-2)).toEqual([3, 11]);
    expect(new Set(receiver.sequences()).size).toBe(20);
  });

  test('never gives up a record while the receiver takes nothing at all', async () => {
    await bench.write(plainRecords(3));
    receiver.outcome = () => (receiver.batches.length < 30 ? { kind: 'retry', code: 'busy' } : ACCEPTED);
    await bench.ship(receiver, { tries: 2, retry: { firstMs: 1, longestMs: 1, openMs: 1 } });
    await until(() => receiver.stored.length === 3);
    expect(bench.deadLetters()).toEqual([]);
  });

  test('tries a receiver that was away with one record, and goes on with whole batches', async () => {
    await bench.write(plainRecords(41));
    receiver.before = () => (receiver.batches.length <= 5 ? away() : undefined);
    await bench.ship(receiver);
    await until(() => receiver.stored.length === 41);
    expect(receiver.batches.slice(5)).toEqual([1, 20, 20]);
    expect(bench.told('breaker_opened')).toEqual([{ type: 'breaker_opened', code: 'ECONNREFUSED' }]);
    expect(bench.told('breaker_closed')).toHaveLength(1);
  });

  test('makes batches of at most so many bytes, and one of a record that has more alone', async () => {
    await bench.write([...plainRecords(4), outcome({ server: 'x'.repeat(5000) }), ...plainRecords(4)]);
    await bench.ship(receiver, { batchBytes: 2000 });
    await until(() => receiver.stored.length === 9);
    expect(receiver.batches).toEqual([2, 2, 1, 2, 2]);
  });

  test('ships to each receiver what its filter asks for', async () => {
    await bench.write([
      attempt(),
      outcome(),
      outcome({ status: 'error' }),
      outcome({ status: 'refused', refusal: 'internal', method: 'prompts/get' }),
      event('start'),
    ]);
    const other = new MemoryReceiver();
    await bench.ship(receiver, { filter: { types: ['outcome', 'event'], statuses: ['error', 'refused'] } });
    await bench.ship(other, { name: 'other', filter: { methods: ['tools/*'] } });
    await until(() => receiver.stored.length === 3 && other.stored.length === 4);
    expect(receiver.sequences()).toEqual([3, 4, 5]);
    expect(other.sequences()).toEqual([1, 2, 3, 5]);
  });

  test('finds a record as soon as it is woken', async () => {
    await bench.write(plainRecords(1));
    const shipper = await bench.ship(receiver, { pollMs: 3_600_000 });
    await until(() => receiver.stored.length === 1);
    await bench.write([outcome()]);
    await until(() => {
      shipper.wake();
      return receiver.stored.length === 2;
    });
  });

  test('begins before there is a journal', async () => {
    await bench.ship(receiver);
    await bench.write(plainRecords(2));
    await until(() => receiver.stored.length === 2);
  });

  test('says how far it is behind', async () => {
    await bench.write(plainRecords(30));
    await bench.closeJournal();
    receiver.before = away;
    const written = Date.parse(outcome().time);
    const clock: Clock = {
      now: () => written + 90_000,
      random: () => 1,
      sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    };
    const shipper = await bench.ship(receiver, { clock });
    await until(() => receiver.batches.length === 1 && bench.told('send_failed').length === 1);
    expect(await shipper.status()).toEqual({
      name: 'soc',
      breaker: 'closed',
      lastError: 'ECONNREFUSED',
      lagRecords: 30,
      lagSeconds: 90,
      shipped: 0,
      deadLetters: 0,
      dropped: 0,
    });
  });

  describe('caps', () => {
    test('drop the oldest records over the bytes, and say which', async () => {
      await bench.write(plainRecords(100));
      let isAway = true;
      receiver.before = () => (isAway ? away() : undefined);
      const shipper = await bench.ship(receiver, { spoolBytes: 20_000 });
      await until(() => bench.told('dropped').length > 0);
      isAway = false;
      await until(() => receiver.sequences().at(-1) === 100);
      const dropped = bench.told('dropped').reduce((sum, { records }) => sum + records, 0);
      expect(dropped).toBeGreaterThan(50);
      expect(dropped + receiver.stored.length).toBe(100);
      expect(bench.told('dropped')[0]).toMatchObject({ why: 'spool_bytes', first: 1 });
      expect(receiver.sequences()[0]).toBe(dropped + 1);
      expect((await shipper.status()).dropped).toBe(dropped);
    });

    test('drop records that are too old, and say which', async () => {
      const old = plainRecords(10);
      const young = plainRecords(10).map((record) => ({ ...record, time: '2026-11-22T13:00:00.000Z' }));
      await bench.write([...old, ...young]);
      const clock: Clock = {
        now: () => Date.parse('2026-11-22T13:00:01.000Z'),
        random: () => 0,
        sleep: (ms, signal) =>
          ms > 1000 ? new Promise((resolve) => signal.addEventListener('abort', () => resolve())) : turn(),
      };
      await bench.ship(receiver, { spoolMs: 3_600_000, clock });
      await until(() => receiver.stored.length === 10);
      expect(receiver.sequences()[0]).toBe(11);
      expect(bench.told('dropped')).toEqual([
        { type: 'dropped', why: 'spool_age', first: 1, last: 10, records: 10 },
      ]);
    });
  });

  describe('dead letters', () => {
    const poison = ({ sequence }: ShippedRecord): ReturnType<MemoryReceiver['outcome']> =>
      sequence % 10 === 5 ? { kind: 'rejected', reason: 'bad' } : ACCEPTED;

    test('are for their owner only, with the reason and the record', async () => {
      await bench.write(plainRecords(30));
      receiver.outcome = poison;
      await bench.ship(receiver);
      await until(() => receiver.stored.length === 27);
      await until(() => bench.told('dead_letter').length === 3);
      expect(bench.deadLetters()).toMatchObject([
        { sequence: 5, reason: 'bad', record: plainRecords(5)[4] },
        { sequence: 15, reason: 'bad' },
        { sequence: 25, reason: 'bad' },
      ]);
      expect(statSync(join(bench.folder, 'soc.dead-letters')).mode & 0o777).toBe(0o600);
      await until(() => existsSync(join(bench.folder, 'soc.cursor')));
      expect(statSync(join(bench.folder, 'soc.cursor')).mode & 0o777).toBe(0o600);
    });

    test('that do not fit any more are told as dropped', async () => {
      await bench.write(plainRecords(20));
      receiver.outcome = poison;
      const shipper = await bench.ship(receiver, { deadLetterBytes: 100 });
      await until(() => bench.told('dropped').length === 1);
      expect(bench.told('dropped')[0]).toEqual({
        type: 'dropped',
        why: 'dead_letters_full',
        first: 5,
        last: 15,
        records: 2,
      });
      expect(await shipper.status()).toMatchObject({ dropped: 2, deadLetters: 0, shipped: 18 });
    });

    test('that cannot be written are kept until they can', async () => {
      const fs = new FaultyFs();
      fs.fails = (_operation, path) => (path.endsWith('.dead-letters') ? 'ENOSPC' : undefined);
      await bench.write(plainRecords(20));
      receiver.outcome = poison;
      await bench.ship(receiver, { fs });
      await until(() => bench.told('send_failed').length > 1);
      expect(bench.told('disk_failed')).toEqual([
        { type: 'disk_failed', what: 'dead_letters', code: 'ENOSPC' },
      ]);
      fs.fails = () => undefined;
      await until(() => bench.told('dead_letter').length === 2);
      expect(bench.deadLetters().map(({ sequence }) => sequence)).toEqual([5, 15]);
    });

    test('that a crash tore do not swallow the next one', async () => {
      await bench.write(plainRecords(10));
      writeFileSync(join(bench.folder, 'soc.dead-letters'), '{"sequence":1,"rea');
      receiver.outcome = poison;
      await bench.ship(receiver);
      await until(() => bench.told('dead_letter').length === 1);
      const lines = readFileSync(join(bench.folder, 'soc.dead-letters'), 'utf8').split('\n');
      expect(JSON.parse(lines[1] ?? '')).toMatchObject({ sequence: 5 });
    });
  });

  describe('the cursor', () => {
    test.each(['', '{', '{"sequence":3}', 'null', '{"sequence":1,"prev":"x","segment":9,"offset":0}'])(
      'that is damaged is told, and everything is shipped again: %j',
      async (text) => {
        await bench.write(plainRecords(5));
        writeFileSync(join(bench.folder, 'soc.cursor'), text);
        await bench.ship(receiver);
        await until(() => receiver.stored.length === 5);
        expect(bench.told('cursor_damaged')).toHaveLength(1);
      },
    );

    test('that cannot be written holds nothing up, and is told once', async () => {
      const fs = new FaultyFs();
      fs.fails = (_operation, path) => (path.includes('.cursor') ? 'EROFS' : undefined);
      await bench.write(plainRecords(100));
      const shipper = await bench.ship(receiver, { fs });
      await until(() => receiver.stored.length === 100);
      await shipper.stop();
      expect(bench.told('disk_failed')).toEqual([{ type: 'disk_failed', what: 'cursor', code: 'EROFS' }]);
    });
  });

  test('a journal that cannot be read is told once, and tried again', async () => {
    const fs = new FaultyFs();
    await bench.write(plainRecords(5));
    fs.fails = (operation, path) => (operation === 'open' && path.endsWith('.journal') ? 'EIO' : undefined);
    await bench.ship(receiver, { fs });
    await until(() => bench.told('disk_failed').length > 0);
    expect(bench.told('disk_failed')).toEqual([{ type: 'disk_failed', what: 'journal', code: 'EIO' }]);
    fs.fails = () => undefined;
    await until(() => receiver.stored.length === 5);
  });

  test.each([
    [{ name: '../etc' }, /soc-syslog/],
    [{ batchRecords: 0 }, /batchRecords/],
    [{ retry: { firstMs: -1 } }, /firstMs/],
    [{ filter: { types: [] } }, /types/],
  ])('options that cannot be used say what to write: %o', async (options, message) => {
    await expect(bench.ship(receiver, options)).rejects.toThrow(message);
  });
});
