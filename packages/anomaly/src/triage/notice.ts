import type { AlertFacts } from '@sallyport/audit';
import { highestRank, SEVERITIES, type Severity } from './severity.ts';

/** What sinks are told at once: the alerts of one group, oldest first and at least one. */
export interface Notice {
  /** That of its first alert: the same stream always gives the same notices. */
  readonly id: string;
  /**
   * What its alerts have in common, as 32 hexadecimal digits: notices of one group belong together. All zeros: there were too
   * many groups to tell each, and these are of several.
   */
  readonly group: string;
  readonly alerts: readonly [AlertFacts, ...AlertFacts[]];
  /** How many of the group came since the last notice and say nothing new. */
  readonly repeated: number;
  /** New alerts that are only counted because there were too many, by rule. Absent: none. */
  readonly more?: readonly MoreAlerts[];
}

/** Alerts of one rule that are only counted. */
export interface MoreAlerts {
  /** `*` as `id`: of many other rules. */
  readonly rule: AlertFacts['rule'];
  /** The highest of them. */
  readonly severity: AlertFacts['severity'];
  readonly count: number;
}

/** How many alerts a notice only counts. */
export function moreThan({ more = [] }: Pick<Notice, 'more'>): number {
  return more.reduce((sum, { count }) => sum + count, 0);
}

/** The highest severity that a notice tells of, counted alerts included. */
export function severityOf({ alerts, more = [] }: Notice): Severity {
  return SEVERITIES[highestRank([...alerts, ...more])] ?? 'low';
}
