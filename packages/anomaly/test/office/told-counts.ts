import type { AlertFacts } from '@sallyport/audit';
import { DAY } from '../../src/durations.ts';
import { SEVERITIES, type Severity } from '../../src/triage/severity.ts';
import { Triage } from '../../src/triage/triage.ts';

/** Notices, by the least severity that is told. */
export type ToldCounts = Readonly<Record<Severity, number>>;

/**
 * How many notices the triage makes of alerts, as it is without options.
 *
 * @param alerts oldest first
 * @param isTrue notices that tell nothing but these are not counted. Default: no alert is
 */
export function toldCounts(
  alerts: readonly AlertFacts[],
  isTrue: (alert: AlertFacts) => boolean = () => false,
): ToldCounts {
  const end = Date.parse(alerts.at(-1)?.time ?? new Date(0).toISOString()) + DAY;
  const count = (least: Severity): number => {
    const triage = new Triage({ least });
    const notices = [...alerts.flatMap((alert) => triage.take(alert).notices), ...triage.due(end)];
    return notices.filter((notice) => !notice.alerts.every(isTrue)).length;
  };
  return Object.fromEntries(SEVERITIES.map((least) => [least, count(least)])) as ToldCounts;
}
