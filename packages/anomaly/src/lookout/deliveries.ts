import type { Notice } from '../triage/notice.ts';
import type { AlertHistory } from './alert-history.ts';
import type { RaisedAlert } from './raised-alert.ts';
import type { LookoutServiceOptions } from './service-options.ts';
import type { TroubleTeller } from './trouble-teller.ts';

interface Step {
  readonly what: 'restriction' | 'alert' | 'notice';
  readonly run: () => unknown;
  /** After that nobody wants it any more; milliseconds since the epoch. */
  readonly until: number;
}

/** What has to be done about one alert, or one notice that waited; steps that went well are taken away. */
interface Delivery {
  steps: readonly Step[];
  /** Set where it goes into the history when all is done. */
  readonly raised: RaisedAlert | undefined;
}

export type DeliveryOptions = Pick<LookoutServiceOptions, 'onAlert' | 'put' | 'restrict'> & {
  readonly respondMs: number;
  readonly history: AlertHistory;
  readonly troubles: TroubleTeller;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Hands on what was raised: the restriction first, then the alert, then its notices, then the line in the history. What is
 * refused stays, and holds up no other.
 */
export class Deliveries {
  readonly #options: DeliveryOptions;
  #pending: Delivery[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pending.length;
  }

  addRaised(raised: RaisedAlert): void {
    const { onAlert, restrict, respondMs, history } = this.#options;
    const { alert, response, notices, fate } = raised;
    // Raised again after a crash: only a notice may not have arrived.
    const isKnown = history.has(alert.id);
    const steps: Step[] = [];
    if (!isKnown && response !== undefined && restrict !== undefined) {
      const until = Date.parse(alert.time) + respondMs;
      steps.push({ what: 'restriction', run: () => restrict(response, alert), until });
    }
    if (!isKnown && fate !== 'old' && onAlert !== undefined)
      steps.push({ what: 'alert', run: () => onAlert(raised), until: Infinity });
    for (const notice of notices) steps.push(...this.#stepsOf(notice));
    this.#pending.push({ steps, raised: isKnown ? undefined : raised });
  }

  addNotice(notice: Notice): void {
    this.#pending.push({ steps: this.#stepsOf(notice), raised: undefined });
  }

  /** Does what can be done. It never throws. */
  async run(): Promise<void> {
    const { history, troubles } = this.#options;
    if (this.#pending.length === 0) return;
    for (const delivery of this.#pending) await this.#try(delivery);
    const done = this.#pending.filter(({ steps }) => steps.length === 0);
    this.#pending = this.#pending.filter(({ steps }) => steps.length > 0);
    try {
      await history.add(done.flatMap(({ raised }) => raised ?? []));
      troubles.went('history');
    } catch (error) {
      troubles.failed('history', error);
    }
  }

  #stepsOf(notice: Notice): readonly Step[] {
    const { put } = this.#options;
    return put === undefined ? [] : [{ what: 'notice', run: () => put(notice), until: Infinity }];
  }

  async #try(delivery: Delivery): Promise<void> {
    const { troubles, now } = this.#options;
    const refused: Step[] = [];
    for (const step of delivery.steps) {
      const { what, run, until } = step;
      try {
        if (now() <= until) await run();
        troubles.took(what);
      } catch (error) {
        troubles.refused(what, error);
        refused.push(step);
      }
    }
    delivery.steps = refused;
  }
}
