import fc from 'fast-check';
import type { AuditRecord } from '../../src/audit-record.ts';
import { hostileRecord } from '../formats/hostile-records.ts';
import { outcome } from '../formats/some-records.ts';

const id = (index: number): string => `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Ends of lines and separators of every format and protocol, in every field that a caller can fill. */
const SEPARATORS = '\n\r\n\0|=^\\"]\'\t <13>1 - - - - - -\n12 <13>1 {"a":1}\n\u2028\u0085\ud800';

/** Records with hostile texts in every field, and ids that tell them apart. */
export function hostileRecords(count: number): AuditRecord[] {
  const all = outcome({
    server: SEPARATORS,
    policy: SEPARATORS,
    method: SEPARATORS,
    target: SEPARATORS,
    principal: {
      subject: SEPARATORS,
      roles: [SEPARATORS],
      client: SEPARATORS,
      actor: SEPARATORS,
      method: SEPARATORS,
    },
    decision: { effect: 'permit', rule: SEPARATORS, at: SEPARATORS },
  });
  const sampled = fc.sample(hostileRecord, { numRuns: count - 1, seed: 5 });
  return [all, ...sampled].map((record, index) => ({ ...record, id: id(index) }));
}

export function plainRecords(count: number): AuditRecord[] {
  return Array.from({ length: count }, (_, index) => outcome({ id: id(index) }));
}

/** One that is longer than receivers take. */
export function hugeRecord(): AuditRecord {
  return { ...outcome({ id: id(999_999) }), server: 'x'.repeat(20_000) };
}
