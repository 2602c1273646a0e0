import { isAlnum, isAsciiLetter, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { createWordList, type WordList } from './word-list.ts';

const LONGEST_LOCAL = 40;
const LONGEST_LABEL = 30;

const isTop: WordList = createWordList(
  (
    'com net org edu gov mil int io co info biz me app dev ai eu uk de es fr it nl pl pt ch at be se no dk fi ie us ca au in ' +
    'jp br mx health'
  ).split(' '),
);
/** What stands before `at` in a sentence about a shop: `look at example dot com`. */
const isNoLocal: WordList = createWordList(
  (
    'look looking looked us me it them order orders ordered shop shopping bought visit found available work works working ' +
    'sold arrived posted online site store see live check is are was buy read more and or page home'
  ).split(' '),
);

const isArroba: WordList = createWordList(['arroba']);
const isDot: WordList = createWordList(['dot']);

/**
 * An address that is spelled so that programs do not see it: `jane (at) example (dot) com`, `jane at example dot com`.
 * The trigger is the word `dot`, so `jane(at)example.com` is not found.
 */
export function findSpelledEmail(cursor: Cursor): boolean {
  const { codes } = cursor;
  const label = skipBack(codes, cursor.at);
  const labelStart = runBack(codes, label, LONGEST_LABEL);
  if (labelStart === label) return false;
  const word = skipBack(codes, labelStart);
  const size = isAt(codes, word) ? 2 : isArroba(codes, word - 6, word) ? 6 : 0;
  if (size === 0 || word === labelStart || isAlnum(codes[word - size - 1] as number)) return false;
  const local = skipBack(codes, word - size);
  const from = runBack(codes, local, LONGEST_LOCAL);
  if (from === local || local === word - size) return false;
  const isBracketed = isOpen(codes[word - size - 1] as number);
  if (!isBracketed && isNoLocal(codes, from, local)) return false;
  const to = domainEnd(cursor);
  if (to === -1) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

/** After `com`, `co dot uk`, `example dot com` behind the word `dot`; or -1. */
function domainEnd({ codes, end }: Cursor): number {
  const first = skipAhead(codes, end);
  const firstEnd = letterEnd(codes, first);
  if (first === end || firstEnd === first) return -1;
  const isFirstTop = isTop(codes, first, firstEnd);
  const word = skipAhead(codes, firstEnd);
  if (word > firstEnd && isDot(codes, word, word + 3)) {
    const second = skipAhead(codes, word + 3);
    const secondEnd = letterEnd(codes, second);
    if (second > word + 3 && isTop(codes, second, secondEnd)) return secondEnd;
  }
  return isFirstTop && !isDigit(codes[firstEnd] as number) ? firstEnd : -1;
}

function isAt(codes: Uint16Array, end: number): boolean {
  return end > 1 && ((codes[end - 2] as number) | 32) === 97 && ((codes[end - 1] as number) | 32) === 116;
}

/** Back over at most three spaces and brackets. */
function skipBack(codes: Uint16Array, at: number): number {
  let to = at;
  while (
    to > 0 &&
    to > at - 3 &&
    (codes[to - 1] === 32 || isOpen(codes[to - 1] as number) || isClose(codes[to - 1] as number))
  )
    to -= 1;
  return to;
}

function skipAhead(codes: Uint16Array, at: number): number {
  let to = at;
  while (to < at + 3 && (codes[to] === 32 || isOpen(codes[to] as number) || isClose(codes[to] as number)))
    to += 1;
  return to;
}

function runBack(codes: Uint16Array, end: number, most: number): number {
  let from = end;
  while (from > 0 && from > end - most) {
    const code = codes[from - 1] as number;
    if (!isAlnum(code) && code !== 46 && code !== 95 && code !== 43 && code !== 45) break;
    from -= 1;
  }
  while (from < end && !isAlnum(codes[from] as number)) from += 1;
  return from;
}

function letterEnd(codes: Uint16Array, at: number): number {
  let to = at;
  while (to < at + 20 && isAsciiLetter(codes[to] as number)) to += 1;
  return to;
}

/** `(`, `[`, `{`, `<` */
function isOpen(code: number): boolean {
  return code === 40 || code === 91 || code === 123 || code === 60;
}

function isClose(code: number): boolean {
  return code === 41 || code === 93 || code === 125 || code === 62;
}
