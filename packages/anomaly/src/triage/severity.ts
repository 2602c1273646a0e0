import type { AlertFacts } from '@sallyport/audit';

export type Severity = AlertFacts['severity'];

/** From the lowest to the highest. */
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** 0 for `low` to 3 for `critical`. */
export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** The rank of the highest among some alerts; 0 for none. */
export function highestRank(alerts: readonly Pick<AlertFacts, 'severity'>[]): number {
  return alerts.reduce((highest, { severity }) => Math.max(highest, rankOf(severity)), 0);
}
