import { type AuditRecord, type JournalLine, openSealed, type SubjectKeys } from '@sallyport/audit';
import type { QueryOptions } from './record-query.ts';

/**
 * The same question for records in which people appear by pseudonyms. A name that has none stays, and so do pseudonyms and
 * beginnings of them.
 */
export async function withPseudonyms(query: QueryOptions, keys: SubjectKeys): Promise<QueryOptions> {
  if (query.subject === undefined) return query;
  const subject = await Promise.all(
    query.subject.map(async (name) => (await keys.pseudonymOf(name)) ?? name),
  );
  return { ...query, subject };
}

/** A record with the names of people that are not erased, and what is sealed in it. */
export interface UnsealedLine {
  readonly line: JournalLine;
  /** JSON of what was sealed, or why it cannot be read; undefined where nothing is. */
  readonly opened: string | undefined;
}

/** In the record the seal is replaced by `opened`. */
export async function unsealed(line: JournalLine, keys: SubjectKeys): Promise<UnsealedLine> {
  if (line.kind === 'entry') return { line, opened: undefined };
  const { people, state, values } = await openSealed(line.record, keys);
  const names = new Map(
    people.flatMap((person) => (person.state === 'known' ? [[person.pseudonym, person.name] as const] : [])),
  );
  const record = named(line.record, names);
  if (state === 'none') return { line: { ...line, record, json: JSON.stringify(record) }, opened: undefined };
  const opened = values ?? state;
  const { sealed: _, ...rest } = record as AuditRecord & { readonly sealed?: unknown };
  const shown = rest as AuditRecord;
  return {
    line: { ...line, record: shown, json: JSON.stringify({ ...shown, opened }) },
    opened: JSON.stringify(opened),
  };
}

function named(record: AuditRecord, names: ReadonlyMap<string, string>): AuditRecord {
  const nameOf = (text: string): string => names.get(text) ?? text;
  if (record.type === 'event') return record;
  const { principal, about } = record;
  return {
    ...record,
    principal: {
      ...principal,
      subject: nameOf(principal.subject),
      ...(principal.actor !== undefined && { actor: nameOf(principal.actor) }),
    },
    ...(about !== undefined && { about: nameOf(about) }),
  };
}
