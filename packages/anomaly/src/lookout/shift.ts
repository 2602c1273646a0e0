import type { JournalFs, JournalLock, Nap } from '@sallyport/audit';
import { AlertHistory } from './alert-history.ts';
import { MINUTE } from '../durations.ts';
import { Deliveries } from './deliveries.ts';
import type { Lookout } from './lookout.ts';
import type { LookoutClock } from './lookout-clock.ts';
import { LookoutFile } from './lookout-file.ts';
import type { LookoutPlace } from './lookout-place.ts';
import { openFeed } from './open-feed.ts';
import type { RecordFeed, WatchedRecord } from './ports.ts';
import { type Restored, restored } from './restored.ts';
import type { LookoutServiceOptions, LookoutStatus } from './service-options.ts';
import { Slices } from './slices.ts';
import type { TroubleTeller } from './trouble-teller.ts';

/** Records that are taken at a time; between two batches it can stop and save. */
const BATCH = 64;
/** With so many alerts that nobody takes, it reads no further. */
const MOST_PENDING = 256;
/** The share of the time that saving a large state may take. */
const SAVING_SHARE = 0.05;
/** So far ahead of this clock that of a record may be. */
const MOST_AHEAD = MINUTE;
/** While something waits for its time it is looked at the clock this often: it may have been set back. */
const MOST_WAIT = MINUTE;

export type ShiftSettings = Omit<LookoutServiceOptions, 'onTrouble' | 'onState' | 'onPlace'> &
  Required<
    Pick<
      LookoutServiceOptions,
      'tellSinceMs' | 'respondMs' | 'saveMs' | 'pollMs' | 'sliceMs' | 'fromNow' | 'once'
    >
  > & {
    readonly fs: JournalFs;
    readonly clock: LookoutClock;
    readonly troubles: TroubleTeller;
    readonly nap: Nap;
  };

interface Parts {
  readonly restored: Restored;
  readonly feed: RecordFeed;
  readonly history: AlertHistory;
  readonly file: LookoutFile;
  readonly lock: JournalLock;
}

/** The watch of one process, from when it has the lock until it stops or loses it. */
export class Shift {
  readonly #settings: ShiftSettings;
  readonly #lookout: Lookout;
  readonly #feed: RecordFeed;
  readonly #file: LookoutFile;
  /** Whether what it does not look at is lost: there is no journal that keeps it. */
  readonly #isStream: boolean;
  readonly #history: AlertHistory;
  readonly #lock: JournalLock;
  readonly #deliveries: Deliveries;
  #caughtUp = false;
  #changed: boolean;
  #saveAt: number;
  /** Not earlier, so that saving takes no larger share of the time. */
  #saveFrom = -Infinity;
  #lookAt = -Infinity;
  #stopping = false;

  private constructor(settings: ShiftSettings, { restored, feed, history, file, lock }: Parts) {
    const { clock, troubles, respondMs, saveMs, onAlert, put, restrict } = settings;
    this.#settings = settings;
    this.#lookout = restored.lookout;
    this.#feed = feed;
    this.#file = file;
    this.#isStream = settings.stream !== undefined;
    this.#history = history;
    this.#lock = lock;
    this.#deliveries = new Deliveries({
      history,
      troubles,
      respondMs,
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      ...(onAlert !== undefined && { onAlert }),
      ...(put !== undefined && { put }),
      ...(restrict !== undefined && { restrict }),
    });
    // Where it began is saved at once: another start would begin elsewhere.
    this.#changed = restored.cursor === undefined;
    this.#saveAt = this.#changed ? -Infinity : clock.elapsed() + saveMs;
  }

  /** Goes on from what was saved. @throws an error of the system when that cannot be read */
  static async begin(settings: ShiftSettings, { folder, lock }: LookoutPlace): Promise<Shift> {
    const { fs } = settings;
    const file = new LookoutFile(folder, fs);
    const before = await restored(file, settings);
    const history = await AlertHistory.open(folder, { fs });
    return new Shift(settings, { restored: before, feed: openFeed(settings, before), history, file, lock });
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
    // What a stream still holds then is looked at: there is no other process that could.
    while (this.#lock.isHeld() && (!this.#stopping || this.#isStream)) {
      const isLast = once || this.#stopping;
      const read = await this.#turn();
      if (read > 0) await clock.turn();
      else if (isLast) break;
      else await nap.sleep(pollMs, 'wakeable');
    }
    if (this.#lock.isHeld()) {
      if (this.#isStream) this.#tellAll();
      await this.#deliveries.run({ isLast: true });
      await this.#save();
    } else this.#settings.troubles.tell({ type: 'lock_lost' });
    await this.#history.close().catch(() => undefined);
  }

  /** @returns how many records were read */
  async #turn(): Promise<number> {
    const { clock } = this.#settings;
    const records = this.#deliveries.untaken < MOST_PENDING ? await this.#next() : [];
    if (records.length > 0) await this.#observe(records);
    else if (this.#caughtUp) this.#dueNow();
    await this.#deliveries.run();
    if (this.#changed && clock.elapsed() >= this.#saveAt) await this.#save();
    return records.length;
  }

  async #next(): Promise<readonly WatchedRecord[]> {
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

  async #observe(records: readonly WatchedRecord[]): Promise<void> {
    const { clock, sliceMs } = this.#settings;
    const slices = new Slices(clock, sliceMs);
    for (const { record, journal, time } of records) {
      // By the time of the records, as long as they tell it: a long history is grouped as it was when it was news.
      const latest = clock.now() + MOST_AHEAD;
      this.#due(Math.min(time, latest));
      for (const raised of this.#lookout.observe(record, journal, latest)) {
        this.#deliveries.addRaised(raised);
        // What waits in memory only would be lost with the process.
        if (this.#isStream && raised.fate === 'held') this.#saveAt = this.#saveFrom;
      }
      if (slices.isOver) await slices.turn();
    }
    this.#changed = true;
  }

  #due(now: number): void {
    const { nextDue } = this.#lookout;
    if (nextDue === undefined || nextDue > now) return;
    this.#tellUntil(now);
  }

  #dueNow(): void {
    const { clock } = this.#settings;
    const { nextDue } = this.#lookout;
    if (nextDue === undefined) return;
    const now = clock.now();
    const elapsed = clock.elapsed();
    if (nextDue > now && elapsed < this.#lookAt) return;
    this.#lookAt = elapsed + MOST_WAIT;
    this.#tellUntil(now);
  }

  /** What waits for others of its group does not wait for the next process, which may never come. */
  #tellAll(): void {
    for (let next = this.#lookout.nextDue; next !== undefined; next = this.#lookout.nextDue)
      this.#tellUntil(next);
  }

  #tellUntil(now: number): void {
    for (const notice of this.#lookout.due(now)) this.#deliveries.addNotice(notice);
    this.#changed = true;
  }

  /** Never while a notice could be lost by it. */
  async #save(): Promise<void> {
    const { clock, saveMs, sliceMs, troubles } = this.#settings;
    if (!this.#changed || this.#deliveries.size > 0) return;
    const began = clock.elapsed();
    try {
      await this.#file.save(this.#lookout.saveParts(this.#feed.cursor), new Slices(clock, sliceMs));
      this.#changed = false;
      troubles.went('state');
    } catch (error) {
      troubles.failed('state', error);
    }
    const now = clock.elapsed();
    this.#saveFrom = now + (now - began) / SAVING_SHARE;
    this.#saveAt = Math.max(now + saveMs, this.#saveFrom);
  }
}
