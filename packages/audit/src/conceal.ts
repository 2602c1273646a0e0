import { isJsonObject, type RevealedSecrets } from '@sallyport/core';
import type { AuditRecord } from './audit-record.ts';

/** Members that are ours from end to end: ids, times, digests and words of a closed list. */
const OURS: ReadonlySet<string> = new Set([
  'v',
  'id',
  'time',
  'call',
  'type',
  'policy',
  'sha256',
  'event',
  'status',
]);

/** The record with every revealed secret in a text of it replaced; the record itself when there is none. */
export function conceal(record: AuditRecord, revealed: RevealedSecrets): AuditRecord {
  return concealed(record, revealed) as AuditRecord;
}

function concealed(value: unknown, revealed: RevealedSecrets): unknown {
  if (typeof value === 'string') return revealed.conceal(value);
  if (Array.isArray(value)) return value.map((item) => concealed(item, revealed));
  if (!isJsonObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    copy[name] = OURS.has(name) ? member : concealed(member, revealed);
  }
  return copy;
}
