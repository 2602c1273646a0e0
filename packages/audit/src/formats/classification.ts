import type { RefusalCode } from '@sallyport/core';
import type { AuditRecord, EventRecord, OutcomeRecord } from '../audit-record.ts';
import { ALERT_SEVERITY } from './alert-facts.ts';

/** OCSF's `severity_id`: informational, low, medium, high, critical. */
export type Severity = 1 | 2 | 3 | 4 | 5;

/** What every format says of a record besides its members. All texts are ours, and the same ones for every record alike. */
export interface Classification {
  /** Stable: what a SIEM's rules select by, such as `refused_permission_denied`. */
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly result: 'success' | 'failure' | 'unknown';
  /** What the gates did. Absent where there was nothing to decide. */
  readonly action?: Action;
}

/**
 * `observed`: an attempt, not decided yet. `modified`: allowed, and something was redacted. `detected`: allowed, and a
 * layer in audit mode would have refused it.
 */
export type Action = 'observed' | 'allowed' | 'modified' | 'detected' | 'denied' | 'cancelled';

const ATTEMPT: Classification = {
  code: 'attempt',
  title: 'Call attempted',
  severity: 1,
  result: 'unknown',
  action: 'observed',
};

const ANSWERED: Classification = {
  code: 'outcome_ok',
  title: 'Call answered',
  severity: 1,
  result: 'success',
  action: 'allowed',
};

const FAILED: Classification = {
  code: 'outcome_error',
  title: 'Call answered with an error',
  severity: 2,
  result: 'failure',
  action: 'allowed',
};

const ANSWERS = { ok: allowedIn(ANSWERED), error: allowedIn(FAILED) } as const;

const REFUSALS: Readonly<Record<RefusalCode, Classification>> = {
  unauthenticated: refused('unauthenticated', 'not authenticated', 3),
  permission_denied: refused('permission_denied', 'permission denied', 3),
  // Low: what it is done for was told as an alert, and each further attempt of a program says nothing new.
  quarantined: refused('quarantined', 'quarantined', 2),
  invalid_request: refused('invalid_request', 'invalid request', 2),
  method_not_found: refused('method_not_found', 'method not found', 2),
  invalid_params: refused('invalid_params', 'invalid arguments', 2),
  invalid_result: refused('invalid_result', 'invalid result', 3),
  too_large: refused('too_large', 'too large', 2),
  rate_limited: refused('rate_limited', 'rate limited', 2),
  threat_detected: refused('threat_detected', 'threat detected', 4),
  cancelled: { ...refused('cancelled', 'cancelled', 1), action: 'cancelled' },
  deadline_exceeded: refused('deadline_exceeded', 'deadline exceeded', 2),
  unavailable: refused('unavailable', 'a needed part is unavailable', 4),
  internal: refused('internal', 'internal error', 3),
};

const EVENTS: Readonly<Record<EventRecord['event'], Classification>> = {
  start: event('start', 'Sallyport started'),
  stop: event('stop', 'Sallyport stopped'),
  policy_reloaded: event('policy_reloaded', 'Policy reloaded'),
  policy_reload_failed: failure('policy_reload_failed', 'Policy could not be reloaded', 4),
  message_refused: { ...failure('message_refused', 'Message refused', 3), action: 'denied' },
  secret_resolved: event('secret_resolved', 'Secret resolved'),
  secret_rotated: event('secret_rotated', 'Secret rotated'),
  secret_failed: failure('secret_failed', 'Secret could not be resolved', 3),
  secret_stale: failure('secret_stale', 'Secret is stale', 3),
  secret_recovered: event('secret_recovered', 'Secret resolved again'),
  vault_login: event('vault_login', 'Logged in at Vault'),
  vault_token_renewed: event('vault_token_renewed', 'Vault token renewed'),
  vault_lease_issued: event('vault_lease_issued', 'Vault lease issued'),
  vault_lease_renewed: event('vault_lease_renewed', 'Vault lease renewed'),
  vault_lease_lost: failure('vault_lease_lost', 'Vault lease lost', 3),
  vault_revoked: event('vault_revoked', 'Vault token revoked'),
  attempt_unmatched: failure(
    'attempt_unmatched',
    'A call was attempted and has no outcome: the process ended meanwhile',
    3,
  ),
  clock_stepped: failure('clock_stepped', 'The clock was set', 3),
  journal_failed: failure('journal_failed', 'Records cannot be written', 5),
  journal_repaired: failure('journal_repaired', 'What a crash left of a record was put aside', 2),
  journal_adopted: failure('journal_adopted', 'The last records were not signed', 3),
  journal_lock_replaced: event('journal_lock_replaced', 'The lock of a process that is gone was replaced'),
  journal_dropping: failure('journal_dropping', 'Records cannot be written, and calls run unrecorded', 5),
  journal_recovered: failure('journal_recovered', 'Records could not be written for a time', 4),
  journal_pruned: event('journal_pruned', 'Old records were removed'),
  journal_prune_failed: failure('journal_prune_failed', 'Old records could not be removed', 3),
  journal_seen: event('journal_seen', 'The journal of another process was seen'),
  checkpoint: event('checkpoint', 'Journal signed'),
  checkpoint_failed: failure('checkpoint_failed', 'Journal could not be signed', 4),
  sink_failed: failure('sink_failed', 'A sink does not take records', 3),
  sink_recovered: event('sink_recovered', 'A sink takes records again'),
  sink_rejected: failure('sink_rejected', 'A sink rejected a record', 3),
  sink_dropped: failure('sink_dropped', 'Records were not shipped', 4),
  sink_missed: failure('sink_missed', 'Records were gone before they were shipped', 4),
  sink_unreadable: failure('sink_unreadable', 'The journal cannot be read for a sink', 4),
  sink_disk_failed: failure('sink_disk_failed', 'The disk fails a sink', 3),
  sink_cursor_damaged: failure('sink_cursor_damaged', 'The cursor of a sink is damaged', 3),
  subject_erased: event('subject_erased', 'The key of a person was destroyed'),
  alert_raised: { ...event('alert_raised', 'An alert was raised'), severity: 3 },
  alert_suppressed: event('alert_suppressed', 'An alert was not told, as the policy says'),
  alert_dropped: failure('alert_dropped', 'Alerts were not told to a sink', 4),
  alert_sink_failed: failure('alert_sink_failed', 'A sink does not take alerts', 4),
  alert_sink_recovered: event('alert_sink_recovered', 'A sink takes alerts again'),
  alert_sink_rejected: failure('alert_sink_rejected', 'A sink rejected alerts', 4),
  restriction_began: { ...event('restriction_began', 'Calls are restricted for a time'), severity: 3 },
  restriction_prolonged: {
    ...event('restriction_prolonged', 'Calls are restricted for longer'),
    severity: 3,
  },
  restriction_lifted: { ...event('restriction_lifted', 'A restriction of calls was lifted'), severity: 2 },
  restriction_ended: event('restriction_ended', 'A restriction of calls ended'),
  approval_given: { ...event('approval_given', 'A restricted call was approved'), severity: 2 },
  watch_started: event('watch_started', 'The stream of records is watched'),
  watch_failed: failure('watch_failed', 'The stream of records is not watched', 4),
};

/** A raised alert has the severity that its record says. */
const ALERTS: ReadonlyMap<unknown, Classification> = new Map(
  Object.entries(ALERT_SEVERITY).map(([name, severity]) => [name, { ...EVENTS.alert_raised, severity }]),
);

/** A record that a newer version wrote is classified by what can be read of it. */
export function classify(record: AuditRecord): Classification {
  switch (record.type) {
    case 'attempt':
      return ATTEMPT;
    case 'outcome':
      return record.status === 'refused' ? refusalOf(record) : answerOf(record);
    case 'event':
      return eventOf(record);
  }
}

function eventOf({ event: name, detail }: EventRecord): Classification {
  if (name === 'alert_raised') return ALERTS.get(detail?.['severity']) ?? EVENTS[name];
  return Object.hasOwn(EVENTS, name) ? EVENTS[name] : event(name, 'Event');
}

function answerOf({ status, wouldRefuse, redacted }: OutcomeRecord): Classification {
  const answers = status === 'ok' ? ANSWERS.ok : ANSWERS.error;
  if (wouldRefuse !== undefined) return answers.detected;
  return redacted === undefined ? answers.allowed : answers.modified;
}

function refusalOf({ refusal = 'internal' }: OutcomeRecord): Classification {
  return Object.hasOwn(REFUSALS, refusal) ? REFUSALS[refusal] : refused(refusal, 'for another reason', 3);
}

function allowedIn(
  answered: Classification,
): Readonly<Record<'allowed' | 'modified' | 'detected', Classification>> {
  return {
    allowed: answered,
    modified: { ...answered, action: 'modified' },
    detected: { ...answered, severity: 2, action: 'detected' },
  };
}

function refused(code: string, why: string, severity: Severity): Classification {
  return {
    code: `refused_${code}`,
    title: `Call refused: ${why}`,
    severity,
    result: 'failure',
    action: 'denied',
  };
}

function event(code: string, title: string): Classification {
  return { code, title, severity: 1, result: 'success' };
}

function failure(code: string, title: string, severity: Severity): Classification {
  return { code, title, severity, result: 'failure' };
}
