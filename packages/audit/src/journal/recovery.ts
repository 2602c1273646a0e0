import type { Accepted, Backlog } from './backlog.ts';
import type { JournalEntry } from './entry.ts';
import type { GroupCommit } from './group-commit.ts';
import { JournalError, systemCode } from './journal-error.ts';
import type { JournalLock } from './journal-lock.ts';
import type { JournalSettings } from './journal-settings.ts';
import type { Outage } from './outage.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** The parts of a journal that a failure stops. */
interface Parts {
  readonly writer: SegmentWriter;
  readonly groups: GroupCommit;
  readonly backlog: Backlog;
  readonly outage: Outage;
  readonly lock: JournalLock;
  /** Makes an entry of the journal durable. */
  readonly append: (entry: JournalEntry) => Promise<void>;
  /** Writes an accepted record after all. */
  readonly again: (accepted: Accepted) => void;
}

/** Tries a disk that failed until it is back, and says in the chain what happened to records meanwhile. */
export class Recovery {
  readonly #settings: JournalSettings;
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Entries about what happened are on their way. */
  #telling = false;

  constructor(settings: JournalSettings, parts: Parts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.now().catch(() => this.later());
    }, this.#settings.retryMs).unref();
  }

  /** Begins a new segment behind what is known to be durable. @throws while the disk still fails */
  now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#repair().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** What was lost because it came too fast is told once it does not any longer. */
  tellLoss(): void {
    const { backlog, outage } = this.#parts;
    if (backlog.lost === undefined || this.#telling) return;
    outage.end();
    this.#tell('overloaded');
  }

  /** Lets go of the timer. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #repair(): Promise<void> {
    const { writer, groups, outage, lock } = this.#parts;
    await groups.idle();
    if (!lock.isHeld()) throw new JournalError('locked', 'The lock of the audit journal was removed.');
    await writer.repair();
    const cause = systemCode(outage.error?.cause);
    outage.end();
    groups.resume();
    this.#tell(cause);
  }

  #tell(cause: string): void {
    const { now, onEvent } = this.#settings;
    const { backlog, append, again } = this.#parts;
    const { refused, lost } = backlog;
    const time = new Date(now()).toISOString();
    const entries = [append({ type: 'recovered', time, cause, refused, lost: lost?.count ?? 0 })];
    for (const accepted of backlog.release()) again(accepted);
    if (lost !== undefined) {
      const [first, last] = [new Date(lost.first).toISOString(), new Date(lost.last).toISOString()];
      entries.push(append({ type: 'dropped', time, count: lost.count, first, last }));
    }
    this.#telling = true;
    Promise.all(entries)
      .then(
        () => {
          backlog.settle({ refused, lost });
          onEvent({ type: 'recovered', refused, lost: lost?.count ?? 0 });
        },
        // It failed again, and the outage says so.
        () => undefined,
      )
      .finally(() => {
        this.#telling = false;
      });
  }
}
