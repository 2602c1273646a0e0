import type { AlertFacts } from '@sallyport/audit';
import type { RestrictingResponse } from './raised-alert.ts';
import type { LookoutServiceOptions } from './service-options.ts';
import type { TroubleTeller } from './trouble-teller.ts';

/** As many may wait. */
const MOST = 256;
const FIRST_RETRY_MS = 1000;
const MOST_RETRY_MS = 10_000;

/** A restriction that was asked for. */
export interface WantedRestriction {
  /** Whether nothing more is done about it: it was imposed, or never will be. */
  readonly isSettled: boolean;
}

interface Wanted {
  readonly response: RestrictingResponse;
  readonly alert: AlertFacts;
  /** After that nobody wants it any more; milliseconds since the epoch. */
  readonly until: number;
  isSettled: boolean;
}

interface RestrictionQueueOptions {
  readonly restrict: NonNullable<LookoutServiceOptions['restrict']>;
  readonly troubles: TroubleTeller;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly elapsed: () => number;
}

/**
 * Restrictions that were asked for and are not written yet. What cannot be written is tried again, less and less often, and
 * holds up nothing but itself; what never can be is given up.
 */
export class RestrictionQueue {
  readonly #options: RestrictionQueueOptions;
  #waiting: Wanted[] = [];
  #running: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #tryAt = -Infinity;

  constructor(options: RestrictionQueueOptions) {
    this.#options = options;
  }

  /** Whether something was refused, and is tried again later. */
  get isHeldUp(): boolean {
    return this.#tryAt !== -Infinity;
  }

  add(response: RestrictingResponse, alert: AlertFacts, until: number): WantedRestriction {
    const wanted: Wanted = { response, alert, until, isSettled: until < this.#options.now() };
    if (wanted.isSettled) return wanted;
    this.#waiting.push(wanted);
    const oldest = this.#waiting.length > MOST ? this.#waiting.shift() : undefined;
    if (oldest !== undefined) {
      oldest.isSettled = true;
      this.#options.troubles.gaveUp('restriction', 'too_many');
    }
    return wanted;
  }

  /**
   * Asks for all that wait, at once, so that they are written together; what was refused before waits for its time unless it
   * is the last time. Never rejects.
   */
  run({ isLast = false }: { readonly isLast?: boolean } = {}): Promise<void> {
    if (this.#running !== undefined)
      return isLast ? this.#running.then(() => this.run({ isLast })) : this.#running;
    if (this.#waiting.length === 0) return Promise.resolve();
    if (!isLast && this.#options.elapsed() < this.#tryAt) return Promise.resolve();
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const asked = this.#waiting;
    const isRefused = await Promise.all(asked.map((wanted) => this.#ask(wanted)));
    this.#waiting = this.#waiting.filter(({ isSettled }) => !isSettled);
    if (isRefused.includes(true)) {
      this.#tryAt = this.#options.elapsed() + this.#retryMs;
      this.#retryMs = Math.min(this.#retryMs * 2, MOST_RETRY_MS);
    } else {
      this.#tryAt = -Infinity;
      this.#retryMs = FIRST_RETRY_MS;
    }
  }

  /** @returns whether it is to be asked for again */
  async #ask(wanted: Wanted): Promise<boolean> {
    const { restrict, troubles, now } = this.#options;
    const { response, alert, until } = wanted;
    try {
      if (now() <= until) {
        await restrict(response, alert);
        troubles.took('restriction');
      }
    } catch (error) {
      if (!isFinal(error)) {
        troubles.refused('restriction', error);
        return true;
      }
      troubles.gaveUp('restriction', error.code);
    }
    wanted.isSettled = true;
    return false;
  }
}

/** There is no room for it, and there is none for the next one either. */
function isFinal(error: unknown): error is { readonly code: 'full' } {
  return (error as { readonly code?: unknown } | null)?.code === 'full';
}
