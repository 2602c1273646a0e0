import { type BaselineEntry, keyOfEntry } from './baseline-file.ts';

/** Remembers which entries were met. */
export interface Baseline {
  /** The entry that covers a finding: one with its path before one without. */
  covers(fingerprint: string, path: string): BaselineEntry | undefined;
  /** The entries that no finding was covered by. */
  unused(): readonly BaselineEntry[];
  /** Those without a reason. */
  unreviewed(): readonly BaselineEntry[];
}

/** A finding is covered by what it is: its commit, line and neighbours do not count, and neither does their history. */
export function createBaseline(entries: readonly BaselineEntry[]): Baseline {
  const byKey = new Map(entries.map((entry) => [keyOfEntry(entry), entry]));
  const met = new Set<BaselineEntry>();
  return {
    covers: (fingerprint, path) => {
      const entry = byKey.get(keyOfEntry({ fingerprint, path })) ?? byKey.get(fingerprint);
      if (entry !== undefined) met.add(entry);
      return entry;
    },
    unused: () => [...byKey.values()].filter((entry) => !met.has(entry)),
    unreviewed: () => [...byKey.values()].filter(({ reason }) => reason === undefined),
  };
}

/** What `baseline create` writes: what is there already with its reasons, and each finding that it does not cover. */
export function addFindings(
  entries: readonly BaselineEntry[],
  findings: readonly { readonly fingerprint: string; readonly path: string }[],
): readonly BaselineEntry[] {
  const known = createBaseline(entries);
  const added = new Map<string, BaselineEntry>();
  for (const { fingerprint, path } of findings) {
    if (known.covers(fingerprint, path) !== undefined) continue;
    const entry = { fingerprint, path };
    added.set(keyOfEntry(entry), entry);
  }
  return [...entries, ...added.values()];
}
