/** One thing wrong with, or worth knowing about, a model or policy file. */
export interface Problem {
  /** As the caller named it: `rbac_policy.csv`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** Something wrong inside one field, `offset` UTF-16 units into it. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}
