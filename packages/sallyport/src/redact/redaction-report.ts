/** What `--report` writes: counts, and never a value. */
export interface RedactionReport {
  /** SHA-256 of the policy, hexadecimal; absent without one. */
  readonly policy?: string;
  readonly files: readonly FileReport[];
  readonly total: FileReport['redacted'];
}

export interface FileReport {
  readonly name: string;
  /** Read, in UTF-8. */
  readonly bytes: number;
  readonly redacted: readonly {
    readonly entity: string;
    readonly operator: string;
    readonly count: number;
  }[];
}

/** Adds counts of the same entity and operator up; the most frequent first. */
export function sumCounts(counts: FileReport['redacted']): FileReport['redacted'] {
  const sums = new Map<string, { entity: string; operator: string; count: number }>();
  for (const { entity, operator, count } of counts) {
    const key = `${entity} ${operator}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { entity, operator, count });
    else sum.count += count;
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count || a.entity.localeCompare(b.entity));
}

/** `EMAIL 3 label, PERSON 1 token`. */
export function describeCounts(counts: FileReport['redacted']): string {
  if (counts.length === 0) return 'nothing';
  return counts.map(({ entity, operator, count }) => `${entity} ${count} ${operator}`).join(', ');
}
