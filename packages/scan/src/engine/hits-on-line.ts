import type { LineText } from './line-text.ts';
import type { TextHit } from './text-scanner.ts';

/** The credentials that a line shows a part of, as pairs of start and end in it. */
export type HitsOnLine = (at: number, line: LineText) => readonly (readonly [start: number, end: number])[];

/**
 * Looks at the neighbours of a hit as far as the line goes, and no further: there may be a hundred thousand hits.
 *
 * @param hits sorted by their beginnings
 */
export function createHitsOnLine(hits: readonly TextHit[]): HitsOnLine {
  // Of all hits up to one, how far the longest goes: where that is before the line, so are all of them.
  let longest = 0;
  const reach = hits.map(({ end }) => (longest = Math.max(longest, end)));
  return (at, { text, from }) => {
    const to = from + text.length;
    let first = at;
    while (first > 0 && (reach[first - 1] as number) > from) first -= 1;
    const found: [number, number][] = [];
    for (let place = first; place < hits.length; place++) {
      const { start, end } = hits[place] as TextHit;
      if (start >= to) break;
      if (end > from) found.push([Math.max(0, start - from), Math.min(text.length, end - from)]);
    }
    return found;
  };
}
