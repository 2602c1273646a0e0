import { type RuleRow, SEVERITIES } from './replay-report.ts';
import type { ReplayResult } from './replay-text.ts';

/** Buckets of the rates, at most. */
const MOST_RATES = 2000;

/**
 * All that a replay tells as one JSON value: times in RFC 3339, lengths in milliseconds. `list` has the first 5,000 alerts,
 * `leftOut` says how many came after them.
 */
export function replayJson({ report, hasTriage }: ReplayResult): object {
  const { records, learned, alertCount, principalDays, rate, calls, days, alerts } = report;
  const of = (severity: string): number =>
    days.buckets().reduce((sum, { counts }) => sum + (counts.get(severity) ?? 0), 0);
  return {
    records,
    learned,
    ...(records > 0 && { from: timeOf(report.from), to: timeOf(report.to) }),
    principalDays,
    alerts: {
      total: alertCount,
      ...(rate !== undefined && { per1000PrincipalDays: rate }),
      bySeverity: Object.fromEntries(SEVERITIES.map((severity) => [severity, of(severity)])),
    },
    ...(hasTriage && {
      triage: {
        notices: report.notices,
        fates: Object.fromEntries(report.fates),
        restricted: report.restricted,
      },
    }),
    rules: report.sorted().map(ruleJson),
    days: {
      stepMs: days.step,
      counts: days
        .buckets()
        .map(({ from, counts }) => ({ from: timeOf(from), ...Object.fromEntries(counts) })),
    },
    rates: ratesJson(calls),
    list: alerts,
    leftOut: alertCount - alerts.length,
  };
}

function ratesJson(calls: ReplayResult['report']['calls']): object {
  const steps = [1, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 604_800].map((seconds) => seconds * 1000);
  const step =
    steps.find((one) => one % calls.step === 0 && calls.buckets(one).length <= MOST_RATES) ?? calls.step;
  return {
    stepMs: step,
    counts: calls
      .buckets(step)
      .map(({ from, counts }) => ({ from: timeOf(from), ...Object.fromEntries(counts) })),
  };
}

function ruleJson({ first, last, principals, ...row }: RuleRow): object {
  return { ...row, principals: principals.size, first: timeOf(first), last: timeOf(last) };
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}
