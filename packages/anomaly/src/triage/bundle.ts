import type { AlertFacts } from '@sallyport/audit';
import type { MoreAlerts, Notice } from './notice.ts';
import { rankOf } from './severity.ts';
import { Tally } from './tally.ts';

export interface SavedBundle {
  readonly alerts: readonly AlertFacts[];
  readonly more: readonly MoreAlerts[];
  readonly repeated: number;
}

/** Alerts that wait to be told together: so many, those of the highest severity. The others are only counted. */
export class Bundle {
  readonly #most: number;
  readonly #alerts: AlertFacts[];
  readonly #more = new Tally();
  /** How many came that say nothing new. */
  repeated: number;

  constructor(most: number, { alerts = [], more = [], repeated = 0 }: Partial<SavedBundle> = {}) {
    this.#most = most;
    this.#alerts = [...alerts];
    for (const one of more) this.#more.add(one);
    this.repeated = repeated;
  }

  /** Alerts that wait to be told or counted. */
  get waiting(): number {
    return this.#alerts.length + this.#more.total;
  }

  /** Alerts that wait to be told. */
  get kept(): number {
    return this.#alerts.length;
  }

  add(alert: AlertFacts): void {
    this.#alerts.push(alert);
    if (this.#alerts.length <= this.#most) return;
    const lowest = Math.min(...this.#alerts.map(({ severity }) => rankOf(severity)));
    const at = this.#alerts.findLastIndex(({ severity }) => rankOf(severity) === lowest);
    for (const one of this.#alerts.splice(at, 1)) this.count(one);
  }

  /** Counts one where another one is kept. */
  count({ rule, severity }: AlertFacts): void {
    this.#more.add({ rule, severity, count: 1 });
  }

  /** Takes what a notice would have told. */
  fold({ alerts, more = [], repeated }: Notice): void {
    for (const alert of alerts) this.add(alert);
    for (const one of more) this.#more.add(one);
    this.repeated += repeated;
  }

  /** All that waits, and begins anew; undefined when nothing does. */
  take(group: string): Notice | undefined {
    const [first, ...rest] = this.#alerts.splice(0);
    if (first === undefined) return undefined;
    const more = this.#more.take();
    const { repeated } = this;
    this.repeated = 0;
    return { id: first.id, group, alerts: [first, ...rest], repeated, ...(more.length > 0 && { more }) };
  }

  save(): SavedBundle {
    return { alerts: [...this.#alerts], more: this.#more.list(), repeated: this.repeated };
  }
}
