import type { AlertFacts } from './alert-facts.ts';
import { milliseconds } from './record-members.ts';

const ANALYTICS = {
  rule: { type_id: 1, type: 'Rule' },
  statistical: { type_id: 3, type: 'Statistical' },
} as const;

/** Detection Finding 2004: `finding_info` is required. Related events carry the ids of the records that it rests on. */
export function ocsfFinding(alert: AlertFacts, product: object): object {
  const { rule, subject, target, runbook } = alert;
  const time = milliseconds(alert.time);
  return {
    message: alert.title,
    time,
    time_dt: alert.time,
    is_alert: true,
    finding_info: {
      uid: alert.id,
      title: alert.title,
      created_time: time,
      created_time_dt: alert.time,
      product,
      analytic: { ...ANALYTICS[alert.method], uid: rule.id, name: rule.name },
      related_events: alert.records.map((uid) => ({ uid })),
    },
    anomaly_analyses: alert.measure && [analysisOf(alert, alert.measure)],
    evidences: [
      {
        api: { operation: 'alert', service: { name: alert.server } },
        actor: subject === undefined ? undefined : { user: { name: subject } },
      },
    ],
    resources: target === undefined ? undefined : [{ name: target, role_id: 1, role: 'Target' }],
    remediation: runbook === undefined ? undefined : { desc: 'Follow the runbook.', references: [runbook] },
  };
}

function analysisOf(
  { subject, target, server }: AlertFacts,
  { name, observed, baseline }: NonNullable<AlertFacts['measure']>,
): object {
  const of = (value: number): object => ({
    observation_parameter: name,
    observations: [{ value: String(value) }],
  });
  return {
    analysis_targets: [{ name: subject ?? target ?? server }],
    anomalies: [of(observed)],
    baselines: [of(baseline)],
  };
}
