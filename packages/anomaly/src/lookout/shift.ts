import type { JournalFs, JournalLock, Nap } from '@sallyport/audit';
import { AlertHistory } from './alert-history.ts';
import { Deliveries } from './deliveries.ts';
import { parseCursor } from './feed-cursor.ts';
import { JournalFeed } from './journal-feed.ts';
import type { FedRecord } from './journal-source.ts';
import type { Lookout } from './lookout.ts';
import type { LookoutClock } from './lookout-clock.ts';
import type { LookoutFile } from './lookout-file.ts';
import { LookoutStateError } from './saved-lookout.ts';
import type { LookoutServiceOptions, LookoutStatus } from './service-options.ts';
import type { TroubleTeller } from './trouble-teller.ts';

/** Records that are taken at a time; between two batches it can stop and save. */
const BATCH = 64;
/** With so many alerts that nobody takes, it reads no further. */
const MOST_PENDING = 256;
const RETRY_MS = 1000;
/** The share of the time that saving a large state may take. */
const SAVING_SHARE = 0.05;

export type ShiftSettings = Omit<LookoutServiceOptions, 'onTrouble' | 'onState'> &
  Required<
    Pick<
      LookoutServiceOptions,
      'tellSinceMs' | 'respondMs' | 'saveMs' | 'pollMs' | 'sliceMs' | 'fromNow' | 'once'
    >
  > & {
    readonly fs: JournalFs;
    readonly clock: LookoutClock;
    readonly file: LookoutFile;
    readonly troubles: TroubleTeller;
    readonly nap: Nap;
  };

interface Parts {
  readonly lookout: Lookout;
  readonly feed: JournalFeed;
  readonly history: AlertHistory;
  readonly lock: JournalLock;
  /** Whether there was nothing to go on from. */
  readonly isFirst: boolean;
}

/** The watch of one process, from when it has the lock until it stops or loses it. */
export class Shift {
  readonly #settings: ShiftSettings;
  readonly #lookout: Lookout;
  readonly #feed: JournalFeed;
  readonly #history: AlertHistory;
  readonly #lock: JournalLock;
  readonly #deliveries: Deliveries;
  #caughtUp = false;
  #changed: boolean;
  #saveAt: number;
  #retryAt = -Infinity;
  #stopping = false;

  private constructor(settings: ShiftSettings, { lookout, feed, history, lock, isFirst }: Parts) {
    const { clock, troubles, respondMs, saveMs, onAlert, put, restrict } = settings;
    this.#settings = settings;
    this.#lookout = lookout;
    this.#feed = feed;
    this.#history = history;
    this.#lock = lock;
    this.#deliveries = new Deliveries({
      history,
      troubles,
      respondMs,
      now: () => clock.now(),
      ...(onAlert !== undefined && { onAlert }),
      ...(put !== undefined && { put }),
      ...(restrict !== undefined && { restrict }),
    });
    // Where it began is saved at once: another start would begin elsewhere.
    this.#changed = isFirst;
    this.#saveAt = isFirst ? -Infinity : clock.elapsed() + saveMs;
  }

  /** Goes on from what was saved. @throws an error of the system when that cannot be read */
  static async begin(settings: ShiftSettings, lock: JournalLock): Promise<Shift> {
    const { fs, folder, journals, clock, pollMs, fromNow, troubles } = settings;
    const { lookout, cursor, isFirst } = await restored(settings);
    const history = await AlertHistory.open(folder, { fs });
    const feed = new JournalFeed({
      folder: journals,
      cursor,
      fromNow: isFirst && fromNow,
      pollMs,
      fs,
      elapsed: () => clock.elapsed(),
      onProblem: (problem) => troubles.tell({ type: 'unread', problem }),
    });
    return new Shift(settings, { lookout, feed, history, lock, isFirst: cursor === undefined });
  }

  get status(): Omit<LookoutStatus, 'state'> {
    const { records, alerts } = this.#lookout.counts;
    const { journals } = this.#feed;
    return { records, alerts, journals, caughtUp: this.#caughtUp, pending: this.#deliveries.size };
  }

  stop(): void {
    this.#stopping = true;
  }

  wake(): void {
    this.#feed.wake();
  }

  /** Until `stop`, or the lock is lost, or, to be done once, all was read. It never throws. */
  async run(): Promise<void> {
    const { clock, nap, pollMs, once } = this.#settings;
    while (!this.#stopping && this.#lock.isHeld()) {
      const read = await this.#turn();
      if (read > 0) await clock.turn();
      else if (once) break;
      else await nap.sleep(pollMs, 'wakeable');
    }
    if (this.#lock.isHeld()) {
      await this.#deliveries.run();
      await this.#save();
    } else this.#settings.troubles.tell({ type: 'lock_lost' });
    await this.#history.close().catch(() => undefined);
  }

  /** @returns how many records were read */
  async #turn(): Promise<number> {
    const { clock } = this.#settings;
    await this.#retry();
    const records = this.#deliveries.size < MOST_PENDING ? await this.#next() : [];
    if (records.length > 0) await this.#observe(records);
    else if (this.#caughtUp) this.#due(clock.now());
    await this.#deliver();
    if (this.#changed && clock.elapsed() >= this.#saveAt) await this.#save();
    return records.length;
  }

  async #next(): Promise<readonly FedRecord[]> {
    const { troubles } = this.#settings;
    try {
      const records = await this.#feed.next(BATCH);
      this.#caughtUp = records.length === 0;
      troubles.went('journals');
      return records;
    } catch (error) {
      troubles.failed('journals', error);
      return [];
    }
  }

  async #observe(records: readonly FedRecord[]): Promise<void> {
    const { clock, sliceMs } = this.#settings;
    let began = clock.elapsed();
    for (const { record, journal, time } of records) {
      // By the time of the records, as long as they tell it: a long history is grouped as it was when it was news.
      this.#due(time);
      for (const raised of this.#lookout.observe(record, journal)) this.#deliveries.addRaised(raised);
      if (clock.elapsed() - began < sliceMs) continue;
      await clock.turn();
      began = clock.elapsed();
    }
    this.#changed = true;
  }

  #due(now: number): void {
    const { nextDue } = this.#lookout;
    if (nextDue === undefined || nextDue > now) return;
    for (const notice of this.#lookout.due(now)) this.#deliveries.addNotice(notice);
    this.#changed = true;
  }

  /** What was refused before is tried again from time to time, and what is new at once. */
  async #deliver(): Promise<void> {
    if (this.#retryAt === -Infinity) await this.#try();
  }

  async #retry(): Promise<void> {
    if (this.#retryAt !== -Infinity && this.#settings.clock.elapsed() >= this.#retryAt) await this.#try();
  }

  async #try(): Promise<void> {
    await this.#deliveries.run();
    this.#retryAt = this.#deliveries.size === 0 ? -Infinity : this.#settings.clock.elapsed() + RETRY_MS;
  }

  /** Never while a notice could be lost by it. */
  async #save(): Promise<void> {
    const { clock, file, saveMs, troubles } = this.#settings;
    if (!this.#changed || this.#deliveries.size > 0) return;
    const began = clock.elapsed();
    try {
      await file.save(this.#lookout.save(this.#feed.cursor));
      this.#changed = false;
      troubles.went('state');
    } catch (error) {
      troubles.failed('state', error);
    }
    const now = clock.elapsed();
    this.#saveAt = now + Math.max(saveMs, (now - began) / SAVING_SHARE);
  }
}

async function restored(settings: ShiftSettings): Promise<{
  readonly lookout: Lookout;
  readonly cursor: ReturnType<typeof parseCursor>;
  /** Whether nothing was ever saved. */
  readonly isFirst: boolean;
}> {
  const { file, lookout, clock, tellSinceMs, troubles } = settings;
  const tellSince = clock.now() - tellSinceMs;
  try {
    const saved = await file.load();
    if (saved === undefined) return { lookout: lookout(tellSince), cursor: undefined, isFirst: true };
    const restored = lookout(tellSince);
    const cursor = parseCursor(restored.restore(saved));
    if (cursor === undefined) throw new LookoutStateError('it does not say where in the journals it stands');
    return { lookout: restored, cursor, isFirst: false };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof LookoutStateError)) throw error;
    const why = error instanceof SyntaxError ? 'it is no JSON, or not all of it is there' : error.message;
    troubles.tell({ type: 'state_damaged', file: await file.setAside(clock.now()), why });
    return { lookout: lookout(tellSince), cursor: undefined, isFirst: false };
  }
}
