import { type JournalPosition, parsePosition } from '@sallyport/audit';
import { parseTail, type SavedTail } from './known-tail.ts';

/** Where a feed stands, as JSON. */
export interface FeedCursor {
  readonly v: 1;
  readonly journals: readonly JournalMark[];
}

/** Where it stands in one journal. */
export interface JournalMark {
  /** See `FoundJournal`. */
  readonly name: string;
  /** Of the record that comes next; absent for a journal without a record. */
  readonly position?: JournalPosition;
  readonly tail: SavedTail;
  /** Time of the newest record that was given, in milliseconds since the epoch. */
  readonly latest: number;
}

/** @returns undefined for what no feed wrote */
export function parseCursor(value: unknown): FeedCursor | undefined {
  const { v, journals } = (value ?? {}) as { readonly v?: unknown; readonly journals?: unknown };
  if (v !== 1 || !Array.isArray(journals)) return undefined;
  const marks = journals.map(parseMark);
  return marks.includes(undefined) ? undefined : { v, journals: marks as JournalMark[] };
}

function parseMark(value: unknown): JournalMark | undefined {
  const { name, position, tail, latest } = (value ?? {}) as Partial<Record<keyof JournalMark, unknown>>;
  const parsed = { position: parsePosition(position), tail: parseTail(tail) };
  if (typeof name !== 'string' || typeof latest !== 'number' || parsed.tail === undefined) return undefined;
  if (position !== undefined && parsed.position === undefined) return undefined;
  return {
    name,
    tail: parsed.tail,
    latest,
    ...(parsed.position !== undefined && { position: parsed.position }),
  };
}
