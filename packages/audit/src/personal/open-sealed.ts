import { isJsonObject } from '@sallyport/core';
import type { AuditRecord } from '../audit-record.ts';
import { isPseudonym } from './pseudonym.ts';
import type { Seal } from './seal.ts';
import { SEALED, type SealedValues } from './sealed-values.ts';
import type { SubjectKeys } from './subject-keys.ts';

/** Who is behind a pseudonym. `unknown`: the file of keys never had it, or an older copy is read. */
export type Person =
  | { readonly pseudonym: string; readonly state: 'known'; readonly name: string }
  /** `at`: milliseconds since the epoch. */
  | { readonly pseudonym: string; readonly state: 'erased'; readonly at: number }
  | { readonly pseudonym: string; readonly state: 'unknown' };

/** What could be read of a record with the keys. */
export interface OpenedRecord {
  readonly record: AuditRecord;
  /** Everybody whose pseudonym stands in the record, once. */
  readonly people: readonly Person[];
  /**
   * `none`: nothing is sealed. `erased`, `unknown`: the key is gone. `altered`: it is not what was sealed in this record,
   * which the chain of the journal tells too.
   */
  readonly state: 'none' | 'open' | 'erased' | 'unknown' | 'altered';
  /** With state `open` alone. */
  readonly values?: SealedValues;
}

/**
 * Reads what a record hides. A record without pseudonyms has no people in it.
 *
 * @param keys best opened with `readOnly`
 * @throws SubjectKeysError when the keys cannot be read
 */
export async function openSealed(record: AuditRecord, keys: SubjectKeys): Promise<OpenedRecord> {
  const people: Person[] = [];
  for (const pseudonym of pseudonymsIn(record)) {
    const found = await keys.find(pseudonym);
    if (found === undefined) people.push({ pseudonym, state: 'unknown' });
    else if (found.state === 'erased') people.push({ pseudonym, ...found });
    else people.push({ pseudonym, state: 'known', name: found.key.name });
  }
  const seal = sealOf(record);
  if (seal === undefined) return { record, people, state: 'none' };
  const found = await keys.find(seal.key);
  if (found?.state !== 'known') return { record, people, state: found?.state ?? 'unknown' };
  const plain = found.key.open(seal, { record: record.id, member: SEALED });
  if (plain === undefined) return { record, people, state: 'altered' };
  return { record, people, state: 'open', values: JSON.parse(plain) as SealedValues };
}

function pseudonymsIn(record: AuditRecord): ReadonlySet<string> {
  const named =
    record.type === 'event'
      ? Object.values(record.detail ?? {})
      : [record.principal.subject, record.principal.actor, record.about];
  return new Set(named.filter((text) => typeof text === 'string' && isPseudonym(text)) as string[]);
}

/** The seal of a record, which may come from anywhere. */
function sealOf(record: AuditRecord): Seal | undefined {
  if (record.type === 'event' || !isJsonObject(record.sealed)) return undefined;
  const { key, nonce, data } = record.sealed;
  const isOne = typeof key === 'string' && typeof nonce === 'string' && typeof data === 'string';
  return isOne ? record.sealed : undefined;
}
