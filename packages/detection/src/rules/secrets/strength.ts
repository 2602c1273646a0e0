import { codesOf, isDigit } from '../../code-units.ts';
import { createLiteralSearch } from './literal-search.ts';
import { unitsOf } from './shape.ts';

/** n log2 n, for n units of one kind. */
const WEIGHTS: Float64Array = Float64Array.from({ length: 513 }, (_, count) =>
  count === 0 ? 0 : count * Math.log2(count),
);

/** No unit of a value is a control. */
const FIRST_UNIT = 32;
const ZEROS: readonly number[] = Array.from({ length: 128 }, () => 0);

/** Shannon's entropy in bits for a unit, over the first 512 of those from `from` to `to`. */
export function entropyAt(codes: Uint16Array, from: number, to: number): number {
  // A copy of a plain array costs a fifth of a new typed one.
  const counts = ZEROS.slice();
  const size = Math.min(to - from, 512);
  // A bit for each unit that stands there twice: of the others the weight is 0, and most are.
  let [marks, capitals, letters] = [0, 0, 0];
  for (let at = from; at < from + size; at++) {
    const code = (codes[at] as number) & 127;
    const count = (counts[code] as number) + 1;
    counts[code] = count;
    if (count !== 2) continue;
    if (code >= 96) letters |= 1 << code;
    else if (code >= 64) capitals |= 1 << code;
    else if (code >= FIRST_UNIT) marks |= 1 << code;
  }
  const weight = weightOf(
    counts,
    96,
    letters,
    weightOf(counts, 64, capitals, weightOf(counts, 32, marks, 0)),
  );
  return Math.log2(size) - weight / size;
}

/** Adds the weights of the units from `first` that have a bit to `before`, in their order. */
function weightOf(counts: readonly number[], first: number, bits: number, before: number): number {
  let weight = before;
  for (let left = bits; left !== 0; left &= left - 1) {
    weight += WEIGHTS[counts[first + 31 - Math.clz32(left & -left)] as number] as number;
  }
  return weight;
}

/** Three units or more that go up or down by one, or the keys of a row: what people type for a test. */
const ROWS: readonly string[] =
  '0123 1234 2345 3456 4567 5678 6789 9876 8765 abcd bcde cdef defg qwert asdf zxcv'.split(' ');
const ROW = new RegExp(ROWS.join('|'), 'i');
const rows = createLiteralSearch(ROWS);

/** At least 16 units that look drawn by lot: no words, no rows, as many bits as their number allows. */
export function looksRandom(value: string): boolean {
  return looksRandomAt(value, codesOf(value), 0, value.length);
}

/** The same of a value that is the units from `from` to `to`: to read units takes a third of the time. */
export function looksRandomAt(value: string, codes: Uint16Array, from: number, to: number): boolean {
  const size = to - from;
  if (size < 16 || size > 512 || !hasMixedPart(codes, from, to, 8, 8)) return false;
  if (rows.inUnits(codes, from, to) && ROW.test(value)) return false;
  return entropyAt(codes, from, to) >= (size < 20 ? 2.9 : 3.1);
}

/**
 * A password that someone may have chosen: letters with a digit or a mark, and no mere words; from `named` units on no
 * camelCase either.
 */
export function looksChosen(value: string, named = 16): boolean {
  const codes = codesOf(value);
  const size = value.length;
  return size >= 6 && hasMixedPart(codes, 0, size, 5, named) && entropyAt(codes, 0, size) >= 1.5;
}

/** What parts of a value are parted by. */
const MARKS: Uint8Array = unitsOf('-_./: ');

/**
 * Whether a part between marks holds a letter and a digit or a mark, and is no word with a number: `v2`, `token1`. From
 * `named` units on, it is none that programs name things with either. One look at each unit, and no part is cut out.
 */
function hasMixedPart(codes: Uint16Array, from: number, to: number, least: number, named: number): boolean {
  let start = from;
  let lower = 0;
  let upper = 0;
  let digits = 0;
  let changes = 0;
  let before = 0;
  for (let at = from; at <= to; at++) {
    const code = at < to ? (codes[at] as number) : END;
    if (code > 127 || MARKS[code] === 0) {
      let kind = 0;
      if (isDigit(code)) {
        digits += 1;
        kind = 1;
      } else if (code >= 65 && code <= 90) {
        upper += 1;
        kind = 2;
      } else if (code >= 97 && code <= 122) {
        lower += 1;
        kind = 3;
      }
      if (kind !== before && at > start) changes += 1;
      before = kind;
      continue;
    }
    const size = at - start;
    const letters = lower + upper;
    if (size >= least && letters > 0 && letters < size) {
      // Other units than letters and digits make it no name of any kind.
      if (letters + digits < size) return true;
      const isNamed =
        size >= named && lower > 0 && upper > 0 && digits <= 3 && changes <= size * CHANGES_OF_NAMES;
      if (!isNamed && !isNumbered(codes, start, at, digits, changes)) return true;
    }
    start = at + 1;
    lower = upper = digits = changes = before = 0;
  }
  return false;
}

/** A mark, to end the last part. */
const END = 32;
/**
 * `CreateOAuth2TokenCommand`: both cases, three digits at most, and seldom another kind than the unit before. Of random
 * letters and digits six in ten differ in kind from their neighbour.
 */
const CHANGES_OF_NAMES = 0.45;
/** In the first, each word begins with its capital, so that there is one way to read it. */
const WORD_AND_DIGIT = /^[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*\d$/;
const CAPITALS_AND_DIGITS = /^[A-Z]{2,}\d{1,2}$/;
const NUMBER_AND_UNIT = /^\d+[a-z]{1,3}$/i;

/** Of letters and digits: a word or camelCase name with one digit at its end, or capitals with two, or a number with a unit. */
function isNumbered(
  codes: Uint16Array,
  start: number,
  end: number,
  digits: number,
  changes: number,
): boolean {
  const letters = end - start - digits;
  if (isDigit(codes[start] as number)) {
    return letters <= 3 && changes <= 3 && NUMBER_AND_UNIT.test(textOf(codes, start, end));
  }
  if (digits > 2 || !isDigit(codes[end - 1] as number)) return false;
  const part = textOf(codes, start, end);
  return WORD_AND_DIGIT.test(part) || CAPITALS_AND_DIGITS.test(part);
}

function textOf(codes: Uint16Array, from: number, to: number): string {
  return String.fromCharCode(...codes.subarray(from, to));
}
