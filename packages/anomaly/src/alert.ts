import { createHash } from 'node:crypto';
import type { AlertFacts } from '@sallyport/audit';
import type { DetectorId } from './detector-id.ts';

/** What a detector tells. It is an `AlertFacts`, so that every format and sink of the audit package takes it as it is. */
export interface Alert extends AlertFacts {
  readonly method: 'statistical';
  readonly rule: { readonly id: DetectorId; readonly name: string };
  /** Client of the principal, where the record that raised it says one. */
  readonly client?: string;
}

/**
 * A UUIDv7 (RFC 9562, section 5.7) that the same record and detector or rule always give, so that an alert which is raised
 * again after a restart, or in a replay, is known to be the same one.
 *
 * @param finder id of the detector or the rule: ids of rules are UUIDs, and meet none of a detector
 */
export function alertId(time: number, record: string, finder: string): string {
  const digest = createHash('sha256').update(`${finder} ${record}`).digest('hex');
  const ms = Math.max(0, Math.floor(time)).toString(16).padStart(12, '0').slice(-12);
  const variant = (8 + (Number.parseInt(digest.slice(3, 4), 16) & 3)).toString(16);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
