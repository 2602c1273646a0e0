const MOST = 120;
const MASK = '••••••';
/** What stands before the credential says most. */
const BEFORE = 70;

/**
 * The line with every credential in it replaced, and controls, which a terminal would act upon, made visible; cut to 120
 * units around one of them.
 *
 * @param start where that one begins
 * @param places of all of them, as pairs of start and end, in any order
 */
export function maskedExcerpt(
  line: string,
  start: number,
  places: readonly (readonly [start: number, end: number])[],
): string {
  const sorted = places.toSorted((a, b) => a[0] - b[0] || b[1] - a[1]);
  let masked = '';
  let at = 0;
  let own = 0;
  for (const [from, to] of sorted) {
    if (to <= at) continue;
    if (from >= at) {
      masked += line.slice(at, from);
      if (from <= start) own = masked.length;
      masked += MASK;
    }
    at = Math.max(at, to);
  }
  masked += line.slice(at);
  const from = Math.max(0, Math.min(own - BEFORE, masked.length - MOST));
  const part = masked.slice(from, from + MOST);
  // Half of a character is none.
  return part
    .replaceAll(/\p{Surrogate}/gu, '')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
}
