/** Where a reader of the journal stands. */
export interface JournalPosition {
  /** Number of the record that comes next. */
  readonly sequence: number;
  /** SHA-256 of the body of the record before, hexadecimal: what the next one has to say. */
  readonly prev: string;
  /** The segment, by the number of its first record. */
  readonly segment: number;
  /** Where in the segment the next frame begins; 0: behind the head. */
  readonly offset: number;
}

/** @returns undefined for what is no position */
export function parsePosition(value: unknown): JournalPosition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { sequence, prev, segment, offset } = value as Partial<Record<keyof JournalPosition, unknown>>;
  if (!isCount(sequence) || !isCount(segment) || !isCount(offset) || segment > sequence) return undefined;
  if (typeof prev !== 'string' || !/^[0-9a-f]{64}$/.test(prev)) return undefined;
  return { sequence, prev, segment, offset };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
