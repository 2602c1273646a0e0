/** The name that somebody may have meant: one that has the other in it, or is a slip of the finger away. */
export function nearestName(unknown: string, names: readonly string[]): string | undefined {
  const lower = unknown.toLowerCase();
  if (lower.length >= SHORTEST_PART) {
    const part = names.find((name) => name.includes(lower) || lower.includes(name));
    if (part !== undefined) return part;
  }
  const [close] = names
    .map((name) => ({ name, distance: editDistance(lower, name) }))
    .toSorted((a, b) => a.distance - b.distance);
  return close !== undefined && close.distance <= Math.min(MOST_SLIPS, lower.length / 2)
    ? close.name
    : undefined;
}

const SHORTEST_PART = 3;
const MOST_SLIPS = 3;

/** Levenshtein: insertions, deletions and changes of one letter. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
