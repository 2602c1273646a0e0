import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import type { FormatName } from '../../src/formats/formatter.ts';
import type { Receiver } from '../../src/shipping/receiver.ts';
import { hostileRecords, hugeRecord, plainRecords } from './hostile-journal.ts';
import { ShippingBench, until } from './shipping-bench.ts';

export interface Arrived {
  readonly id: string;
  readonly sequence: number;
  /** The line of the format; a receiver that stores JSON gives it as JSON again. */
  readonly line: string;
}

/** A receiver to test, and the place where its records arrive. */
export interface ReceiverRig {
  /** Another one that sends to the same place. */
  receiver(): Receiver;
  /** What arrived so far, repeats included. */
  arrived(): Promise<readonly Arrived[]>;
  /** The place dies, without a word to anybody. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** The place takes connections and answers nothing until `resume`. */
  hang(): void;
  resume(): void;
  /** Why it rejects a record of 20,000 bytes for ever; undefined where it takes any. */
  readonly hugeReason: string | undefined;
  readonly format: FormatName;
  dispose(): Promise<void>;
}

/** What every receiver does. */
export function receiverContract(name: string, makeRig: () => Promise<ReceiverRig>): void {
  describe(`the contract of receivers: ${name}`, () => {
    let rig: ReceiverRig;
    let bench: ShippingBench;
    beforeEach(async () => {
      rig = await makeRig();
      bench = new ShippingBench();
    });
    afterEach(async () => {
      await bench.dispose();
      await rig.dispose();
    });

    const keys = async (): Promise<string[]> => (await rig.arrived()).map(({ id }) => id);
    const distinct = async (): Promise<string[]> => [...new Set(await keys())];
    const all = async (expected: readonly { readonly id: string }[]): Promise<void> => {
      const ids = expected.map(({ id }) => id);
      await until(async () => (await distinct()).length >= ids.length);
      expect((await distinct()).sort()).toEqual(ids.toSorted());
    };

    test('records arrive in order and as they are, whatever their fields hold', async () => {
      const records = hostileRecords(120);
      await bench.write(records);
      await bench.ship(rig.receiver(), { format: rig.format });
      await all(records);
      const formatter = createFormatter(rig.format, { productVersion: '1.0.0' });
      const arrived = await rig.arrived();
      expect(arrived.map(({ line }) => line)).toEqual(records.map((record) => formatter.record(record)));
      // The journal's own first entry has number 0.
      expect(arrived.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
    });

    test('a receiver that is away when shipping begins gets everything when it is back', async () => {
      const records = plainRecords(50);
      await rig.goAway();
      await bench.write(records);
      const shipper = await bench.ship(rig.receiver(), { format: rig.format });
      await until(() => bench.told('breaker_opened').length > 0);
      expect((await shipper.status()).lastError).toBeDefined();
      expect(await keys()).toEqual([]);
      await rig.comeBack();
      await all(records);
      await until(async () => (await shipper.status()).breaker === 'closed');
    });

    test('a receiver that dies between batches and comes back has everything, after dedup once', async () => {
      const records = plainRecords(300);
      await bench.write(records.slice(0, 100));
      // What it had taken, and whose answer died with it, is sent again after that.
      await bench.ship(rig.receiver(), { format: rig.format, sendMs: 1000 });
      await until(async () => (await distinct()).length > 20);
      await rig.goAway();
      await bench.write(records.slice(100));
      await rig.comeBack();
      await all(records);
    });

    test('a receiver that hangs is given up, and has everything when it answers again', async () => {
      const records = plainRecords(60);
      rig.hang();
      await bench.write(records);
      await bench.ship(rig.receiver(), { format: rig.format, sendMs: 150 });
      await until(() => bench.told('send_failed').some(({ code }) => code === 'timeout'));
      rig.resume();
      await all(records);
    });

    test('a shipper that is stopped in the middle finishes its batch, and the next one goes on', async () => {
      const records = plainRecords(300);
      await bench.write(records);
      const first = await bench.ship(rig.receiver(), { format: rig.format });
      await until(async () => (await distinct()).length > 20);
      await first.stop();
      await bench.ship(rig.receiver(), { format: rig.format });
      await all(records);
      expect(await keys()).toEqual(records.map(({ id }) => id));
    });

    test('a shipper that is stopped while the receiver hangs ends, and the next one sends what was in flight', async () => {
      const records = plainRecords(60);
      rig.hang();
      await bench.write(records);
      const first = await bench.ship(rig.receiver(), { format: rig.format, sendMs: 3_600_000, stopMs: 50 });
      await first.stop();
      rig.resume();
      await bench.ship(rig.receiver(), { format: rig.format });
      await all(records);
    });

    test('a record that is rejected for ever goes to the dead letters, and the others arrive', async () => {
      const records = plainRecords(30);
      const mixed = [...records.slice(0, 10), hugeRecord(), ...records.slice(10)];
      await bench.write(mixed);
      const shipper = await bench.ship(rig.receiver(), { format: rig.format });
      const rejected = rig.hugeReason === undefined ? [] : [hugeRecord()];
      await all(rejected.length > 0 ? records : mixed);
      await until(() => bench.told('dead_letter').length === rejected.length);
      expect(bench.deadLetters()).toMatchObject(
        rejected.map((record) => ({ sequence: 11, reason: rig.hugeReason, record })),
      );
      expect((await shipper.status()).deadLetters).toBe(rejected.length);
    });

    test('a checkpoint arrives as a record, behind the records of its journal when shipping ends', async () => {
      await bench.write(plainRecords(10));
      const shipper = await bench.ship(rig.receiver(), { format: rig.format, checkpointMs: 60_000 });
      await until(async () => (await shipper.status()).shipped === 10);
      await bench.write(plainRecords(20).slice(10));
      await until(async () => (await shipper.status()).shipped === 20);
      await bench.closeJournal();
      await shipper.stop();
      await until(async () => (await rig.arrived()).at(-1)?.line.includes('checkpoint') ?? false);
      const last = (await rig.arrived()).at(-1);
      // The last record that it covers.
      expect(last?.sequence).toBe(20);
      expect(last?.line).toContain('test.example/audit');
    });
  });
}
