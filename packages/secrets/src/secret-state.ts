import type { Secret } from '@sallyport/core';
import type { SecretError } from './secret-error.ts';
import { backoff, lifetimeOf, missingPoll, missingRefresh, type SecretTimes } from './secret-times.ts';
import type { Found } from './upstream.ts';

/** The value that was read last. All times are the clock's. */
export interface Held {
  readonly secret: Secret;
  readonly given: Promise<Secret>;
  readonly version: string | undefined;
  readonly refreshAt: number;
  readonly freshUntil: number;
  readonly usableUntil: number;
}

/** The provider answered, and gave no value. */
export interface Miss {
  readonly code: SecretError['code'];
  readonly given: Promise<Secret>;
  readonly refreshAt: number;
  readonly freshUntil: number;
  /** When it is looked at again although nobody asks, if it is watched. */
  readonly pollAt: number;
  /** How many such answers in a row. */
  readonly count: number;
}

/** The provider did not answer. */
export interface Outage {
  readonly since: number;
  /** How many times in a row; 0 while the first answer is only late. */
  readonly count: number;
  readonly retryAt: number;
  readonly error: SecretError | undefined;
  /** Somebody was given a value past its time. */
  readonly served: boolean;
}

/** What follows from an answer, or from none. */
export class Outcomes {
  readonly #times: SecretTimes;
  readonly #random: () => number;

  constructor(times: SecretTimes, random: () => number) {
    this.#times = times;
    this.#random = random;
  }

  held({ secret, version, validForMs }: Found, before: Held | undefined, now: number): Held {
    const life = lifetimeOf(this.#times, validForMs, this.#random);
    const until = {
      refreshAt: now + life.refresh,
      freshUntil: now + life.fresh,
      usableUntil: now + life.usable,
    };
    // The same value stays the same object.
    if (before?.secret.equals(secret) === true) return { ...before, version, ...until };
    return { secret, given: Promise.resolve(secret), version, ...until };
  }

  miss(error: SecretError, given: Promise<Secret>, before: Miss | undefined, now: number): Miss {
    const count = (before?.count ?? 0) + 1;
    return {
      code: error.code,
      given,
      refreshAt: now + missingRefresh(this.#times, this.#random),
      freshUntil: now + this.#times.missingMs,
      pollAt: now + missingPoll(this.#times, count, this.#random),
      count,
    };
  }

  outage(error: SecretError, before: Outage | undefined, now: number): Outage {
    const { since = now, count = 0, served = false } = before ?? {};
    const retryAt = now + backoff(count + 1, error.retryAfterMs, this.#random);
    return { since, count: count + 1, retryAt, error, served };
  }

  /** A late answer, which is as good as none to whoever has a value from before. */
  lateness(now: number): Outage {
    return { since: now, count: 0, retryAt: now, error: undefined, served: false };
  }
}
