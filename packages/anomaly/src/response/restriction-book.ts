import type { Change } from './change-restrictions.ts';
import type { Restriction } from './restriction.ts';
import { type ReadFile, RestrictionFile, type RestrictionFileOptions } from './restriction-file.ts';
import { NO_RESTRICTIONS, type Restrictions } from './restrictions.ts';
import type { RestrictionsUnreadable } from './restrictions-error.ts';
import { type CallFacts, StandingIndex } from './standing-index.ts';

export interface RestrictionBookOptions extends RestrictionFileOptions {
  /** How often it is looked whether another process has changed the file, in milliseconds. Default: 500. */
  readonly refreshMs?: number;
  /** Told once when the file becomes unreadable, with what to do; again only after it could be read meanwhile. */
  readonly onTrouble?: (error: RestrictionsUnreadable) => void;
  /** Told of what was read or written each time that it changed: see `restrictionsDiff`. */
  readonly onChange?: (restrictions: readonly Restriction[]) => void;
}

/**
 * What a process holds in memory of a `RestrictionFile`. It answers at once; what other processes write it knows after
 * `refreshMs`, what this one writes before `update` resolves. Restrictions end by the clock of whoever asks.
 */
export class RestrictionBook {
  readonly file: RestrictionFile;
  readonly #onTrouble: (error: RestrictionsUnreadable) => void;
  readonly #onChange: (restrictions: readonly Restriction[]) => void;
  /** Undefined while the file cannot be read. */
  #index: StandingIndex | undefined;
  #restrictions: Restrictions = NO_RESTRICTIONS;
  #stamp: string | undefined;
  #refreshing: Promise<void> | undefined;
  /** Counts what was taken over: a slower reading of something older must not undo it. */
  #taken = 0;
  #isTroubled = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: RestrictionBookOptions) {
    this.file = new RestrictionFile(options);
    this.#onTrouble = options.onTrouble ?? (() => undefined);
    this.#onChange = options.onChange ?? (() => undefined);
  }

  /** Reads the file. Where that cannot be read, every call is refused until it can. */
  static async open(options: RestrictionBookOptions): Promise<RestrictionBook> {
    const book = new RestrictionBook(options);
    await book.refresh();
    book.#timer = setInterval(() => void book.refresh(), options.refreshMs ?? 500).unref();
    return book;
  }

  /** Whether nothing at all is restricted: no call has to be looked at. */
  get isClear(): boolean {
    return this.#index?.size === 0;
  }

  /** Whether somebody is restricted under a pseudonym. @param now milliseconds since the epoch */
  hasPseudonyms(now: number): boolean {
    return this.#index?.hasPseudonyms(now) === true;
  }

  /** As it was read or written last, also what is over; while the file cannot be read, as it was before. */
  get restrictions(): Restrictions {
    return this.#restrictions;
  }

  /**
   * What stands in the way of a call. A quarantine comes before an approval.
   *
   * @param now milliseconds since the epoch
   * @returns `unavailable` while the file cannot be read: nobody can tell
   */
  standing(facts: CallFacts, now: number): Restriction | 'unavailable' | undefined {
    const index = this.#index;
    if (index === undefined) return 'unavailable';
    return index.size === 0 ? undefined : index.find(facts, now);
  }

  /** Changes the file, and knows it at once. @throws as `RestrictionFile.update` does */
  async update<T>(change: Change<T>): Promise<T> {
    const written = await this.file.update(change);
    this.#take(written);
    return written.result;
  }

  /** Looks whether the file has changed. Never fails: what cannot be read is told, and refuses. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Ends the looking. What it knows stays as it is. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #refresh(): Promise<void> {
    for (;;) {
      const taken = this.#taken;
      try {
        const read = await this.file.readUnless(this.#index === undefined ? undefined : this.#stamp);
        if (taken !== this.#taken) continue;
        if (read !== undefined) this.#take(read);
      } catch (error) {
        this.#fail(error as RestrictionsUnreadable);
      }
      return;
    }
  }

  #take({ restrictions, stamp }: ReadFile): void {
    this.#taken += 1;
    const isNew = this.#index === undefined || stamp !== this.#stamp;
    this.#isTroubled = false;
    this.#stamp = stamp;
    if (!isNew) return;
    this.#restrictions = restrictions;
    this.#index = new StandingIndex(restrictions.restrictions);
    this.#onChange(restrictions.restrictions);
  }

  #fail(error: RestrictionsUnreadable): void {
    this.#index = undefined;
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    this.#onTrouble(error);
  }
}
