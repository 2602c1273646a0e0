import { isAlnum, isDigit, isLetter, isSpace } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { isOrdinal, isOrdinalOfTwo, yearInWords } from './number-words.ts';
import { createWordList, type WordList } from './word-list.ts';
import { wordEnd, wordStart } from './words.ts';

/**
 * Names of months in English and Spanish, and those in German and French that are no other word, without accents. All are
 * believed beside a number only.
 */
export const MONTHS: readonly string[] = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
  'jan',
  'feb',
  'mar',
  'apr',
  'jun',
  'jul',
  'aug',
  'sep',
  'sept',
  'oct',
  'nov',
  'dec',
  'enero',
  'febrero',
  'marzo',
  'abril',
  'mayo',
  'junio',
  'julio',
  'agosto',
  'septiembre',
  'octubre',
  'noviembre',
  'diciembre',
  'januar',
  'februar',
  'marz',
  'juni',
  'juli',
  'oktober',
  'dezember',
  'janvier',
  'fevrier',
  'avril',
  'juin',
  'juillet',
  'aout',
  'septembre',
  'octobre',
  'novembre',
  'decembre',
];

/**
 * A month with a day, a year, or both: `March 15, 1989`, `15 March 1989`, `15th of March`, `12 de mayo de 2016`, `May 2017`,
 * `the fifth of March, nineteen eighty`.
 */
export function findMonthDate(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  const day = dayBefore(codes, at);
  let to = end;
  if (codes[to] === 46) to += 1;
  let from = at;
  let after = to;
  if (day === -1) {
    const next = dayAfter(codes, to);
    if (next > 0) after = next;
  } else {
    from = day;
    after = to;
  }
  const hasDay = from < at || after > to;
  const year = yearAfter(codes, text, after, hasDay);
  if (!hasDay && year === -1) return false;
  cursor.from = from;
  cursor.to = year === -1 ? (after > to ? after : end) : year;
  return !isAlnum(codes[cursor.to] as number);
}

const isMonth: WordList = createWordList(MONTHS);

/** `24th of March 1957`: the trigger is the day. */
export function findOrdinalDate(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  if (!isWord(codes, end - 2, 'th', 'st') && !isWord(codes, end - 2, 'nd', 'rd')) return false;
  if (!isDay(codes, at, end - 2) || codes[end] !== 32) return false;
  const of = isWord(codes, end + 1, 'of', 'of') && codes[end + 3] === 32 ? end + 4 : end + 1;
  const month = wordEnd(codes, of);
  if (!isMonth(codes, of, month)) return false;
  const year = yearAfter(codes, text, month, true);
  cursor.from = at;
  cursor.to = year === -1 ? month : year;
  return true;
}

/** The start of a day of the month that ends before `at`, over a space, a dash, ` of `, ` de `, `th `, `. `; or -1. */
function dayBefore(codes: Uint16Array, at: number): number {
  let to = at;
  if (to > 0 && (codes[to - 1] === 32 || codes[to - 1] === 45 || codes[to - 1] === 47)) to -= 1;
  else return -1;
  if (to > 3 && isWord(codes, to - 2, 'of', 'de') && codes[to - 3] === 32) to -= 3;
  if (codes[to - 1] === 46 && isDigit(codes[to - 2] as number)) to -= 1;
  if (to > 4 && ((codes[to - 1] as number) | 32) >= 100 && isLetter(codes[to - 3] as number)) {
    const word = wordStart(codes, to);
    if (!isOrdinal(codes, word, to)) return -1;
    const tens = wordStart(codes, word - 1);
    return isOrdinalOfTwo(codes, tens, word - 1, word, to) ? tens : word;
  }
  if (to > 2 && isWord(codes, to - 2, 'th', 'st') && isDigit(codes[to - 3] as number)) to -= 2;
  else if (to > 2 && isWord(codes, to - 2, 'nd', 'rd') && isDigit(codes[to - 3] as number)) to -= 2;
  let from = to;
  while (from > 0 && from > to - 3 && isDigit(codes[from - 1] as number)) from -= 1;
  return isDay(codes, from, to) && (from === 0 || !isJoin(codes[from - 1] as number)) ? from : -1;
}

/** After a day such as ` 15`, ` 15th`, `-15`, ` fifth`; or -1. */
function dayAfter(codes: Uint16Array, at: number): number {
  if (codes[at] !== 32 && codes[at] !== 45) return -1;
  const from = at + 1;
  let to = from;
  if (isLetter(codes[from] as number)) {
    to = wordEnd(codes, from);
    if (isOrdinal(codes, from, to)) return to;
    if (codes[to] !== 32) return -1;
    const ones = wordEnd(codes, to + 1);
    return isOrdinalOfTwo(codes, from, to, to + 1, ones) ? ones : -1;
  }
  while (to < from + 3 && isDigit(codes[to] as number)) to += 1;
  if (!isDay(codes, from, to)) return -1;
  if (isWord(codes, to, 'th', 'st') || isWord(codes, to, 'nd', 'rd')) to += 2;
  return isAlnum(codes[to] as number) || (codes[to] === 58 && isDigit(codes[to + 1] as number)) ? -1 : to;
}

/** After a year of four digits over `, `, a space, a dash, ` de `, ` of `, ` del `; with a day, `'19` and words too; or -1. */
function yearAfter(codes: Uint16Array, text: string, at: number, hasDay: boolean): number {
  let from = at;
  if (hasDay) {
    const short = shortYearAfter(codes, at);
    if (short !== -1) return short;
    const lead = codes[at] === 44 ? at + 1 : at;
    // Years in words begin with `nineteen`, `twenty` or `two thousand`.
    if (codes[lead] === 32 && (codes[lead + 1] === 110 || codes[lead + 1] === 116)) {
      const spelled = yearInWords(text, at);
      if (spelled !== -1) return spelled;
    }
  }
  if (codes[from] === 44) from += 1;
  if (codes[from] === 32 || codes[from] === 45 || codes[from] === 47) from += 1;
  else if (!isSpace(codes[from] as number)) return -1;
  if (isWord(codes, from, 'de', 'of') && codes[from + 2] === 32) from += 3;
  else if (isWord(codes, from, 'de', 'de') && codes[from + 2] === 108 && codes[from + 3] === 32) from += 4;
  let to = from;
  while (to < from + 5 && isDigit(codes[to] as number)) to += 1;
  if (to - from !== 4 || isAlnum(codes[to] as number)) return -1;
  const century = ((codes[from] as number) - 48) * 10 + (codes[from + 1] as number) - 48;
  return century >= 18 && century <= 21 ? to : -1;
}

/** After `'19` or `-19`; or -1. */
function shortYearAfter(codes: Uint16Array, at: number): number {
  let from = codes[at] === 44 ? at + 1 : at;
  if (codes[from] === 32 && (codes[from + 1] === 39 || codes[from + 1] === 0x2019)) from += 1;
  else if (codes[from] !== 45) return -1;
  const isShort = isDigit(codes[from + 1] as number) && isDigit(codes[from + 2] as number);
  return isShort && !isAlnum(codes[from + 3] as number) ? from + 3 : -1;
}

function isWord(codes: Uint16Array, at: number, one: string, other: string): boolean {
  const [first, second] = [(codes[at] as number) | 32, (codes[at + 1] as number) | 32];
  return (
    (first === one.charCodeAt(0) && second === one.charCodeAt(1)) ||
    (first === other.charCodeAt(0) && second === other.charCodeAt(1))
  );
}

function isDay(codes: Uint16Array, from: number, to: number): boolean {
  if (to - from === 1) return codes[from] !== 48;
  if (to - from !== 2) return false;
  const value = ((codes[from] as number) - 48) * 10 + (codes[from + 1] as number) - 48;
  return value >= 1 && value <= 31;
}

function isJoin(code: number): boolean {
  return isAlnum(code) || code === 46 || code === 45 || code === 36 || code === 95;
}
