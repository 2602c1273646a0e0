/** What a reader met where records should be; `verify` says what it means. */
export interface ScanProblem {
  /** Of which journal: see `FoundJournal`. */
  readonly journal: string;
  /**
   * `unreadable`: nothing from this record on can be read in this segment. `missing`: records up to, not including, `until`
   * are not there. `order`: this number stands where another one belongs. `malformed`: this one is no record. `reread`: what
   * was read from here on did not last, and other records took its place.
   */
  readonly why: 'unreadable' | 'missing' | 'order' | 'malformed' | 'reread';
  readonly sequence: number;
  readonly until?: number;
}
