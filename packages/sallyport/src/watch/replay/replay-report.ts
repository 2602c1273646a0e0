import type { RaisedAlert } from '@sallyport/anomaly';
import type { AlertFacts, AuditRecord } from '@sallyport/audit';
import { PrincipalDays } from './principal-days.ts';
import { TimeCounts } from './time-counts.ts';

/** The gravest first. */
export const SEVERITIES: readonly AlertFacts['severity'][] = ['critical', 'high', 'medium', 'low'];
const DAY = 86_400_000;
/** Whole alerts that are kept; counts are kept of all. */
const MOST_ALERTS = 5000;
const MOST_NAMES = 10_000;

/** What one detector or rule would have alerted. */
export interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly method: AlertFacts['method'];
  /** The gravest of its alerts. */
  severity: AlertFacts['severity'];
  alerts: number;
  /** Whom they were about, 10,000 at most. */
  readonly principals: Set<string>;
  /** Milliseconds since the epoch. */
  readonly first: number;
  last: number;
  /** The first one. */
  readonly example: AlertFacts;
}

/** Gathers what a replay tells, in memory that does not grow with the records. */
export class ReplayReport {
  /** Outcomes by status: `ok`, `error`, `refused`. */
  readonly calls: TimeCounts = new TimeCounts();
  /** Alerts by the id of their rule. */
  readonly marks: TimeCounts = new TimeCounts();
  /** `calls`, and alerts by severity, of each day (UTC); of longer times, when there are thousands of days. */
  readonly days: TimeCounts = new TimeCounts({ least: DAY });
  readonly rows: Map<string, RuleRow> = new Map();
  /** The first 5,000. */
  readonly alerts: AlertFacts[] = [];
  /** What the triage made of the alerts, by its words; and the notices that would have been sent. */
  readonly fates: Map<string, number> = new Map();
  notices = 0;
  /** Alerts for which the policy would have restricted somebody or something. */
  restricted = 0;
  alertCount = 0;
  records = 0;
  /** Records from before the range, which were learned from. */
  learned = 0;
  /** Of the records in the range, milliseconds since the epoch. */
  from: number = Infinity;
  to: number = -Infinity;
  readonly #principalDays = new PrincipalDays();

  /** How many principals made a call on how many days. */
  get principalDays(): number {
    return this.#principalDays.count;
  }

  /** Alerts in 1,000 principal-days; undefined where nobody made a call. */
  get rate(): number | undefined {
    const { principalDays } = this;
    return principalDays === 0 ? undefined : (this.alertCount * 1000) / principalDays;
  }

  /** The gravest first, and of those the most frequent. */
  sorted(): readonly RuleRow[] {
    const rank = ({ severity }: RuleRow): number => SEVERITIES.indexOf(severity);
    return [...this.rows.values()].toSorted(
      (a, b) => rank(a) - rank(b) || b.alerts - a.alerts || (a.name < b.name ? -1 : 1),
    );
  }

  /** @param time when it was written, in milliseconds since the epoch */
  saw(record: AuditRecord, time: number): void {
    this.records += 1;
    this.from = Math.min(this.from, time);
    this.to = Math.max(this.to, time);
    if (record.type !== 'outcome') return;
    const { status, server } = record;
    // What stands in a journal may be anything.
    const { subject } = (record.principal ?? {}) as { readonly subject?: unknown };
    this.calls.add(time, status === 'ok' || status === 'refused' ? status : 'error');
    this.days.add(time, 'calls');
    if (typeof subject === 'string' && subject !== '')
      this.#principalDays.add(time, JSON.stringify([server, subject]));
  }

  raised({ alert, fate, notices, response }: RaisedAlert): void {
    const time = Date.parse(alert.time);
    this.alertCount += 1;
    this.notices += notices.length;
    if (response !== undefined) this.restricted += 1;
    this.fates.set(fate, (this.fates.get(fate) ?? 0) + 1);
    this.marks.add(time, alert.rule.id);
    this.days.add(time, alert.severity);
    if (this.alerts.length < MOST_ALERTS) this.alerts.push(alert);
    const row = this.#row(alert, time);
    row.alerts += 1;
    row.last = Math.max(row.last, time);
    if (SEVERITIES.indexOf(alert.severity) < SEVERITIES.indexOf(row.severity)) row.severity = alert.severity;
    if (alert.subject !== undefined && row.principals.size < MOST_NAMES)
      row.principals.add(`${alert.server}/${alert.subject}`);
  }

  #row(alert: AlertFacts, time: number): RuleRow {
    const { rule, method, severity } = alert;
    const known = this.rows.get(rule.id);
    if (known !== undefined) return known;
    const row: RuleRow = {
      ...rule,
      method,
      severity,
      alerts: 0,
      principals: new Set(),
      first: time,
      last: time,
      example: alert,
    };
    this.rows.set(rule.id, row);
    return row;
  }
}
