import { join } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import type { JournalLock } from '../journal/journal-lock.ts';
import { CheckpointFeed } from './checkpoint-feed.ts';
import { closeWithin } from './close-within.ts';
import { DeadLetters } from './dead-letters.ts';
import { DiskWatch } from './disk-watch.ts';
import { recordsAtLastCheckpoint } from './last-checkpoint.ts';
import { Nap } from './nap.ts';
import { type Outcome, ReceiverError } from './receiver.ts';
import { RetryPace } from './retry-pace.ts';
import {
  type ShipperOptions,
  type ShipperSettings,
  shipperSettings,
  type ShipperStatus,
} from './shipper-options.ts';
import { lockShipper } from './shipper-lock.ts';
import { batchSize, type Waiting } from './shipping-window.ts';
import { sendWithin } from './send-within.ts';
import { type Rejected, sortOutcomes } from './sort-outcomes.ts';
import { Spool } from './spool.ts';

/** How long a receiver may take to end its connection, in milliseconds; one that has to read the rest needs some of it. */
const CLOSE_MS = 3000;
const LOCK_LOST = 'lock_lost';

/**
 * Ships the records of a journal to one receiver, at least once and in order, from a cursor of its own. It only reads the
 * journal: that a receiver is away or slow never holds up a call.
 */
export class Shipper {
  readonly #settings: ShipperSettings;
  readonly #spool: Spool;
  readonly #pace: RetryPace;
  readonly #deadLetters: DeadLetters;
  readonly #checkpoints: CheckpointFeed;
  readonly #lock: JournalLock;
  readonly #disk: DiskWatch;
  readonly #nap: Nap;
  /** Aborts when a receiver has held up the end for long enough. */
  readonly #cut = new AbortController();
  #lastError: string | undefined;
  #shipped = 0;
  #given = 0;
  #unkept = 0;
  #stopping = false;
  readonly #running: Promise<void>;
  #stopped: Promise<void> | undefined;

  private constructor(settings: ShipperSettings, spool: Spool, lock: JournalLock) {
    const { fs, folder, name, deadLetterBytes, clock, retry } = settings;
    this.#settings = settings;
    this.#spool = spool;
    this.#pace = new RetryPace(clock, retry);
    this.#deadLetters = new DeadLetters(fs, join(folder, `${name}.dead-letters`), deadLetterBytes);
    this.#checkpoints = new CheckpointFeed(settings);
    this.#lock = lock;
    this.#disk = new DiskWatch(settings.onEvent);
    this.#nap = new Nap(clock);
    this.#running = this.#run();
  }

  /**
   * Begins to ship: where the last shipper of this name ended, or with the oldest record. The journal need not be there yet.
   *
   * @throws TypeError for an option that cannot be used, JournalError `locked` while another process ships under this name,
   *   and an error of the system when the cursor cannot be read
   */
  static async open(options: ShipperOptions): Promise<Shipper> {
    const settings = shipperSettings(options);
    const lock = await lockShipper(settings);
    try {
      return new Shipper(settings, await Spool.open(settings), lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
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
    this.#nap.wake();
  }

  /**
   * Finishes the batch in flight, ships the journal's newest checkpoint, closes the receiver and makes the cursor durable. A
   * receiver that does not answer within `stopMs` is given up, and one that does not end its connection soon too. What was
   * not accepted is shipped by the next one. A journal that is closed before has its last checkpoint.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { clock, receiver, sendMs, stopMs } = this.#settings;
    const finished = new AbortController();
    this.#stopping = true;
    this.#nap.end();
    void clock.sleep(stopMs, finished.signal).then(() => this.#cut.abort());
    try {
      await this.#running;
      if (this.#pace.state === 'closed' && this.#pace.wait() === 0 && this.#holdsLock()) {
        const last = await this.#checkpoint('now');
        if (last !== undefined) await this.#ship([last], sendMs);
      }
    } finally {
      finished.abort();
      await closeWithin(CLOSE_MS, { receiver, clock });
      if (this.#holdsLock()) await this.#disk.run('cursor', () => this.#spool.save('now'));
      await this.#lock.release();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping && this.#holdsLock()) await this.#turn();
  }

  /** A process that was suspended for long may wake up when another one ships in its place. */
  #holdsLock(): boolean {
    if (this.#lastError === LOCK_LOST) return false;
    if (this.#lock.isHeld()) return true;
    this.#lastError = LOCK_LOST;
    this.#settings.onEvent({ type: 'disk_failed', what: 'lock', code: LOCK_LOST });
    return false;
  }

  async #turn(): Promise<void> {
    const { receiver, pollMs, sendMs, batchRecords: records, batchBytes: bytes } = this.#settings;
    const wait = this.#pace.wait();
    if (wait > 0) {
      await this.#disk.run('cursor', () => this.#spool.save('now'));
      await this.#nap.sleep(wait, 'soundly');
      return;
    }
    const read = await this.#disk.run('journal', () => this.#spool.fill());
    const most = { records: this.#pace.state === 'half_open' ? 1 : records, bytes };
    const batch = this.#spool.waiting.slice(0, batchSize(this.#spool.waiting, most));
    // A half open breaker lets one through.
    const checkpoint =
      this.#pace.state === 'closed' || batch.length === 0 ? await this.#checkpoint('when due') : undefined;
    if (checkpoint !== undefined) batch.push(checkpoint);
    if (batch.length > 0 || receiver.owes === true) {
      await this.#ship(batch, sendMs);
      await this.#disk.run('cursor', () => this.#spool.save('when due'));
    } else {
      await this.#disk.run('cursor', () => this.#spool.save('now'));
      await this.#nap.sleep(pollMs, read ? 'wakeable' : 'soundly');
    }
  }

  async #checkpoint(when: 'now' | 'when due'): Promise<Waiting | undefined> {
    let due: Waiting | undefined;
    await this.#disk.run('journal', async () => {
      due = await this.#checkpoints.due(when, this.#spool.position);
      return false;
    });
    return due;
  }

  async #ship(batch: readonly Waiting[], ms: number): Promise<void> {
    try {
      const { receiver, clock } = this.#settings;
      const records = batch.map(({ shipped }) => shipped);
      const outcomes = await sendWithin(ms, { receiver, clock, batch: records, stopped: this.#cut.signal });
      await this.#settle(batch, outcomes);
    } catch (error) {
      const known = error instanceof ReceiverError ? error : undefined;
      this.#failed(known?.code ?? systemCode(error), batch.length, known?.afterMs);
    }
  }

  async #settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): Promise<void> {
    const { done, rejected, back } = sortOutcomes(batch, outcomes, this.#settings.tries);
    this.#shipped += [...done].filter((one) => !this.#checkpoints.isIt(one)).length;
    const kept = rejected.length === 0 || (await this.#giveUp(rejected));
    if (kept) for (const { one } of rejected) done.add(one);
    const [oldest] = batch;
    if (oldest !== undefined && done.size > 0) this.#spool.passed(oldest.before, done.size);
    const { waiting } = this.#spool;
    waiting.splice(0, waiting.length, ...waiting.filter((one) => !done.has(one)));
    this.#checkpoints.settled(done);
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
    const wrote = await this.#disk.run('dead_letters', async () => {
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
}
