import type { AlertFacts } from '@sallyport/audit';
import type { Notice } from '../triage/notice.ts';
import { clipped } from './clipped.ts';
import { linkOf, moreText } from './notice-text.ts';

/** What `POST /api/v2/alerts` takes (`postableAlert` in api/v2/openapi.yaml of Alertmanager). */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

export interface PostableOptions {
  readonly now: number;
  readonly resolveMs: number;
  readonly externalUrl: string | undefined;
}

const LABEL = 200;
const ANNOTATION = 4000;

/** Labels say which alert it is: two with the same labels are one. Annotations say what is known of it. */
export function postableAlerts(notice: Notice, options: PostableOptions): readonly PostableAlert[] {
  return notice.alerts.map((alert, index) => postableAlert(alert, notice, options, index === 0));
}

function postableAlert(
  alert: AlertFacts,
  notice: Notice,
  { now, resolveMs, externalUrl }: PostableOptions,
  isFirst: boolean,
): PostableAlert {
  const { rule, measure, runbook } = alert;
  const parsed = Date.parse(alert.time);
  const start = Number.isNaN(parsed) ? now : parsed;
  // An end that has passed would say that it is over before anybody heard of it.
  const end = Math.max(start, now) + resolveMs;
  const link = linkOf(runbook);
  return {
    labels: texts(LABEL, {
      alertname: rule.name === '' ? rule.id : rule.name,
      severity: alert.severity,
      sallyport_server: alert.server,
      subject: alert.subject,
      target: alert.target,
      rule_id: rule.id,
      method: alert.method,
      group: notice.group,
    }),
    annotations: texts(ANNOTATION, {
      summary: alert.title,
      alert_id: alert.id,
      runbook_url: link,
      runbook: link === undefined ? runbook : undefined,
      records: alert.records.join(' '),
      measure: measure?.name,
      observed: measure && String(measure.observed),
      baseline: measure && String(measure.baseline),
      quarantined: alert.quarantined ? 'true' : undefined,
      repeated: isFirst && notice.repeated > 0 ? String(notice.repeated) : undefined,
      more: isFirst ? moreText(notice) : undefined,
    }),
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(end).toISOString(),
    ...(externalUrl !== undefined && { generatorURL: externalUrl }),
  };
}

/** Alertmanager leaves out labels without a value. */
function texts(limit: number, given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && value !== '') found[name] = clipped(value, limit);
  return found;
}
