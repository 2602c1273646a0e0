/** The known word that is a slip of the finger away from an unknown one; undefined when none is close. */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  const close = known
    .map((key) => ({ key, distance: editDistance(unknown.toLowerCase(), key.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  // In a long word three slips are still the same word: onRotate, onRotation. In a short one two make another.
  const most = unknown.length >= 8 ? 3 : unknown.length > 3 ? 2 : 1;
  return close !== undefined && close.distance <= most ? close.key : undefined;
}

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
