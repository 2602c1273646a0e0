import type { AuditRecord, EventRecord } from '../audit-record.ts';
import { ALERT_SEVERITY, type AlertFacts } from './alert-facts.ts';
import { type Classification, classify } from './classification.ts';
import { type Formatter, type FormatterOptions, PRODUCT } from './formatter.ts';
import { digest, inner, json, number, quoted, text } from './json-text.ts';
import { accessOf, targetKind } from './method-meaning.ts';
import { onceFor } from './once-for.ts';
import { jsonLine } from './visible-text.ts';
import type { WideRecord } from './wide-record.ts';

const VERSION = '9.3.0';

const ATTEMPTED = categories('api', 'start');
const ALLOWED = categories('api', 'end', 'allowed');
const READ = categories('api', 'end', 'allowed', 'access');
const DENIED = categories('api', 'end', 'denied');
const NOT_AUTHENTICATED = categories('authentication', 'start');
const UNKNOWN_EVENT = categories('process', 'info');

const EVENTS: Readonly<Record<EventRecord['event'], string>> = {
  start: categories('process', 'start'),
  stop: categories('process', 'end'),
  policy_reloaded: categories('configuration', 'change'),
  policy_reload_failed: categories('configuration', 'info'),
  message_refused: categories('api', 'denied'),
  secret_resolved: categories('configuration', 'access'),
  secret_rotated: categories('configuration', 'change'),
  secret_failed: categories('configuration', 'access'),
  secret_stale: categories('configuration', 'info'),
  secret_recovered: categories('configuration', 'access'),
  vault_login: categories('authentication', 'start'),
  vault_token_renewed: categories('authentication', 'info'),
  vault_lease_issued: categories('authentication', 'info'),
  vault_lease_renewed: categories('authentication', 'info'),
  vault_lease_lost: categories('authentication', 'info'),
  vault_revoked: categories('authentication', 'end'),
  attempt_unmatched: categories('process', 'info'),
  clock_stepped: categories('process', 'info'),
  journal_failed: categories('process', 'info'),
  journal_repaired: categories('process', 'info'),
  journal_adopted: categories('process', 'info'),
  journal_lock_replaced: categories('process', 'info'),
  journal_dropping: categories('process', 'info'),
  journal_recovered: categories('process', 'info'),
  journal_pruned: categories('process', 'info'),
  journal_prune_failed: categories('process', 'info'),
  journal_seen: categories('process', 'info'),
  checkpoint: categories('process', 'info'),
  checkpoint_failed: categories('process', 'info'),
  sink_failed: categories('process', 'info'),
  sink_recovered: categories('process', 'info'),
  sink_rejected: categories('process', 'info'),
  sink_dropped: categories('process', 'info'),
  sink_missed: categories('process', 'info'),
  sink_unreadable: categories('process', 'info'),
  sink_disk_failed: categories('process', 'info'),
  sink_cursor_damaged: categories('process', 'info'),
  subject_erased: categories('configuration', 'deletion'),
  alert_raised: categories('intrusion_detection', 'info'),
  alert_suppressed: categories('intrusion_detection', 'info'),
  alert_dropped: categories('process', 'info'),
  alert_sink_failed: categories('process', 'info'),
  alert_sink_recovered: categories('process', 'info'),
  alert_sink_rejected: categories('process', 'info'),
  restriction_began: categories('configuration', 'change'),
  restriction_prolonged: categories('configuration', 'change'),
  restriction_lifted: categories('configuration', 'change'),
  restriction_ended: categories('configuration', 'change'),
  approval_given: categories('configuration', 'change'),
  watch_started: categories('process', 'info'),
  watch_failed: categories('process', 'info'),
};

/** `event.category` and `event.type`: both have closed lists, and the second one depends on the first. */
function categories(category: string, ...type: readonly string[]): string {
  return JSON.stringify({ category: [category], type }).slice(1, -1);
}

/** Elastic Common Schema 9.3; what it has no field for is under `mcp`. Nested objects, never names with points. */
export function ecsFormatter({ productVersion }: FormatterOptions): Formatter {
  const constant = {
    ecs: { version: VERSION },
    observer: { vendor: PRODUCT, product: PRODUCT, type: 'mcp-gateway', version: productVersion },
  };
  const head = onceFor((of: Classification) => headOf(constant, of));
  return {
    name: 'ecs',
    version: VERSION,
    json: true,
    record: (record) => `${head(classify(record))}${eventOf(record)}}${membersOf(record)}}`,
    alert: (alert) => jsonLine(JSON.stringify({ ...constant, ...alertDocument(alert) })),
  };
}

/** All that a classification says, up to the members of `event` that differ from record to record. */
function headOf(constant: object, { title, code, severity, result }: Classification): string {
  const event = {
    kind: 'event',
    module: 'sallyport',
    dataset: 'sallyport.audit',
    code,
    outcome: result,
    severity,
  };
  return jsonLine(JSON.stringify({ ...constant, message: title, event }).slice(0, -2));
}

function eventOf(record: AuditRecord): string {
  const { refusal, durationMs }: WideRecord = record;
  const duration = durationMs === undefined ? undefined : Math.round(durationMs * 1e6);
  return `,${categoriesOf(record)},"id":${quoted(record.id)}${text('reason', refusal)}${number('duration', duration)}`;
}

function membersOf(record: WideRecord): string {
  const { principal, decision, error } = record;
  const rule = decision?.rule;
  return (
    `,"@timestamp":${quoted(record.time)},"service":{"type":"mcp","name":${quoted(record.server)}}` +
    (principal === undefined ? '' : userOf(principal)) +
    (rule === undefined ? '' : `,"rule":{"name":${quoted(rule)}}`) +
    (error === undefined ? '' : inner('error', text('code', String(error)))) +
    genAiOf(record) +
    mcpOf(record)
  );
}

function userOf({ subject, roles }: NonNullable<WideRecord['principal']>): string {
  const name = quoted(subject);
  return `,"user":{"name":${name}${json('roles', roles)}},"related":{"user":[${name}]}`;
}

function genAiOf({ method, target, call, principal }: WideRecord): string {
  const actor = principal?.actor;
  const agent = actor === undefined ? '' : `,"agent":{"name":${quoted(actor)}}`;
  if (method !== 'tools/call' || call === undefined) return inner('gen_ai', agent);
  const tool = `"tool":{"call":{"id":${quoted(call)}}${text('name', target)}}`;
  return `,"gen_ai":{"operation":{"name":"execute_tool"},${tool}${agent}}`;
}

function mcpOf(record: WideRecord): string {
  const { principal, decision, target, method, detail } = record;
  const kind = method === undefined ? undefined : targetKind(method);
  return (
    `,"mcp":{"record":{"type":${quoted(record.type)}${number('version', record.v)}}` +
    text('policy', record.policy) +
    text('call', record.call) +
    text('direction', record.direction) +
    text('kind', record.kind) +
    text('method', method) +
    (target === undefined ? '' : `,"target":{"name":${quoted(target)}${text('kind', kind)}}`) +
    (principal === undefined ? '' : principalOf(principal)) +
    text('about', record.about) +
    (decision === undefined
      ? ''
      : `,"decision":{"effect":${quoted(decision.effect)}${text('at', decision.at)}}`) +
    text('status', record.status) +
    json('would_refuse', record.wouldRefuse) +
    number('filtered', record.filtered) +
    json('redacted', record.redacted) +
    json('would_redact', record.wouldRedact) +
    digest('arguments', record.arguments) +
    digest('executed', record.executed) +
    digest('result', record.result) +
    text('event', record.event) +
    // As text: its members change their types from event to event, and Elasticsearch refuses a document for that.
    (detail === undefined ? '' : text('detail', JSON.stringify(detail))) +
    '}'
  );
}

function principalOf({ client, actor, method }: NonNullable<WideRecord['principal']>): string {
  return `,"principal":{"method":${quoted(method)}${text('client', client)}${text('actor', actor)}}`;
}

function categoriesOf(record: AuditRecord): string {
  if (record.type === 'event')
    return Object.hasOwn(EVENTS, record.event) ? EVENTS[record.event] : UNKNOWN_EVENT;
  if (record.type === 'attempt') return ATTEMPTED;
  if (record.refusal === 'unauthenticated') return NOT_AUTHENTICATED;
  if (record.status === 'refused') return DENIED;
  return accessOf(record.method) === 'read' ? READ : ALLOWED;
}

function alertDocument(alert: AlertFacts): object {
  const { rule, measure, runbook, subject, target } = alert;
  return {
    '@timestamp': alert.time,
    message: alert.title,
    event: {
      id: alert.id,
      kind: 'alert',
      category: ['intrusion_detection'],
      type: [alert.quarantined ? 'denied' : 'info'],
      code: 'alert',
      severity: ALERT_SEVERITY[alert.severity],
      module: 'sallyport',
      dataset: 'sallyport.alert',
    },
    service: { name: alert.server, type: 'mcp' },
    user: subject === undefined ? undefined : { name: subject },
    related: subject === undefined ? undefined : { user: [subject] },
    rule: { id: rule.id, name: rule.name, reference: runbook },
    mcp: {
      target: target === undefined ? undefined : { name: target },
      alert: {
        detection: alert.method,
        severity: alert.severity,
        measure: measure && { name: measure.name, observed: measure.observed, baseline: measure.baseline },
        records: alert.records,
        quarantined: alert.quarantined,
      },
    },
  };
}
