import { isAlnum } from '../code-units.ts';
import { isLetterClass, SEPARATOR } from './classes.ts';
import type { IndexedWord } from './word-index.ts';

/** Where a word stands. */
export interface WordPlace {
  start: number;
  end: number;
}

export function createWordPlace(): WordPlace {
  return { start: 0, end: 0 };
}

/** Whether `word` stands where its run begins at `run`. Leaves its place in `place`. */
export function standsAt(
  word: IndexedWord,
  codes: Uint16Array,
  length: number,
  run: number,
  classes: Uint8Array,
  place: WordPlace,
): boolean {
  const own = word.classes;
  if (run < 0) return false;
  let start = run;
  for (let index = word.run - 1; index >= 0; index--) {
    const wanted = own[index] as number;
    if (start === 0) return false;
    const seen = classes[codes[start - 1] as number] as number;
    if (wanted === SEPARATOR) {
      if (seen === SEPARATOR) start -= 1;
      continue;
    }
    if (seen !== wanted) return false;
    start -= 1;
  }
  let end = run;
  for (let index = word.run; index < own.length; index++) {
    const wanted = own[index] as number;
    const seen = end < length ? (classes[codes[end] as number] as number) : 0;
    if (wanted === SEPARATOR) {
      if (seen === SEPARATOR) end += 1;
      continue;
    }
    if (seen !== wanted) return false;
    end += 1;
  }
  if (word.exact !== undefined) {
    if (end - start !== word.exact.length) return false;
    for (let index = 0; index < word.exact.length; index++) {
      if (codes[start + index] !== word.exact[index]) return false;
    }
    if (start > 0 && isAlnum(codes[start - 1] as number)) return false;
  }
  if (start > 0 && !breaks(codes[start - 1] as number, codes[start] as number, classes)) return false;
  if (!word.open && end < length && !endsWord(codes, end, length, classes)) return false;
  place.start = start;
  place.end = end;
  return true;
}

/** A word ends where no letter follows, or one `s`, or a capital after a small letter (camelCase). */
function endsWord(codes: Uint16Array, end: number, length: number, classes: Uint8Array): boolean {
  const next = codes[end] as number;
  if (breaks(codes[end - 1] as number, next, classes)) return true;
  if ((next | 32) !== 0x73) return false;
  return end + 1 >= length || breaks(next, codes[end + 1] as number, classes);
}

/** Whether a word may begin between the two units. */
export function breaks(left: number, right: number, classes: Uint8Array): boolean {
  if (!isLetterClass(classes[left] as number) || !isLetterClass(classes[right] as number)) return true;
  return left >= 97 && right >= 65 && right <= 90;
}
