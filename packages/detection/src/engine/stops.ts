import { AT, CLASSES, COLON, DIGIT, ODD, QUADS } from './classes.ts';
import * as c from './compiled.ts';
import { quadsOf, type WordIndex } from './word-index.ts';

/** What forms begin at, apart from words. */
interface Wanted {
  readonly digits: boolean;
  readonly at: boolean;
  /** `:/` or `::`. */
  readonly colon: boolean;
}

/** What to do at two units, by their classes and the classes of the two before them: the `STOP_` bits. */
export function createStops(words: WordIndex, { digits, at, colon }: Wanted): Uint8Array {
  const stops = new Uint8Array(QUADS);
  const after = (left: number, unit: number): boolean =>
    (unit === AT && at) || (unit === COLON && left === COLON && colon);
  // A single digit before a comma, a bracket or the end of a line is nothing.
  const begins = (left: number, digit: number, unit: number): boolean =>
    digits && left !== DIGIT && digit === DIGIT && unit !== 0;
  const block = QUADS / CLASSES;
  const fill = (first: number): void => {
    for (let rest = 0; rest < block; rest++) {
      const [second, third, fourth] = [rest >> 10, (rest >> 5) % CLASSES, rest % CLASSES];
      stops[first * block + rest] =
        (begins(first, second, third) ? c.STOP_DIGIT_THIRD : 0) |
        (begins(second, third, fourth) ? c.STOP_DIGIT_FOURTH : 0) |
        (after(second, third) ? c.STOP_MARK_THIRD : 0) |
        (after(third, fourth) ? c.STOP_MARK_FOURTH : 0) |
        (third === ODD || fourth === ODD ? c.STOP_ODD : 0);
    }
  };
  // Of the first of the four it only matters whether it is a digit.
  fill(DIGIT);
  fill(0);
  for (let first = 1; first < CLASSES; first++) {
    if (first !== DIGIT) stops.copyWithin(first * block, 0, block);
  }
  for (const quad of quadsOf(words)) stops[quad] = (stops[quad] as number) | c.STOP_WORD;
  return stops;
}
