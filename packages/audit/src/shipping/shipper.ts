import { join } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import { DeadLetters } from './dead-letters.ts';
import { recordsAtLastCheckpoint } from './last-checkpoint.ts';
import { type Outcome, ReceiverError } from './receiver.ts';
import { RetryPace } from './retry-pace.ts';
import {
  type ShipperEvent,
  type ShipperOptions,
  type ShipperSettings,
  shipperSettings,
  type ShipperStatus,
} from './shipper-options.ts';
import { batchSize, type Waiting } from './shipping-window.ts';
import { sendWithin } from './send-within.ts';
import { type Rejected, sortOutcomes } from './sort-outcomes.ts';
import { Spool } from './spool.ts';

type Disk = Extract<ShipperEvent, { type: 'disk_failed' }>['what'];

/**
 * Ships the records of a journal to one receiver, at least once and in order, from a cursor of its own. It only reads the
 * journal: that a receiver is away or slow never holds up a call.
 */
export class Shipper {
  readonly #settings: ShipperSettings;
  readonly #spool: Spool;
  readonly #pace: RetryPace;
  readonly #deadLetters: DeadLetters;
  readonly #failing = new Map<Disk, string>();
  #lastError: string | undefined;
  #shipped = 0;
  #given = 0;
  #unkept = 0;
  #stopping = false;
  #woken = false;
  #wakeable = false;
  #nap = new AbortController();
  readonly #running: Promise<void>;
  #stopped: Promise<void> | undefined;

  private constructor(settings: ShipperSettings, spool: Spool) {
    const { fs, folder, name, deadLetterBytes, clock, retry } = settings;
    this.#settings = settings;
    this.#spool = spool;
    this.#pace = new RetryPace(clock, retry);
    this.#deadLetters = new DeadLetters(fs, join(folder, `${name}.dead-letters`), deadLetterBytes);
    this.#running = this.#run();
  }

  /**
   * Begins to ship: where the last shipper of this name ended, or with the oldest record. The journal need not be there yet.
   *
   * @throws TypeError for an option that cannot be used, and an error of the system when the cursor cannot be read
   */
  static async open(options: ShipperOptions): Promise<Shipper> {
    const settings = shipperSettings(options);
    return new Shipper(settings, await Spool.open(settings));
  }

  async status(): Promise<ShipperStatus> {
    const { name, fs, folder, clock } = this.#settings;
    const end = await recordsAtLastCheckpoint(fs, folder);
    const oldest = this.#spool.waiting[0]?.shipped.time;
    const ageMs = oldest === undefined ? 0 : clock.now() - Date.parse(oldest);
    return {
      name,
      breaker: this.#pace.state,
      lastError: this.#lastError,
      lagRecords: Math.max(0, end - (this.#spool.position?.sequence ?? 0)),
      lagSeconds: Math.max(0, ageMs / 1000),
      shipped: this.#shipped,
      deadLetters: this.#given,
      dropped: this.#spool.dropped + this.#unkept,
    };
  }

  /** Says that there are new records, so that they need not wait for the next look. */
  wake(): void {
    this.#woken = true;
    if (this.#wakeable) this.#nap.abort();
  }

  /** Finishes the batch in flight, makes the cursor durable and closes the receiver. What waits is shipped by the next one. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping = true;
    this.#nap.abort();
    await this.#running;
    await this.#settings.receiver.close();
    await this.#onDisk('cursor', () => this.#spool.save('now'));
  }

  async #run(): Promise<void> {
    while (!this.#stopping) await this.#turn();
  }

  async #turn(): Promise<void> {
    const { receiver, pollMs, batchRecords: records, batchBytes: bytes } = this.#settings;
    const wait = this.#pace.wait();
    if (wait > 0) {
      await this.#onDisk('cursor', () => this.#spool.save('now'));
      await this.#sleep(wait, false);
      return;
    }
    const read = await this.#onDisk('journal', () => this.#spool.fill());
    const most = { records: this.#pace.state === 'half_open' ? 1 : records, bytes };
    const batch = this.#spool.waiting.slice(0, batchSize(this.#spool.waiting, most));
    if (batch.length > 0 || receiver.owes === true) {
      await this.#ship(batch);
      await this.#onDisk('cursor', () => this.#spool.save('when due'));
    } else {
      await this.#onDisk('cursor', () => this.#spool.save('now'));
      await this.#sleep(pollMs, read);
    }
  }

  async #ship(batch: readonly Waiting[]): Promise<void> {
    try {
      const { receiver, clock, sendMs } = this.#settings;
      const records = batch.map(({ shipped }) => shipped);
      const outcomes = await sendWithin(sendMs, { receiver, clock, batch: records });
      await this.#settle(batch, outcomes);
    } catch (error) {
      const known = error instanceof ReceiverError ? error : undefined;
      this.#failed(known?.code ?? systemCode(error), batch.length, known?.afterMs);
    }
  }

  async #settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): Promise<void> {
    const { done, rejected, back } = sortOutcomes(batch, outcomes, this.#settings.tries);
    this.#shipped += done.size;
    const kept = rejected.length === 0 || (await this.#giveUp(rejected));
    if (kept) for (const { one } of rejected) done.add(one);
    const [oldest] = batch;
    if (oldest !== undefined && done.size > 0) this.#spool.passed(oldest.before, done.size);
    const { waiting } = this.#spool;
    waiting.splice(0, waiting.length, ...waiting.filter((one) => !done.has(one)));
    if (!kept) this.#failed('dead_letters', rejected.length);
    else if (back !== undefined && done.size === 0) this.#failed(back.code, batch.length, back.afterMs);
    else {
      if (this.#pace.succeeded()) this.#settings.onEvent({ type: 'breaker_closed' });
      this.#lastError = back?.code;
      if (back !== undefined) this.#pace.heldBack(back.afterMs);
    }
  }

  /** @returns whether the records need not be kept any longer */
  async #giveUp(rejected: readonly Rejected[]): Promise<boolean> {
    const { clock, onEvent } = this.#settings;
    const time = new Date(clock.now()).toISOString();
    const letters = rejected.map(({ one, reason }) => {
      return { sequence: one.shipped.sequence, reason, time, json: one.json };
    });
    let fits = false;
    const wrote = await this.#onDisk('dead_letters', async () => {
      fits = await this.#deadLetters.add(letters);
    });
    if (!wrote) return false;
    const numbers = letters.map(({ sequence }) => sequence);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    if (fits) this.#given += letters.length;
    else {
      this.#unkept += letters.length;
      onEvent({ type: 'dropped', why: 'dead_letters_full', first, last, records: letters.length });
    }
    for (const { one, reason } of fits ? rejected : []) {
      const { sequence, id } = one.shipped;
      onEvent({ type: 'dead_letter', sequence, id, reason });
    }
    return true;
  }

  #failed(code: string, records: number, afterMs?: number): void {
    this.#lastError = code;
    this.#settings.onEvent({ type: 'send_failed', code, records });
    if (this.#pace.failed(afterMs)) this.#settings.onEvent({ type: 'breaker_opened', code });
  }

  /** Tells of a failure of the disk when it begins or becomes another one. @returns whether it worked */
  async #onDisk(what: Disk, work: () => Promise<unknown>): Promise<boolean> {
    try {
      // `false`: there was nothing to do, which says nothing of the disk.
      if ((await work()) !== false) this.#failing.delete(what);
      return true;
    } catch (error) {
      const code = systemCode(error);
      if (this.#failing.get(what) !== code) this.#settings.onEvent({ type: 'disk_failed', what, code });
      this.#failing.set(what, code);
      return false;
    }
  }

  async #sleep(ms: number, wakeable: boolean): Promise<void> {
    this.#nap = new AbortController();
    if (this.#stopping || (wakeable && this.#woken)) {
      this.#woken = false;
      return;
    }
    this.#wakeable = wakeable;
    await this.#settings.clock.sleep(ms, this.#nap.signal);
    this.#wakeable = false;
    this.#woken = false;
  }
}
