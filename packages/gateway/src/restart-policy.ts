/** Whether a server that failed is started again. */
export interface RestartPolicy {
  /** `on-crash`: when it ended with an error, a signal, or a closed pipe. Default: `never`. */
  readonly mode?: 'never' | 'on-crash';
  /** Restarts allowed within `windowMs`. Default: 5. */
  readonly maxRestarts?: number;
  /** Default: 60,000. */
  readonly windowMs?: number;
  /**
   * Wait before a restart: `initialMs` (200), doubled for each one within the window, at most `maxMs`
   * (5,000).
   */
  readonly backoff?: { readonly initialMs?: number; readonly maxMs?: number };
}

/**
 * Decides about restarts. It keeps the times of the recent ones; the clock is the caller's, in
 * milliseconds.
 */
export class RestartBudget {
  readonly #mode: 'never' | 'on-crash';
  readonly #maxRestarts: number;
  readonly #windowMs: number;
  readonly #initialMs: number;
  readonly #maxMs: number;
  #recent: readonly number[] = [];

  /** @throws TypeError when a number is negative or no number */
  constructor(policy: RestartPolicy) {
    this.#mode = policy.mode ?? 'never';
    this.#maxRestarts = amount('maxRestarts', policy.maxRestarts ?? 5);
    this.#windowMs = amount('windowMs', policy.windowMs ?? 60_000);
    this.#initialMs = amount('backoff.initialMs', policy.backoff?.initialMs ?? 200);
    this.#maxMs = amount('backoff.maxMs', policy.backoff?.maxMs ?? 5_000);
  }

  /** Milliseconds to wait before the restart, or undefined when there shall be none. */
  next(now: number): number | undefined {
    if (this.#mode === 'never') return undefined;
    this.#recent = this.#recent.filter((time) => now - time < this.#windowMs);
    const count = this.#recent.length;
    if (count >= this.#maxRestarts) return undefined;
    this.#recent = [...this.#recent, now];
    return Math.min(this.#initialMs * 2 ** count, this.#maxMs);
  }
}

function amount(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`restart.${name} must be a number of 0 or more, such as 5.`);
}
