import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertReceiver } from '../../src/sinks/alert-receiver.ts';
import type { Notice } from '../../src/triage/notice.ts';
import { putAll, SenderBench, until } from './sender-bench.ts';
import { hostileAlerts, notice, notices, of } from './some-notices.ts';

/** A receiver to test, and the place where alerts arrive. */
export interface ReceiverRig {
  /** Another one that sends to the same place. */
  receiver(): AlertReceiver;
  /** Ids of alerts (of notices, where `byNotice`) that arrived so far, in order, repeats included. */
  arrived(): Promise<readonly string[]>;
  readonly byNotice?: boolean;
  /** Whether the place keeps the order; Alertmanager has none. */
  readonly inOrder: boolean;
  /** Why it rejects alerts with far too long texts for ever; undefined where it takes any. */
  readonly hugeReason?: string;
  /** The place dies, without a word to anybody. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** The place takes connections and answers nothing until `resume`. */
  hang(): void;
  resume(): void;
  dispose(): Promise<void>;
}

/** What every receiver of notices does. */
export function receiverContract(name: string, makeRig: () => Promise<ReceiverRig>): void {
  describe(`the contract of receivers of alerts: ${name}`, () => {
    let rig: ReceiverRig;
    let bench: SenderBench;
    beforeEach(async () => {
      rig = await makeRig();
      bench = new SenderBench();
    });
    afterEach(async () => {
      await bench.dispose();
      await rig.dispose();
    });

    const distinct = async (): Promise<string[]> => [...new Set(await rig.arrived())];
    const idsOf = (all: readonly Notice[]): string[] =>
      all.flatMap(({ id, alerts }) => (rig.byNotice === true ? [id] : alerts.map((one) => one.id)));
    const all = async (expected: readonly Notice[]): Promise<void> => {
      const ids = idsOf(expected);
      await until(async () => (await distinct()).length >= ids.length);
      if (rig.inOrder) expect(await distinct()).toEqual(ids);
      else expect((await distinct()).sort()).toEqual(ids.toSorted());
    };

    test('every alert of every notice arrives once, and nothing is left', async () => {
      const some = [notice(1), notice(2, {}, 5), notice(3, { repeated: 4 }), notice(4, {}, 2)];
      const sender = await bench.sender(rig.receiver());
      await putAll(sender, some);
      await all(some);
      expect(await rig.arrived()).toHaveLength(idsOf(some).length);
      await until(() => sender.status.waiting === 0);
      expect(bench.events).toEqual([]);
    });

    test('alerts with hostile texts in every field arrive, or are rejected for their size alone', async () => {
      const some = hostileAlerts().map((one) => of(one));
      await putAll(await bench.sender(rig.receiver()), some);
      await until(async () => (await distinct()).length + bench.told('rejected').length >= some.length);
      const rejected = bench.rejected();
      await all(some.filter(({ id }) => !rejected.some(({ record }) => record.id === id)));
      expect(new Set(rejected.map(({ reason }) => reason))).toEqual(
        new Set(rig.hugeReason === undefined ? [] : [rig.hugeReason]),
      );
    });

    test('a place that is away gets everything when it is back', async () => {
      const some = notices(0, 8);
      await rig.goAway();
      const sender = await bench.sender(rig.receiver());
      await putAll(sender, some);
      await until(() => bench.told('breaker_opened').length > 0);
      expect(sender.status).toMatchObject({ waiting: 8, sent: 0 });
      await rig.comeBack();
      await all(some);
      await until(() => sender.status.breaker === 'closed' && bench.told('breaker_closed').length > 0);
    });

    test('a place that dies in between and comes back has heard of everything', async () => {
      const some = notices(0, 8);
      const sender = await bench.sender(rig.receiver());
      await putAll(sender, some.slice(0, 3));
      await until(async () => (await distinct()).length > 0);
      await rig.goAway();
      await putAll(sender, some.slice(3));
      await rig.comeBack();
      await all(some);
    });

    test('a place that hangs is given up, and has everything when it answers again', async () => {
      const some = notices(0, 5);
      rig.hang();
      const sender = await bench.sender(rig.receiver(), { sendMs: 150 });
      await putAll(sender, some);
      await until(() => bench.told('send_failed').some(({ code }) => code === 'timeout'));
      rig.resume();
      await all(some);
    });

    test('a sender that is stopped while the place hangs ends, and the next one sends what was in flight', async () => {
      const some = notices(0, 5);
      rig.hang();
      const first = await bench.sender(rig.receiver(), { sendMs: 3_600_000, stopMs: 50 });
      await putAll(first, some);
      await first.stop();
      rig.resume();
      await bench.sender(rig.receiver());
      await all(some);
    });
  });
}
