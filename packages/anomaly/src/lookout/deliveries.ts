import type { Notice } from '../triage/notice.ts';
import type { AlertHistory } from './alert-history.ts';
import type { RaisedAlert } from './raised-alert.ts';
import type { LookoutServiceOptions } from './service-options.ts';
import { RestrictionQueue, type WantedRestriction } from './restriction-queue.ts';
import type { TroubleTeller } from './trouble-teller.ts';

interface Step {
  readonly what: 'alert' | 'notice';
  readonly run: () => unknown;
}

/** What has to be done about one alert, or one notice that waited; steps that went well are taken away. */
interface Delivery {
  steps: readonly Step[];
  /** Undefined where nothing is restricted. */
  readonly restriction: WantedRestriction | undefined;
  /** Set where it goes into the history when all is done. */
  readonly raised: RaisedAlert | undefined;
  /** Not earlier, by `elapsed`. */
  tryAt: number;
}

export type DeliveryOptions = Pick<LookoutServiceOptions, 'onAlert' | 'put' | 'restrict'> & {
  readonly respondMs: number;
  readonly history: AlertHistory;
  readonly troubles: TroubleTeller;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly elapsed: () => number;
};

const RETRY_MS = 1000;

/**
 * Hands on what was raised: the restriction first, then the alert, then its notices, then the line in the history. What is
 * refused stays, is tried again from time to time, and holds up no other. Nothing but that line waits for a restriction that
 * cannot be written.
 */
export class Deliveries {
  readonly #options: DeliveryOptions;
  readonly #restrictions: RestrictionQueue | undefined;
  #pending: Delivery[] = [];

  constructor(options: DeliveryOptions) {
    const { restrict } = options;
    this.#options = options;
    this.#restrictions = restrict && new RestrictionQueue({ ...options, restrict });
  }

  get size(): number {
    return this.#pending.length;
  }

  /** Those that nobody has taken: not those that wait for their restriction alone, of which there are few. */
  get untaken(): number {
    return this.#pending.reduce((count, { steps }) => (steps.length > 0 ? count + 1 : count), 0);
  }

  addRaised(raised: RaisedAlert): void {
    const { onAlert, respondMs, history, troubles } = this.#options;
    const { alert, response, notices, fate, isOverBudget } = raised;
    // Raised again after a crash: only a notice may not have arrived.
    const isKnown = history.has(alert.id);
    const until = Date.parse(alert.time) + respondMs;
    const restriction =
      isKnown || response === undefined ? undefined : this.#restrictions?.add(response, alert, until);
    if (!isKnown && isOverBudget === true) troubles.gaveUp('restriction', 'too_many');
    const steps: Step[] = [];
    if (!isKnown && fate !== 'old' && onAlert !== undefined)
      steps.push({ what: 'alert', run: () => onAlert(raised) });
    for (const notice of notices) steps.push(...this.#stepsOf(notice));
    this.#pending.push({ steps, restriction, raised: isKnown ? undefined : raised, tryAt: -Infinity });
  }

  addNotice(notice: Notice): void {
    const steps = this.#stepsOf(notice);
    this.#pending.push({ steps, restriction: undefined, raised: undefined, tryAt: -Infinity });
  }

  /** Does what can be done; the last time also what waits to be tried again. It never throws. */
  async run({ isLast = false }: { readonly isLast?: boolean } = {}): Promise<void> {
    const { history, troubles, elapsed } = this.#options;
    if (this.#pending.length === 0) return;
    const restricting = this.#restrictions?.run({ isLast });
    // To be refused may take as long as another process keeps a lock.
    if (isLast || this.#restrictions?.isHeldUp !== true) await restricting;
    const now = elapsed();
    for (const delivery of this.#pending) if (isLast || delivery.tryAt <= now) await this.#try(delivery);
    const done = this.#pending.filter(isDone);
    this.#pending = this.#pending.filter((delivery) => !isDone(delivery));
    try {
      await history.add(done.flatMap(({ raised }) => raised ?? []));
      troubles.went('history');
    } catch (error) {
      troubles.failed('history', error);
    }
  }

  #stepsOf(notice: Notice): readonly Step[] {
    const { put } = this.#options;
    return put === undefined ? [] : [{ what: 'notice', run: () => put(notice) }];
  }

  async #try(delivery: Delivery): Promise<void> {
    if (delivery.steps.length === 0) return;
    const { troubles, elapsed } = this.#options;
    const refused: Step[] = [];
    for (const step of delivery.steps) {
      const { what, run } = step;
      try {
        await run();
        troubles.took(what);
      } catch (error) {
        troubles.refused(what, error);
        refused.push(step);
      }
    }
    delivery.steps = refused;
    delivery.tryAt = elapsed() + RETRY_MS;
  }
}

function isDone({ steps, restriction }: Delivery): boolean {
  return steps.length === 0 && restriction?.isSettled !== false;
}
