import type { AuditRecord } from '../audit-record.ts';
import { type JournalEntry, type Link, valueText } from '../journal/entry.ts';

interface Common {
  /** Of which journal: see `FoundJournal`. */
  readonly journal: string;
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** As it stands in the journal. */
  readonly json: string;
}

/** One record of a journal, or something that the journal says itself. */
export type JournalLine =
  | (Common & { readonly kind: 'record'; readonly record: AuditRecord })
  | (Common & { readonly kind: 'entry'; readonly entry: JournalEntry });

const TYPES: ReadonlySet<unknown> = new Set<AuditRecord['type']>(['attempt', 'outcome', 'event']);

/** @returns undefined when the body holds nothing that has a time and a type; all else is as it was written */
export function journalLine(journal: string, body: Buffer, link: Link): JournalLine | undefined {
  return lineOf(journal, link.seq, { member: link.member, json: valueText(body, link) });
}

/** The same of a text that stood in the journal under a member. */
export function lineOf(
  journal: string,
  sequence: number,
  { member, json }: { readonly member: Link['member']; readonly json: string },
): JournalLine | undefined {
  const value = parsed(json);
  if (typeof value?.time !== 'string' || typeof value.type !== 'string') return undefined;
  const time = Date.parse(value.time);
  if (Number.isNaN(time)) return undefined;
  const common = { journal, sequence, time, json };
  if (member === 'journal') return { ...common, kind: 'entry', entry: value as JournalEntry };
  return TYPES.has(value.type) ? { ...common, kind: 'record', record: value as AuditRecord } : undefined;
}

function parsed(json: string): { readonly type?: unknown; readonly time?: unknown } | null | undefined {
  try {
    return JSON.parse(json) as { readonly type?: unknown; readonly time?: unknown } | null;
  } catch {
    return undefined;
  }
}
