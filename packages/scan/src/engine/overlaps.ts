/** A part of a text, in code units. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether a span shares a unit with one of many. Asked for each of a hundred thousand, so that looking through all of them
 * would take minutes.
 *
 * @param sorted by their beginnings, none over another
 */
export function createOverlapTest(sorted: readonly Span[]): (span: Span) => boolean {
  return ({ start, end }) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as Span).end > start) high = middle;
      else low = middle + 1;
    }
    return low < sorted.length && (sorted[low] as Span).start < end;
  };
}
