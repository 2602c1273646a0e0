import type { ClockWatch } from './clock-watch.ts';
import type { JournalEntry } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalSettings } from './journal-settings.ts';
import { prune } from './retention.ts';

/** How often an idle journal looks for segments that are too old. */
const EVERY_MS = 60_000;

/** Removes segments in the background, one time after another. */
export class Pruner {
  readonly #folder: string;
  readonly #settings: JournalSettings;
  readonly #clock: ClockWatch;
  readonly #append: (entry: JournalEntry) => Promise<void>;
  #prunedAt = -Infinity;
  #isStopped = false;
  #running: Promise<void> | undefined;

  /** @param options `append` makes an entry of the journal durable */
  constructor(
    folder: string,
    settings: JournalSettings,
    options: { readonly clock: ClockWatch; readonly append: (entry: JournalEntry) => Promise<void> },
  ) {
    this.#folder = folder;
    this.#settings = settings;
    this.#clock = options.clock;
    this.#append = options.append;
  }

  soon(): void {
    const { keepMs, keepBytes, monotonic, onEvent } = this.#settings;
    if (this.#isStopped || (keepMs === Infinity && keepBytes === Infinity)) return;
    this.#prunedAt = monotonic();
    this.#running ??= prune(this.#folder, this.#settings, {
      now: this.#clock.cautiousNow(),
      append: this.#append,
    })
      .catch((error: Error) => {
        // What is not as it was written stays so: told once, and nothing is removed any more.
        this.#isStopped = error instanceof JournalError && error.code === 'damaged';
        onEvent({ type: 'prune_failed', error });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  whenDue(): void {
    if (this.#settings.monotonic() - this.#prunedAt >= EVERY_MS) this.soon();
  }

  /** Resolves when nothing is being removed. */
  async idle(): Promise<void> {
    await this.#running;
  }
}
