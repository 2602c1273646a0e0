import { isAlnum, isDigit, isLetter, isUpper } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { valueAfter, wordEnd, wordStart } from './words.ts';
import { createWordList, type WordList } from './word-list.ts';

const isJoining: WordList = createWordList([
  'of',
  'de',
  'del',
  'la',
  'las',
  'los',
  'and',
  'the',
  'i',
  'y',
  'el',
  'st',
]);
const isCommon: WordList = createWordList([
  'the',
  'a',
  'an',
  'this',
  'that',
  'our',
  'my',
  'your',
  'his',
  'her',
  'their',
  'in',
  'at',
  'from',
  'to',
  'servicio',
  'urologia',
  'local',
  'new',
  'any',
  'each',
  'every',
  'public',
  'private',
  'el',
  'la',
  'un',
  'una',
  'del',
  'al',
  'no',
  'and',
  'or',
  'for',
]);

/** A capitalized `Hospital`, `Clinic`, ... with the capitalized words around it: `Mayo Clinic`, `Hospital de Getafe`. */
export function findFacility(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (!isUpper(codes[at] as number)) return false;
  let from = at;
  let names = 0;
  for (let count = 0; count < 4 && from > 1 && codes[from - 1] === 32; count++) {
    const stop =
      codes[from - 2] === 46 && isLetter(codes[from - 3] as number) && from > 4 && codes[from - 5] === 32
        ? from - 2
        : from - 1;
    const start = wordStart(codes, stop);
    if (start === stop || !isUpper(codes[start] as number) || isCommon(codes, start, stop)) break;
    from = start;
    names += 1;
  }
  let to = end;
  let next = end;
  for (let count = 0; count < 7 && codes[next] === 32; count++) {
    const start = next + 1;
    const stop = wordEnd(codes, start);
    if (stop === start) break;
    if (isUpper(codes[start] as number) && !isCommon(codes, start, stop)) {
      to = stop;
      names += 1;
    } else if (!isJoining(codes, start, stop)) break;
    next = stop;
  }
  if (names === 0) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

const isNoName: WordList = createWordList([
  'true',
  'false',
  'null',
  'none',
  'nil',
  'undefined',
  'string',
  'unknown',
  'password',
  'username',
  'required',
  'optional',
  'failed',
  'success',
  'successful',
  'the',
  'not',
  'and',
  'error',
  'invalid',
  'missing',
  'default',
  'yes',
  'number',
  'boolean',
  'object',
  'anonymous',
  'input',
  'name',
  'agent',
  'from',
  'root',
  'admin',
]);

/** Behind these a word is no name: `Twitter: blocked`. */
const isNetwork: WordList = createWordList(['twitter', 'instagram', 'telegram', 'tiktok', 'snapchat']);

/**
 * The value of a label such as `username:`, `username is:`; letters, digits, dots, dashes and underscores, an `@` before
 * them. Without a colon (`username is jdoe42`) it must look like no word.
 */
export function findUsername(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  const label = codes[end] === 32 && codes[end + 1] === 105 && codes[end + 2] === 115 ? end + 3 : end;
  const marked = valueAfter(codes, label);
  if (marked !== -1) return userAt(cursor, marked, isNetwork(codes, cursor.at, end));
  return codes[label] === 32 && (label > end || codes[label + 1] === 64) && userAt(cursor, label + 1, true);
}

/** What stands behind `Accepted password for` and the like in the logs of servers. */
export function findUserInLog(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  return codes[end] === 32 && isLetter(codes[end + 1] as number) && userAt(cursor, end + 1, false);
}

function userAt(cursor: Cursor, from: number, mustBeOdd: boolean): boolean {
  const { codes } = cursor;
  const name = codes[from] === 64 ? from + 1 : from;
  if (!isAlnum(codes[name] as number)) return false;
  let to = name;
  while (to < from + 40 && isName(codes[to] as number)) to += 1;
  while (to > from && !isAlnum(codes[to - 1] as number)) to -= 1;
  const next = codes[to] as number;
  if (to - from < 3 || to - from > 39 || next === 40 || next === 64 || next === 91 || next === 36)
    return false;
  if (isNoName(codes, name, to)) return false;
  const value = cursor.text.slice(name, to);
  if (/^\d+$/.test(value) && name === from && to - from < 4) return false;
  if (mustBeOdd && name === from && !/[\d._]/.test(value)) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

function isName(code: number): boolean {
  return isAlnum(code) || code === 46 || code === 45 || code === 95;
}

/** UK National Insurance number in spaced pairs: the trigger is the first pair of digits. */
export function findSpacedNino(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (
    at < 3 ||
    codes[at - 1] !== 32 ||
    !isLetter(codes[at - 2] as number) ||
    !isLetter(codes[at - 3] as number)
  )
    return false;
  if (at > 3 && isAlnum(codes[at - 4] as number)) return false;
  for (const offset of [0, 1, 3, 4, 6, 7]) if (!isDigit(codes[at + offset] as number)) return false;
  if (codes[at + 2] !== 32 || codes[at + 5] !== 32) return false;
  const suffix = codes[at + 8] === 32 ? at + 9 : at + 8;
  const letter = (codes[suffix] as number) | 32;
  if (letter < 97 || letter > 100) return false;
  cursor.from = at - 3;
  cursor.to = suffix + 1;
  return true;
}

/** `X-1234567-L`: the trigger is the digits, the first letter is before them. */
export function findNieDashes(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (at < 2 || codes[at - 1] !== 45) return false;
  const letter = (codes[at - 2] as number) | 32;
  if (letter < 120 || letter > 122 || (at > 2 && isAlnum(codes[at - 3] as number))) return false;
  if (codes[end] !== 45 || !isLetter(codes[end + 1] as number)) return false;
  cursor.from = at - 2;
  cursor.to = end + 2;
  return true;
}

/** `ABC-1234`: the letters are before the trigger. */
export function findPlateLetters(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (at < 3 || (codes[at - 1] !== 45 && codes[at - 1] !== 32)) return false;
  let from = at - 1;
  while (from > 0 && from > at - 6 && isUpper(codes[from - 1] as number)) from -= 1;
  if (at - 1 - from < 2 || at - 1 - from > 4 || (from > 0 && isAlnum(codes[from - 1] as number)))
    return false;
  cursor.from = from;
  cursor.to = end;
  return true;
}

const NIR_GROUPS = [2, 2, 2, 3, 3, 2] as const;

/** French NIR in groups: `2 55 08 14 168 025 38`; the department of Corsica is `2A` or `2B`. */
export function findSpacedNir(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (codes[at] !== 49 && codes[at] !== 50) return false;
  let to = at + 1;
  for (const [group, size] of NIR_GROUPS.entries()) {
    if (codes[to] !== 32 || !isDigit(codes[to + 2] as number)) {
      if (codes[to] !== 32 || group !== 2 || (codes[to + 2] !== 65 && codes[to + 2] !== 66)) return false;
    }
    if (!isDigit(codes[to + 1] as number) || (size === 3 && !isDigit(codes[to + 3] as number))) return false;
    to += size + 1;
  }
  cursor.from = at;
  cursor.to = to;
  return true;
}
