import { HOUR, MINUTE } from '../durations.ts';
import { Bundle, type SavedBundle } from './bundle.ts';
import type { Notice } from './notice.ts';
import { rankOf } from './severity.ts';

export interface SavedFlood {
  readonly times: readonly number[];
  readonly end: number | null;
  readonly waits: SavedBundle;
}

/** How long notices are folded into one, in milliseconds. */
const FOLD_MS = 10 * MINUTE;
/** A fold tells so many alerts at most. */
const MOST = 20;
const SEVERAL = '0'.repeat(32);
const HIGH = rankOf('high');

/** Lets so many notices through in an hour, and folds the others into one notice in ten minutes. */
export class Flood {
  readonly #burst: number;
  readonly #waits: Bundle;
  /** When notices were let through in the last hour, oldest first. */
  readonly #times: number[];
  #end: number | undefined;

  constructor(burst: number, saved?: SavedFlood) {
    this.#burst = burst;
    this.#waits = new Bundle(MOST, saved?.waits);
    this.#times = [...(saved?.times ?? [])];
    this.#end = saved?.end ?? undefined;
  }

  /** When what was folded is due, in milliseconds since the epoch; undefined while nothing is folded. */
  get end(): number | undefined {
    return this.#end;
  }

  /** Alerts that wait to be told or counted. */
  get waiting(): number {
    return this.#waits.waiting;
  }

  /** @returns whether it may be told; otherwise it was folded */
  lets(notice: Notice, rank: number, now: number): boolean {
    while ((this.#times[0] ?? now) <= now - HOUR) this.#times.shift();
    // The last quarter is for what must not be late.
    const room = rank >= HIGH ? this.#burst : Math.ceil(this.#burst * 0.75);
    if (this.#times.length < room) {
      this.#times.push(now);
      return true;
    }
    this.#waits.fold(notice);
    this.#end ??= now + FOLD_MS;
    return false;
  }

  /** What was folded, when its time has come. */
  due(now: number): Notice | undefined {
    if (this.#end === undefined || now < this.#end) return undefined;
    this.#end = undefined;
    return this.#waits.take(SEVERAL);
  }

  /** The clock was set back: what was let through is forgotten, and what was folded is due. */
  setBack(now: number): void {
    this.#times.length = 0;
    if (this.#end !== undefined) this.#end = now;
  }

  save(): SavedFlood {
    return { times: [...this.#times], end: this.#end ?? null, waits: this.#waits.save() };
  }
}
