/** Something that a group is told: a record, and what speaks for it. */
export interface Sign {
  /** Id of the record. */
  readonly id: string;
  /** Milliseconds since the epoch, as the record says. */
  readonly time: number;
  /** Which of the rules of the correlation it is, from 0. */
  readonly position: number;
  /** Ids of the records that it rests on, oldest first. */
  readonly evidence: readonly string[];
  /** Values of the counted field; empty for correlations that count none. */
  readonly values: readonly string[];
}

/** What is remembered of one group, and how much of what is asked for has come together. */
export interface Tally {
  /** Takes a sign in, forgets what is older than the timespan, and answers the count. */
  add(sign: Sign): number;
  /** How many entries it keeps. */
  readonly size: number;
  /** Ids of records, oldest first; 100 at most. */
  evidence(): readonly string[];
  /** As JSON. */
  save(): unknown;
}

/** Makes tallies of one kind. */
export interface TallyKind {
  create(): Tally;
  /** Undefined when it is not what `save` wrote. */
  load(saved: unknown): Tally | undefined;
}

export const MOST_EVIDENCE = 100;

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}
