import type { AuditTrailParts } from './audit-trail.ts';
import type { Told } from './trail-events.ts';

/** Tells the operator, and records it. */
export function tell(
  { event, detail, level, message, isUnrecorded }: Told,
  { record, log }: Pick<AuditTrailParts, 'record' | 'log'>,
): void {
  if (level !== undefined) log({ level, event, message, detail });
  if (isUnrecorded !== true) record(event, detail);
}
