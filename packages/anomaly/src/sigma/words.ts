/** What a mapping of YAML is once parsed; undefined for everything else. */
export function mapOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** A word as a problem shows it: short, and with nothing that could forge a line. */
export function shown(word: string): string {
  const visible = word.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
  return `"${visible.length > 60 ? `${visible.slice(0, 60)}...` : visible}"`;
}

/** `; did you mean "target"?`, or nothing when no known word is close. */
export function hint(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  return close === undefined ? '' : `; did you mean "${close}"?`;
}

/** The known word that is a slip of the finger or two away; undefined when none is. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const most = word.length > 3 ? 2 : 1;
  return known
    .map((key) => ({ key, slips: slips(word.toLowerCase(), key.toLowerCase()) }))
    .filter(({ slips }) => slips <= most)
    .toSorted((a, b) => a.slips - b.slips)[0]?.key;
}

function slips(a: string, b: string): number {
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
