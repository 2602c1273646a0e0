import type { AlertFacts } from '@sallyport/audit';
import type { MoreAlerts } from './notice.ts';
import { rankOf } from './severity.ts';

/** Rules that are counted apart; the others are counted together. */
const MOST = 100;
const OTHERS: AlertFacts['rule'] = { id: '*', name: 'other rules' };

/** Counts alerts by their rule. */
export class Tally {
  readonly #counts = new Map<string, MoreAlerts>();

  get total(): number {
    let total = 0;
    for (const { count } of this.#counts.values()) total += count;
    return total;
  }

  add({ rule, severity, count }: MoreAlerts): void {
    const known = this.#counts.has(rule.id) || this.#counts.size < MOST;
    const counted = known ? rule : OTHERS;
    const before = this.#counts.get(counted.id);
    const higher = before === undefined || rankOf(severity) > rankOf(before.severity);
    this.#counts.set(counted.id, {
      rule: counted,
      severity: higher ? severity : before.severity,
      count: (before?.count ?? 0) + count,
    });
  }

  /** In the order in which rules were counted first. */
  list(): readonly MoreAlerts[] {
    return [...this.#counts.values()];
  }

  /** The same, and begins anew. */
  take(): readonly MoreAlerts[] {
    const list = this.list();
    this.#counts.clear();
    return list;
  }
}
