import type { Secret } from '@sallyport/core';
import { SecretError } from './secret-error.ts';
import type { LookUp } from './upstream.ts';

type Outcome = Secret | Promise<Secret>;

/** One look-up, and everybody who waits for it. */
export class Flight {
  readonly lookUp: LookUp;
  readonly startedAt: number;
  /** What came of it. */
  readonly done: Promise<Secret>;
  /** The same, or the value from before when that takes long. */
  readonly soon: Promise<Secret>;
  /** It is flown to the end even when nobody waits. */
  readonly background: boolean;
  /** The value may have changed since it began, so that another one has to follow. */
  again = false;
  /** It takes so long that the value from before is used meanwhile. */
  slow = false;
  #waiting = 0;
  /** As many of them as wait for `soon`. */
  #hurried = 0;
  #land: (outcome: Outcome) => void = () => undefined;
  #landSoon: (outcome: Outcome) => void = () => undefined;

  constructor(lookUp: LookUp, startedAt: number, background: boolean) {
    this.lookUp = lookUp;
    this.startedAt = startedAt;
    this.background = background;
    this.done = quietly(
      new Promise((resolve) => {
        this.#land = resolve;
      }),
    );
    this.soon = quietly(
      new Promise((resolve) => {
        this.#landSoon = resolve;
      }),
    );
  }

  get isAwaited(): boolean {
    return this.#waiting > 0;
  }

  /** Somebody would rather have the value from before than wait long. */
  get isHurried(): boolean {
    return this.#hurried > 0;
  }

  land(outcome: Outcome): void {
    this.#land(outcome);
    this.#landSoon(this.done);
  }

  landSoon(outcome: Outcome): void {
    this.#landSoon(outcome);
  }

  /**
   * Waits for `done` or `soon`, or until the signal is aborted. Whoever leaves takes nothing from the others; `deserted` is
   * called when the last one leaves.
   */
  join(outcome: Promise<Secret>, signal: AbortSignal | undefined, deserted: () => void): Promise<Secret> {
    this.#waiting += 1;
    if (outcome === this.soon) this.#hurried += 1;
    return orAborted(outcome, signal, () => {
      this.#waiting -= 1;
      if (outcome === this.soon) this.#hurried -= 1;
      if (this.#waiting === 0 && !this.background) deserted();
    });
  }
}

/**
 * As `outcome`, or `aborted` as soon as the signal is; `leave` is called then. What is no signal counts as
 * none.
 */
export function orAborted(
  outcome: Promise<Secret>,
  signal: AbortSignal | undefined,
  leave: () => void = () => undefined,
): Promise<Secret> {
  // From callers without types.
  if (typeof signal?.addEventListener !== 'function') return outcome;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      reject(aborted());
      leave();
    };
    signal.addEventListener('abort', end, { once: true });
    const stay = (): void => signal.removeEventListener('abort', end);
    outcome.then(stay, stay);
    outcome.then(resolve, reject);
  });
}

/** What a caller gets who no longer waits. The signal's own reason is foreign, and may say anything. */
export function aborted(): SecretError {
  return new SecretError('timeout', 'a secret', 'the signal of this call was aborted');
}

/** A rejection that is kept for whoever asks later must not end the process while nobody does. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
