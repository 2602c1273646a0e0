import type { EntityName, UserRule } from '@sallyport/detection';

import type { OperatorChoice } from '../operators/make-operator.ts';

/** One identifier of a standard, and what becomes of it. */
export interface PackRow extends OperatorChoice {
  /** In the words of the standard, short. */
  readonly identifier: string;
  /** Where in the standard it stands, such as `(C)`. */
  readonly clause?: string;
  /** What a detector finds of it; empty where nothing can. */
  readonly entities: readonly EntityName[];
  /** What is not obvious; for a row without entities, why nothing finds it and what to do instead. */
  readonly note?: string;
}

/** A rule or standard as data: which findings it is about, and what becomes of each. */
export interface Pack {
  /** Lower case, with dashes; of packs that were merged, their names with `+` between. */
  readonly name: string;
  readonly title: string;
  /** URL of the rule or standard; of packs that were merged, their URLs with spaces between. */
  readonly source: string;
  readonly rows: readonly PackRow[];
  /** Sentences for admins: what using the pack does not do. */
  readonly limits: readonly string[];
  /** What `createDetector` needs in its `rules` to find all entities of the rows. Default: nothing. */
  readonly detectorRules?: readonly UserRule[];
}
