import { REFUSAL_CODES, type RefusalCode } from '@sallyport/core';
import type { AttemptRecord, AuditRecord, EventRecord, OutcomeRecord } from '../../src/audit-record.ts';
import type { AlertFacts } from '../../src/formats/alert-facts.ts';

const COMMON = {
  v: 1,
  id: '01990000-0000-7000-8000-000000000001',
  time: '2026-11-21T13:57:12.123Z',
  server: 'files',
  policy: 'a'.repeat(64),
} as const;

const CALL = {
  ...COMMON,
  call: '01990000-0000-7000-8000-000000000002',
  direction: 'inbound',
  kind: 'request',
  method: 'tools/call',
  target: 'read_file',
  principal: {
    subject: 'alice',
    roles: ['clinician', 'admin'],
    client: 'ide',
    actor: 'planner',
    method: 'token',
  },
} as const;

export function attempt(over: Partial<AttemptRecord> = {}): AttemptRecord {
  return { ...CALL, type: 'attempt', arguments: { sha256: 'b'.repeat(64), bytes: 120 }, ...over };
}

export function outcome(over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    ...CALL,
    type: 'outcome',
    status: 'ok',
    decision: { effect: 'permit', rule: 'clinicians read', at: 'sallyport.yaml:12:3' },
    redacted: [{ direction: 'results', entity: 'EMAIL', operator: 'token', count: 3 }],
    executed: { sha256: 'b'.repeat(64), bytes: 120 },
    result: { sha256: 'c'.repeat(64), bytes: 4200 },
    durationMs: 12,
    ...over,
  };
}

export function refused(refusal: NonNullable<OutcomeRecord['refusal']>): OutcomeRecord {
  const { executed: _executed, result: _result, redacted: _redacted, ...rest } = outcome();
  return { ...rest, status: 'refused', refusal, decision: { effect: 'deny' } };
}

export function event(name: EventRecord['event'], detail?: EventRecord['detail']): EventRecord {
  return { ...COMMON, type: 'event', event: name, ...(detail && { detail }) };
}

/** A new event has to be added here, and is tried then in every format. */
const EVENT_NAMES: Readonly<Record<EventRecord['event'], true>> = {
  start: true,
  stop: true,
  policy_reloaded: true,
  policy_reload_failed: true,
  message_refused: true,
  secret_resolved: true,
  secret_rotated: true,
  secret_failed: true,
  secret_stale: true,
  secret_recovered: true,
  vault_login: true,
  vault_token_renewed: true,
  vault_lease_issued: true,
  vault_lease_renewed: true,
  vault_lease_lost: true,
  vault_revoked: true,
  attempt_unmatched: true,
  clock_stepped: true,
  journal_failed: true,
  journal_repaired: true,
  journal_adopted: true,
  journal_lock_replaced: true,
  journal_dropping: true,
  journal_recovered: true,
  journal_pruned: true,
  journal_prune_failed: true,
  journal_seen: true,
  checkpoint: true,
  checkpoint_failed: true,
  sink_failed: true,
  sink_recovered: true,
  sink_rejected: true,
  sink_dropped: true,
  sink_missed: true,
  sink_unreadable: true,
  sink_disk_failed: true,
  sink_cursor_damaged: true,
  subject_erased: true,
  alert_raised: true,
  alert_suppressed: true,
  alert_dropped: true,
  alert_sink_failed: true,
  alert_sink_recovered: true,
  alert_sink_rejected: true,
  restriction_began: true,
  restriction_prolonged: true,
  restriction_lifted: true,
  restriction_ended: true,
  approval_given: true,
  watch_started: true,
  watch_failed: true,
};

export const EVENTS = Object.keys(EVENT_NAMES) as EventRecord['event'][];

export const REFUSALS = Object.keys(REFUSAL_CODES) as RefusalCode[];

/** At least one of every class, activity and state. */
export const SAMPLES: readonly AuditRecord[] = [
  attempt(),
  outcome(),
  outcome({ status: 'error', error: -32_603 }),
  outcome({ method: 'resources/read', target: 'file:///a?b=c' }),
  outcome({ method: 'initialize' }),
  outcome({ about: 'subject:aaaaaaaaaaaaaaaaaaaaaaaaaa' }),
  outcome({ method: 'tools/list', filtered: 3 }),
  outcome({
    wouldRefuse: [{ layer: 'rbac', code: 'permission_denied' }],
    wouldRedact: [{ direction: 'arguments', entity: 'EMAIL', operator: 'mask', count: 1 }],
  }),
  outcome({ principal: { subject: 'anonymous', roles: [], method: 'none' }, durationMs: 0.5 }),
  ...REFUSALS.map(refused),
  ...EVENTS.map((name) => event(name, { count: 2, position: 'line 3', first: true })),
];

export function alert(over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    id: '01990000-0000-7000-8000-000000000009',
    time: '2026-11-21T13:58:00.000Z',
    server: 'files',
    title: '412 calls in a minute, where 30 are usual.',
    severity: 'high',
    rule: { id: 'rate', name: 'Unusual rate of calls' },
    method: 'statistical',
    subject: 'alice',
    target: 'read_file',
    measure: { name: 'calls per minute', observed: 412, baseline: 30 },
    records: [COMMON.id],
    quarantined: false,
    runbook: 'https://docs.example/runbooks/rate',
    ...over,
  };
}

export const ALERTS: readonly AlertFacts[] = [
  alert(),
  alert({ severity: 'low', method: 'rule', quarantined: true }),
  {
    id: 'a',
    time: '2026-11-21T13:58:00.000Z',
    server: 'files',
    title: 'b',
    severity: 'medium',
    rule: { id: 'c', name: 'd' },
    method: 'rule',
    records: [],
    quarantined: false,
  },
];
