import type { AuditRecord } from '@sallyport/audit';

/** What detectors and rules read: one record of the audit stream, in its order. */
export interface Observation {
  readonly record: AuditRecord;
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
}
