import type { AuditRecord, EventRecord } from '../audit-record.ts';
import { type Access, accessOf } from './method-meaning.ts';
import type { OcsfActivity } from './ocsf-head.ts';

const API: Readonly<Record<Access, OcsfActivity>> = {
  create: { classUid: 6003, id: 1, name: 'Create' },
  read: { classUid: 6003, id: 2, name: 'Read' },
  update: { classUid: 6003, id: 3, name: 'Update' },
  delete: { classUid: 6003, id: 4, name: 'Delete' },
  execute: { classUid: 6003, id: 99, name: 'Execute' },
};

const LOGON: OcsfActivity = { classUid: 3002, id: 1, name: 'Logon' };
const LOGOFF: OcsfActivity = { classUid: 3002, id: 2, name: 'Logoff' };
const TICKET_REQUEST: OcsfActivity = { classUid: 3002, id: 4, name: 'Service Ticket Request' };
const TICKET_RENEW: OcsfActivity = { classUid: 3002, id: 5, name: 'Service Ticket Renew' };
const TICKET_LOST: OcsfActivity = { classUid: 3002, id: 99, name: 'Service Ticket Lost' };

const ASSIGN_PRIVILEGES: OcsfActivity = { classUid: 3003, id: 1, name: 'Assign Privileges' };

const START: OcsfActivity = { classUid: 6002, id: 3, name: 'Start' };
const STOP: OcsfActivity = { classUid: 6002, id: 4, name: 'Stop' };
const UPDATE: OcsfActivity = { classUid: 6002, id: 8, name: 'Update' };
const OTHER: OcsfActivity = { classUid: 6002, id: 99, name: 'Other' };

export const CREATE_FINDING: OcsfActivity = { classUid: 2004, id: 1, name: 'Create' };

const EVENTS: Readonly<Record<EventRecord['event'], OcsfActivity>> = {
  start: START,
  stop: STOP,
  policy_reloaded: UPDATE,
  policy_reload_failed: UPDATE,
  message_refused: API.execute,
  secret_resolved: API.read,
  secret_rotated: API.update,
  secret_failed: API.read,
  secret_stale: API.read,
  secret_recovered: API.read,
  vault_login: LOGON,
  vault_token_renewed: TICKET_RENEW,
  vault_lease_issued: TICKET_REQUEST,
  vault_lease_renewed: TICKET_RENEW,
  vault_lease_lost: TICKET_LOST,
  vault_revoked: LOGOFF,
  attempt_unmatched: OTHER,
  clock_stepped: OTHER,
  journal_failed: OTHER,
  journal_repaired: OTHER,
  journal_adopted: OTHER,
  journal_lock_replaced: OTHER,
  journal_dropping: OTHER,
  journal_recovered: OTHER,
  journal_pruned: OTHER,
  journal_prune_failed: OTHER,
  journal_seen: OTHER,
  checkpoint: OTHER,
  checkpoint_failed: OTHER,
  sink_failed: OTHER,
  sink_recovered: OTHER,
  sink_rejected: OTHER,
  sink_dropped: OTHER,
  sink_missed: OTHER,
  sink_unreadable: OTHER,
  sink_disk_failed: OTHER,
  sink_cursor_damaged: OTHER,
  subject_erased: API.delete,
  alert_raised: OTHER,
  alert_suppressed: OTHER,
  alert_dropped: OTHER,
  alert_sink_failed: OTHER,
  alert_sink_recovered: OTHER,
  alert_sink_rejected: OTHER,
  restriction_began: OTHER,
  restriction_prolonged: OTHER,
  restriction_lifted: OTHER,
  restriction_ended: OTHER,
  approval_given: OTHER,
  watch_started: OTHER,
  watch_failed: OTHER,
};

/** Which class and activity a record is. */
export function ocsfActivity(record: AuditRecord): OcsfActivity {
  if (record.type === 'event') return Object.hasOwn(EVENTS, record.event) ? EVENTS[record.event] : OTHER;
  if (record.type === 'outcome') {
    if (record.refusal === 'unauthenticated') return LOGON;
    if (startsSession(record.method, record.status, record.principal.roles)) return ASSIGN_PRIVILEGES;
  }
  return API[accessOf(record.method)];
}

/** An answered `initialize` begins a session with the principal's roles; 3003 needs at least one of them. */
function startsSession(method: string, status: string, roles: readonly string[]): boolean {
  return method === 'initialize' && status === 'ok' && roles.length > 0;
}
