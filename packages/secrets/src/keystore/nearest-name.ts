/** The name that is a slip of the finger away from one that is not there; undefined when none is close. */
export function nearestName(unknown: string, known: Iterable<string>): string | undefined {
  // Short names are close to everything.
  const most = Math.min(2, Math.floor(unknown.length / 3));
  let nearest: string | undefined;
  let least = most + 1;
  for (const name of known) {
    if (Math.abs(name.length - unknown.length) >= least) continue;
    const distance = slips(unknown.toLowerCase(), name.toLowerCase());
    if (distance >= least) continue;
    nearest = name;
    least = distance;
  }
  return nearest;
}

/** Levenshtein's distance: characters added, left out or mistaken. Two that changed places count twice. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const mistaken = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(mistaken, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
