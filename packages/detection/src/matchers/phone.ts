import { isAlnum, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

const MOST_DIGITS = 15;
/** Without a `+`, more digits than this behind spaces are two numbers. */
const MOST_NATIONAL = 11;
const MOST_UNITS = 26;

/**
 * Digits in groups, parted by one space, dash, dot or slash, or by brackets: at least six digits and at most 15 (E.164).
 * Too wide to be believed without a word such as "phone" near.
 */
export function findPhoneDigits(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  let from = at;
  if (from > 0 && codes[from - 1] === 40) from -= 1;
  if (from > 0 && codes[from - 1] === 43) from -= 1;
  return digitGroups(cursor, from, at, 6, from < at && codes[from] === 43 ? MOST_DIGITS : MOST_NATIONAL);
}

/** The same after a `+`: the country code makes it believable. */
export function findInternational(cursor: Cursor): boolean {
  return digitGroups(cursor, cursor.at - 1, cursor.at, 8, MOST_DIGITS);
}

function digitGroups(cursor: Cursor, from: number, at: number, least: number, most: number): boolean {
  const { codes } = cursor;
  let to = at;
  let digits = 0;
  let end = at;
  let groups = 0;
  let dashed = false;
  let first = 0;
  let last = 0;
  while (to < at + MOST_UNITS) {
    const start = to;
    while (isDigit(codes[to] as number)) to += 1;
    const spaced = groups > 0 && codes[start - 1] === 32;
    if (to === start || digits + to - start > (spaced ? most : MOST_DIGITS)) break;
    // `555-123-4567 4111`: a space after dashes begins another number.
    if (spaced && digits >= 7 && dashed) break;
    dashed ||= groups > 0 && (codes[start - 1] === 45 || codes[start - 1] === 46);
    digits += to - start;
    groups += 1;
    last = to - start;
    if (groups === 1) first = last;
    end = to;
    if (groups === 6) break;
    to = afterGap(codes, to);
    if (to === end) break;
  }
  if (digits < least || isDigit(codes[end] as number)) return false;
  // `2020-01-01` and `1/1/2020` are dates.
  if (
    groups === 3 &&
    digits <= 8 &&
    from === at &&
    (first === 4 || (last === 4 && first <= 2)) &&
    isDateMark(codes, at)
  )
    return false;
  // An extension: `x818`, `ext. 9` is left outside.
  if (((codes[end] as number) | 32) === 120 && isDigit(codes[end + 1] as number)) {
    let tail = end + 1;
    while (tail < end + 7 && isDigit(codes[tail] as number)) tail += 1;
    if (!isDigit(codes[tail] as number)) end = tail;
  }
  cursor.from = from;
  cursor.to = end;
  return true;
}

/** Sizes of the groups after the first, by the size of the first: as the plans of the UK, Germany and France have them. */
const NATIONAL: Readonly<Record<number, readonly (readonly number[])[]>> = {
  2: [[2, 2, 2, 2]],
  3: [[4, 4], [7], [8], [3, 4]],
  4: [[3, 4], [7], [3, 3]],
  5: [[6], [5], [3, 3]],
};
/** The same after `00` and the code of a country. */
const ABROAD: readonly (readonly number[])[] = [
  [2, 4, 4],
  [2, 7],
  [2, 8],
  [3, 7],
  [4, 6],
  [3, 3, 3],
  [3, 3, 4],
  [1, 2, 2, 2, 2],
];
const MOST_GROUPS = 5;

/**
 * A number with the trunk prefix `0`, or `00` and a country, in the groups of a national plan: `020 7946 0958`. A space
 * stands between them, a slash after the first (`030/12345678`), or dots between pairs.
 */
export function findNational(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (codes[at] !== 48) return false;
  const isAbroad = codes[at + 1] === 48;
  const first = end - at;
  const layouts = isAbroad ? (first === 4 ? ABROAD : undefined) : NATIONAL[first];
  if (layouts === undefined) return false;
  const isDotted = first === 2 && codes[end] === 46;
  const sizes: number[] = [];
  let to = end;
  while (sizes.length < MOST_GROUPS && isDigit(codes[to + 1] as number)) {
    const mark = codes[to] as number;
    if (isDotted ? mark !== 46 : mark !== 32 && (mark !== 47 || to !== end)) break;
    const start = to + 1;
    to = start;
    while (to < start + 9 && isDigit(codes[to] as number)) to += 1;
    sizes.push(to - start);
  }
  // `06 12 18 24 00` are hours.
  if (first === 2 && isLow(cursor)) return false;
  if (
    !layouts.some(
      (layout) => layout.length === sizes.length && layout.every((size, at) => size === sizes[at]),
    )
  )
    return false;
  cursor.from = at;
  cursor.to = to;
  return true;
}

/** Whether four pairs follow that could all be days or hours. */
function isLow({ codes, at }: Cursor): boolean {
  for (let pair = at + 3; pair < at + 15; pair += 3) {
    const tens = (codes[pair] as number) - 48;
    if (tens > 3 || (tens === 3 && (codes[pair + 1] as number) > 49)) return false;
  }
  return true;
}

/** A dash, dot or slash after the first group: dates are not written with spaces. */
function isDateMark(codes: Uint16Array, at: number): boolean {
  let to = at;
  while (isDigit(codes[to] as number)) to += 1;
  const mark = codes[to] as number;
  return mark >= 45 && mark <= 47;
}

/** After `) `, `)`, ` (`, `-(`, `-`, `.`, `/` or a space; the same place where a digit does not follow. */
function afterGap(codes: Uint16Array, at: number): number {
  let to = at;
  if (codes[to] === 41) {
    to += 1;
    if (codes[to] === 32 || codes[to] === 45) to += 1;
  } else {
    if (codes[to] === 32 || codes[to] === 45 || codes[to] === 46 || codes[to] === 47) to += 1;
    if (codes[to] === 40) to += 1;
  }
  return isDigit(codes[to] as number) ? to : at;
}

/** The number that ends just before a word such as `office` or `fax`: the trigger is the word. */
export function findPhoneBefore(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  let end = at;
  while (end > 0 && end > at - 3 && !isDigit(codes[end - 1] as number)) {
    const code = codes[end - 1] as number;
    if (code !== 32 && code !== 45 && code !== 40) return false;
    end -= 1;
  }
  let from = end;
  const least = Math.max(0, end - 32);
  while (from > least && isPhoneUnit(codes[from - 1] as number)) from -= 1;
  // The longest number that ends there: begin at each group in turn.
  for (let start = from, tries = 0; start < end && tries < 6; start++) {
    if (!isDigit(codes[start] as number) || (start > 0 && isAlnum(codes[start - 1] as number))) continue;
    tries += 1;
    cursor.from = start;
    const lead = codes[start - 1] === 40 ? start - 1 : start;
    if (
      !digitGroups(cursor, codes[lead - 1] === 43 ? lead - 1 : lead, start, 6, MOST_NATIONAL) ||
      cursor.to !== end
    )
      continue;
    return true;
  }
  return false;
}

/** The number after the word on its line, else the one before it. */
export function findFax(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  let at = end;
  while (at < end + 10 && isLabelMark(codes[at] as number)) at += 1;
  if (!isDigit(codes[at] as number)) return findPhoneBefore(cursor);
  let from = at;
  if (codes[from - 1] === 40) from -= 1;
  if (codes[from - 1] === 43) from -= 1;
  const most = codes[from] === 43 ? MOST_DIGITS : MOST_NATIONAL;
  return digitGroups(cursor, from, at, 6, most) && !isAlnum(codes[cursor.to] as number);
}

function isLabelMark(code: number): boolean {
  return (
    code === 32 ||
    code === 58 ||
    code === 46 ||
    code === 35 ||
    code === 61 ||
    code === 34 ||
    code === 40 ||
    code === 43
  );
}

function isPhoneUnit(code: number): boolean {
  return (
    isDigit(code) ||
    code === 32 ||
    code === 45 ||
    code === 46 ||
    code === 40 ||
    code === 41 ||
    code === 43 ||
    code === 120
  );
}
