import { PAIRS, QUADS } from './classes.ts';
import type { Cursor } from './cursor.ts';
import type { Progress } from './progress.ts';
import { backOf, headOf, type IndexedWord, isLast, quadsOf, type WordIndex, wordOf } from './word-index.ts';
import { createWordPlace, standsAt } from './word-place.ts';

/** Whether a word of `group` ends after `from` and at `to` or before it. */
export type WordSearch = (group: number, from: number, to: number) => boolean;

/** Looks for words where a form has matched, and nowhere else. */
export function createWordSearch(
  index: WordIndex,
  classes: Uint8Array,
  cursor: Cursor,
  progress: Progress,
): WordSearch {
  const { codes } = cursor;
  const { words, entries } = index;
  const place = createWordPlace();
  // Most fours are told from the two that they end with: this table is small enough for the L1 cache.
  const ends = new Uint8Array(PAIRS);
  for (const quad of quadsOf(index)) ends[quad & (PAIRS - 1)] = 1;
  return (group, from, to) => {
    progress.work += to - from;
    const first = from | 1;
    let key = first < 3 ? 0 : classOfTwo(codes, classes, first - 3);
    // As in the sweep, only the fours that end at odd places; the last of one may stand behind the word.
    for (let at = first; at < to + 4; at += 2) {
      key = ((key & (PAIRS - 1)) << 10) | classOfTwo(codes, classes, at - 1);
      if (ends[key & (PAIRS - 1)] === 0) continue;
      let entry = headOf(index, key & (QUADS - 1));
      let more = entry !== -1;
      while (more) {
        const value = entries[entry] as number;
        const word = words[wordOf(value)] as IndexedWord;
        const run = at - backOf(value);
        if (
          word.groups.includes(group) &&
          standsAt(word, codes, cursor.length, run, classes, place) &&
          place.end > from &&
          place.end <= to
        ) {
          return true;
        }
        more = !isLast(value);
        entry += 1;
      }
    }
    return false;
  };
}

function classOfTwo(codes: Uint16Array, classes: Uint8Array, at: number): number {
  return ((classes[codes[at] as number] as number) << 5) | (classes[codes[at + 1] as number] as number);
}
