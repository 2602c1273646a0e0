import { AT, CLASSES, COLON, DIGIT, ODD, PAIRS, QUADS } from './classes.ts';
import * as c from './compiled.ts';
import { quadsOf, type WordIndex } from './word-index.ts';

/** What forms begin at, apart from words. */
interface Wanted {
  readonly digits: boolean;
  readonly at: boolean;
  /** `:/` or `::`. */
  readonly colon: boolean;
}

/** What to do at two units, by their classes and the classes of the two before them. */
export interface Stops {
  /** The `STOP_` bits. */
  readonly stops: Uint8Array;
  /** One bit for each four classes: whether there is anything to do. */
  readonly stopBits: Int32Array;
}

export function createStops(words: WordIndex, { digits, at, colon }: Wanted): Stops {
  const stops = new Uint8Array(QUADS);
  const stopBits = new Int32Array(QUADS >> 5);
  const stop = (key: number, why: number): void => {
    if (why === 0) return;
    stops[key] = (stops[key] as number) | why;
    stopBits[key >> 5] = (stopBits[key >> 5] as number) | (1 << key);
  };
  const copy = (to: number, from: number, size: number): void => {
    stops.copyWithin(to, from, from + size);
    stopBits.copyWithin(to >> 5, from >> 5, (from + size) >> 5);
  };
  const after = (left: number, unit: number): boolean =>
    (unit === AT && at) || (unit === COLON && left === COLON && colon);
  // A single digit before a comma, a bracket or the end of a line is nothing.
  const begins = (left: number, digit: number, unit: number): boolean =>
    digits && left !== DIGIT && digit === DIGIT && unit !== 0;
  const block = QUADS / CLASSES;
  const fill = (first: number, second: number): void => {
    const from = first * block + second * PAIRS;
    for (let rest = 0; rest < PAIRS; rest++) {
      const third = rest >> 5;
      const fourth = rest % CLASSES;
      stop(
        from + rest,
        (begins(first, second, third) ? c.STOP_DIGIT_THIRD : 0) |
          (begins(second, third, fourth) ? c.STOP_DIGIT_FOURTH : 0) |
          (after(second, third) ? c.STOP_MARK_THIRD : 0) |
          (after(third, fourth) ? c.STOP_MARK_FOURTH : 0) |
          (third === ODD || fourth === ODD ? c.STOP_ODD : 0),
      );
    }
  };
  // Of the first two of the four it only matters whether they are digits, and of the second whether it is a colon.
  for (const first of [DIGIT, 0]) {
    for (const second of [DIGIT, COLON, 0]) fill(first, second);
    const from = first * block;
    for (let second = 1; second < CLASSES; second++) {
      if (second === DIGIT || second === COLON) continue;
      copy(from + second * PAIRS, from, PAIRS);
    }
  }
  for (let first = 1; first < CLASSES; first++) {
    if (first !== DIGIT) copy(first * block, 0, block);
  }
  for (const quad of quadsOf(words)) stop(quad, c.STOP_WORD);
  return { stops, stopBits };
}
