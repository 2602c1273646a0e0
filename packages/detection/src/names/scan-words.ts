import { HASH_PRIME, HASH_START, LETTER_LIMIT, UPPER } from './letters.ts';
import { gapOf, isApostrophe, isBlank, isTying, isTyingBack } from './marks.ts';
import { Gap, Shape } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** Longer runs are identifiers or encoded data. */
const LONGEST_WORD = 30;

/** From here on, a line end closes the stretch even though the buffer has room. */
const ENOUGH = 0.75;

/**
 * Fills the buffer with the words from `from` on, and returns where the next stretch begins. Each code unit
 * is read once, or twice at a mark that needs a look ahead.
 */
export function scanWords(letters: Uint16Array, text: string, from: number, words: WordBuffer): number {
  const size = text.length;
  const enough = Math.floor(words.capacity * ENOUGH);
  let count = 0;
  let gap: number = Gap.line;
  let at = from;
  words.count = 0;
  while (at < size) {
    const code = text.charCodeAt(at);
    const entry = code < LETTER_LIMIT ? (letters[code] as number) : 0;
    if (entry === 0 && (code < 0x30 || code > 0x39)) {
      if (code === 0x0a) {
        if (count >= enough) break;
        gap = Gap.line;
        at++;
        continue;
      }
      if (code === 0x3a && text.charCodeAt(at + 1) === 0x2f && text.charCodeAt(at + 2) === 0x2f) {
        if (count > 0 && gap === Gap.none) words.shape[count - 1] = Shape.code;
        at = skipRun(text, at);
        gap = Gap.other;
        continue;
      }
      const mark = gapOf(code, text, at, gap, from);
      if (mark > gap) gap = mark;
      at++;
      continue;
    }
    if (count === words.capacity) break;
    // A suffix such as 's is part of the gap, so that the word after it stays a neighbour.
    if (gap === Gap.quote && at > from + 1 && isApostrophe(text.charCodeAt(at - 1)) && count > 0) {
      const length = suffixLength(letters, text, at, words.end[count - 1] as number);
      if (length > 0) {
        gap = length === 1 && (entry & 0x7fff) === 0x73 ? Gap.possessive : Gap.contraction;
        at += length;
        continue;
      }
    }
    at = readWord(letters, text, at, words, count, isTied(text, at, words, count) ? Gap.code : gap);
    count++;
    // name=, call( and user@ are code, whatever they look like.
    gap = Gap.none;
    if (at < size && isTyingBack(text.charCodeAt(at))) words.shape[count - 1] = Shape.code;
  }
  words.count = count;
  words.lastGap = at < size || gap === Gap.line ? Gap.line : gap === Gap.none ? Gap.ending : gap;
  return at;
}

function readWord(
  letters: Uint16Array,
  text: string,
  from: number,
  words: WordBuffer,
  slot: number,
  gap: number,
): number {
  const size = text.length;
  let hash = HASH_START;
  let head3 = 0;
  let upper = 0;
  let digits = 0;
  let inner = 0;
  let length = 0;
  let highest = 0;
  let previous = 0;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = from;
  for (; at < size; at++) {
    const code = text.charCodeAt(at);
    const entry = code < LETTER_LIMIT ? (letters[code] as number) : 0;
    let letter = entry & 0x7fff;
    if (entry === 0) {
      if (code >= 0x30 && code <= 0x39) {
        digits++;
        letter = code;
      } else if (code >= 0x300 && code <= 0x36f) {
        continue;
      } else if (length === 1 && upper === 1 && isApostrophe(code) && isUpper(letters, text, at + 1)) {
        previous = 0;
        continue;
      } else break;
    } else if ((entry & UPPER) !== 0) {
      upper++;
      if (previous === 1) inner++;
    }
    if (code > highest) highest = code;
    previous = entry === 0 ? 0 : (entry & UPPER) === 0 ? 1 : 2;
    hash = Math.imul(hash ^ letter, HASH_PRIME);
    a = b;
    b = c;
    c = d;
    d = letter;
    if (++length === 3) head3 = hash;
  }
  words.start[slot] = from;
  words.end[slot] = at;
  words.hash[slot] = hash;
  words.tail2[slot] = (c << 16) | d;
  words.tail3[slot] = Math.imul((c << 16) | d, 0x3d4d51cb) ^ b;
  words.tail4[slot] = Math.imul(Math.imul((c << 16) | d, 0x3d4d51cb) ^ b, 0x2127599b) ^ a;
  words.head3[slot] = length < 3 ? hash : head3;
  words.accented[slot] = highest > 0x7f ? 1 : 0;
  words.length[slot] = length > 255 ? 255 : length;
  words.gap[slot] = gap;
  words.shape[slot] = shapeOf(length, upper, digits, inner, isUpper(letters, text, from));
  return at;
}

function shapeOf(length: number, upper: number, digits: number, inner: number, first: boolean): number {
  if (digits > 0) return digits === length ? Shape.number : Shape.alphanumeric;
  if (length > LONGEST_WORD) return Shape.code;
  if (upper === 0) return Shape.lower;
  if (length === 1) return Shape.initial;
  if (upper === length) return Shape.upper;
  if (first && upper === 1) return Shape.capitalized;
  return first && upper === 2 && (inner === 1 || length > 3) ? Shape.innerCapital : Shape.code;
}

/**
 * The length of s, t, m, d, re, ve or ll at `at`, right after an apostrophe that ends a word; 0 if there
 * is none.
 */
function suffixLength(letters: Uint16Array, text: string, at: number, wordEnd: number): number {
  if (wordEnd !== at - 1) return 0;
  const code = text.charCodeAt(at) | 0x20;
  const length =
    code === 0x73 || code === 0x74 || code === 0x6d || code === 0x64
      ? 1
      : code === 0x72 || code === 0x76 || code === 0x6c
        ? 2
        : 0;
  const next = text.charCodeAt(at + length);
  return length > 0 && !(next < LETTER_LIMIT && letters[next] !== 0) ? length : 0;
}

/** Whether a mark of code, a path or a handle stands right before the word. */
function isTied(text: string, at: number, words: WordBuffer, count: number): boolean {
  const code = text.charCodeAt(at - 1);
  if (code !== 0x2f) return code !== 0x28 && isTying(code);
  // A path begins with a slash, or goes on where the word before the slash was tied already.
  if (count > 0 && words.end[count - 1] === at - 1) return words.gap[count - 1] === Gap.code;
  return true;
}

function skipRun(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isUpper(letters: Uint16Array, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < LETTER_LIMIT && ((letters[code] as number) & UPPER) !== 0;
}
