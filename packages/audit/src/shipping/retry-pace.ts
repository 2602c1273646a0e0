import type { Clock } from './clock.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface RetryTimes {
  /** The longest first wait, in milliseconds; it doubles with each failure in a row. Default: 500. */
  readonly firstMs?: number;
  /** The longest wait, in milliseconds. Default: 60,000. */
  readonly longestMs?: number;
  /** So many failures in a row open the breaker. Default: 5. */
  readonly failures?: number;
  /** How long an open breaker lets nothing through, in milliseconds. Default: 30,000. */
  readonly openMs?: number;
}

/** A receiver that asks for more is tried earlier: a wrong header must not keep records back for a day. */
const LONGEST_AFTER_MS = 300_000;

/**
 * When a receiver is tried again: full jitter (a random share of a wait that doubles), so that many that failed together
 * do not come back together; and a breaker, which then lets one record through to try.
 */
export class RetryPace {
  readonly #clock: Clock;
  readonly #times: Required<RetryTimes>;
  #failures = 0;
  #notBefore = -Infinity;
  #state: BreakerState = 'closed';

  constructor(clock: Clock, times: RetryTimes) {
    this.#clock = clock;
    this.#times = { firstMs: 500, longestMs: 60_000, failures: 5, openMs: 30_000, ...times };
    for (const [name, value] of Object.entries(this.#times)) {
      if (!(value > 0)) throw new TypeError(`${name} of a receiver has to be a number over 0.`);
    }
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds until the next try is allowed; the breaker is half open from then on. */
  wait(): number {
    const left = this.#notBefore - this.#clock.now();
    // A clock that was set back must not stop shipping until it has caught up.
    const most = Math.max(this.#times.longestMs, this.#times.openMs, LONGEST_AFTER_MS);
    if (left > 0 && left <= most) return left;
    if (this.#state === 'open') this.#state = 'half_open';
    return 0;
  }

  /** @returns whether the breaker was not closed before */
  succeeded(): boolean {
    const was = this.#state;
    this.#failures = 0;
    this.#state = 'closed';
    this.#notBefore = -Infinity;
    return was !== 'closed';
  }

  /** @returns whether this opened the breaker */
  failed(afterMs = 0): boolean {
    const { firstMs, longestMs, failures, openMs } = this.#times;
    const was = this.#state;
    const most = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 40));
    this.#failures += 1;
    let wait = Math.max(this.#clock.random() * most, Math.min(afterMs, LONGEST_AFTER_MS));
    if (this.#failures >= failures) {
      this.#state = 'open';
      wait = Math.max(wait, openMs * (0.5 + this.#clock.random() / 2));
    }
    this.#notBefore = this.#clock.now() + wait;
    return was === 'closed' && this.#state === 'open';
  }

  /** Some of a batch was accepted: the rest waits without the receiver counting as away. */
  heldBack(afterMs = 0): void {
    const wait = Math.max(this.#clock.random() * this.#times.firstMs, Math.min(afterMs, LONGEST_AFTER_MS));
    this.#notBefore = this.#clock.now() + wait;
  }
}
