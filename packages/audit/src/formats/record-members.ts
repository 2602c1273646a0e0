import type { AlertFacts } from './alert-facts.ts';
import type { TextValue } from './text-fields.ts';
import type { WideRecord } from './wide-record.ts';

export type RecordMember =
  | 'v'
  | 'id'
  | 'time'
  | 'type'
  | 'server'
  | 'policy'
  | 'call'
  | 'direction'
  | 'kind'
  | 'method'
  | 'target'
  | 'principal.subject'
  | 'principal.roles'
  | 'principal.client'
  | 'principal.actor'
  | 'principal.method'
  | 'about'
  | 'arguments.sha256'
  | 'arguments.bytes'
  | 'status'
  | 'refusal'
  | 'error'
  | 'decision.effect'
  | 'decision.rule'
  | 'decision.at'
  | 'wouldRefuse'
  | 'filtered'
  | 'redacted'
  | 'wouldRedact'
  | 'executed.sha256'
  | 'executed.bytes'
  | 'result.sha256'
  | 'result.bytes'
  | 'durationMs'
  | 'event'
  | 'detail';

/** Every member of a record, flat, for formats of keys and values. */
export const RECORD_MEMBERS: Readonly<Record<RecordMember, (record: WideRecord) => TextValue>> = {
  v: (record) => record.v,
  id: (record) => record.id,
  time: (record) => milliseconds(record.time),
  type: (record) => record.type,
  server: (record) => record.server,
  policy: (record) => record.policy,
  call: (record) => record.call,
  direction: (record) => record.direction,
  kind: (record) => record.kind,
  method: (record) => record.method,
  target: (record) => record.target,
  'principal.subject': (record) => record.principal?.subject,
  'principal.roles': (record) => record.principal?.roles,
  'principal.client': (record) => record.principal?.client,
  'principal.actor': (record) => record.principal?.actor,
  'principal.method': (record) => record.principal?.method,
  about: (record) => record.about,
  'arguments.sha256': (record) => record.arguments?.sha256,
  'arguments.bytes': (record) => record.arguments?.bytes,
  status: (record) => record.status,
  refusal: (record) => record.refusal,
  error: (record) => record.error,
  'decision.effect': (record) => record.decision?.effect,
  'decision.rule': (record) => record.decision?.rule,
  'decision.at': (record) => record.decision?.at,
  wouldRefuse: (record) => record.wouldRefuse,
  filtered: (record) => record.filtered,
  redacted: (record) => record.redacted,
  wouldRedact: (record) => record.wouldRedact,
  'executed.sha256': (record) => record.executed?.sha256,
  'executed.bytes': (record) => record.executed?.bytes,
  'result.sha256': (record) => record.result?.sha256,
  'result.bytes': (record) => record.result?.bytes,
  durationMs: (record) => record.durationMs,
  event: (record) => record.event,
  detail: (record) => record.detail,
};

export type AlertMember =
  | 'id'
  | 'time'
  | 'server'
  | 'title'
  | 'rule.id'
  | 'rule.name'
  | 'method'
  | 'subject'
  | 'target'
  | 'measure.name'
  | 'measure.observed'
  | 'measure.baseline'
  | 'records'
  | 'quarantined'
  | 'runbook';

/** Every member of an alert, flat; its severity is in the head of the line. */
export const ALERT_MEMBERS: Readonly<Record<AlertMember, (alert: AlertFacts) => TextValue>> = {
  id: (alert) => alert.id,
  time: (alert) => milliseconds(alert.time),
  server: (alert) => alert.server,
  title: (alert) => alert.title,
  'rule.id': (alert) => alert.rule.id,
  'rule.name': (alert) => alert.rule.name,
  method: (alert) => alert.method,
  subject: (alert) => alert.subject,
  target: (alert) => alert.target,
  'measure.name': (alert) => alert.measure?.name,
  'measure.observed': (alert) => alert.measure?.observed,
  'measure.baseline': (alert) => alert.measure?.baseline,
  records: (alert) => alert.records,
  quarantined: (alert) => String(alert.quarantined),
  runbook: (alert) => alert.runbook,
};

/** Milliseconds since the epoch; 0 for a time that is none, since no format takes a line without one. */
export function milliseconds(time: string): number {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? 0 : parsed;
}
