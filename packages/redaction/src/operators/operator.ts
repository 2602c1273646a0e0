/** How a finding is rewritten. `keep` leaves it, so that a rule can exempt somebody from a later one. */
export const OPERATORS = [
  'keep',
  'drop',
  'mask',
  'label',
  'hash',
  'generalize',
  'shift',
  'surrogate',
  'token',
  'block',
] as const;

export type OperatorName = (typeof OPERATORS)[number];

/** For whom a value is rewritten: what must differ between tenants, and stay the same for one person. */
export interface Owner {
  readonly tenant: string;
  readonly subject: string;
  /** Whom the data is about, where the host says so. */
  readonly about: string | undefined;
}

/** A pure rewriting. It never throws, and what it answers never has the value in it. */
export interface Rewriting {
  /** What stands in a text instead of the value. */
  text(value: string, entity: string, owner: Owner): string;
  /** What stands instead of a number: a number, so that the result keeps its type. */
  number(value: number, entity: string, owner: Owner): number;
  /** Whether `text` keeps length, kinds of characters and format, so that a schema that fitted still does. */
  readonly keepsShape: boolean;
  /** Whether the answer for a text depends on nothing but the entity. */
  readonly isByEntity?: boolean;
  /** Whether the same value always has the same answer anyway, cheaply: it is then not remembered. */
  readonly cheap: boolean;
}
