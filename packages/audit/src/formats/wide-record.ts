import type { AttemptRecord, AuditRecord, EventRecord, OutcomeRecord } from '../audit-record.ts';

/** Any record, read member by member without asking first of which type it is. */
export type WideRecord = { readonly type: AuditRecord['type'] } & Partial<Omit<AttemptRecord, 'type'>> &
  Partial<Omit<OutcomeRecord, 'type'>> &
  Partial<Omit<EventRecord, 'type'>> &
  Omit<EventRecord, 'type' | 'event' | 'detail'>;
