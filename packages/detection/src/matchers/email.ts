import { isAlnum, isAsciiLetter, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/** RFC 5321, section 4.5.3.1: 64 octets before the `@`, 255 after it. */
const LOCAL_LIMIT = 64;
const DOMAIN_LIMIT = 255;

/** The marks of an RFC 5322 `atext` that occur in addresses, without those that enclose one in text. */
function isLocalMark(code: number): boolean {
  return (
    code === 46 || code === 95 || code === 45 || code === 43 || code === 37 || code === 38 || code === 126
  );
}

/**
 * A letter of an alphabet beyond Latin, as RFC 6531 and RFC 5890 allow them: no punctuation, no symbol, no half of a
 * surrogate pair.
 */
function isWide(code: number): boolean {
  if (code <= 0x24f) return false;
  if (code >= 0xd800) return code >= 0xf900 && code < 0xfe00;
  return !(code >= 0x2000 && code < 0x2c00) && !(code >= 0x2e00 && code < 0x3005);
}

export function findEmail(cursor: Cursor): boolean {
  const { codes, at, length } = cursor;
  let from = at;
  const least = Math.max(0, at - LOCAL_LIMIT);
  let wide = false;
  let latin = false;
  for (; from > least; from--) {
    const code = codes[from - 1] as number;
    // Text in Chinese goes on without a space: where the alphabet changes, the address begins.
    if (isWide(code)) {
      if (latin) break;
      wide = true;
    } else if (isAlnum(code)) {
      if (!isDigit(code)) {
        if (wide) break;
        latin = true;
      }
    } else if (!isLocalMark(code) && !isApostrophe(codes, from - 1)) break;
  }
  while (from < at && !isAlnum(codes[from] as number) && !isWide(codes[from] as number) && codes[from] !== 95)
    from += 1;
  if (from === at || codes[at - 1] === 46) return false;
  const most = Math.min(length, at + 1 + DOMAIN_LIMIT);
  let to = at + 1;
  let label = to;
  let lastLabel = -1;
  let lastEnd = -1;
  while (to < most) {
    const code = codes[to] as number;
    if (isAlnum(code) || isWide(code)) {
      if (to > label && isWide(code) !== isWide(codes[to - 1] as number)) break;
      to += 1;
    } else if (code === 45 && to > label) to += 1;
    else if (
      code === 46 &&
      to > label &&
      codes[to - 1] !== 45 &&
      to + 1 < most &&
      isAlnumOrWide(codes[to + 1] as number)
    ) {
      if (lastEnd === -1 || isTop(codes, label, to)) [lastLabel, lastEnd] = [label, to];
      label = to + 1;
      to = label;
    } else break;
  }
  while (to > label && codes[to - 1] === 45) to -= 1;
  if (label > at + 1 && isTop(codes, label, to)) return keep(cursor, from, to);
  // The last label is no top-level domain (`me@site.com.2`): the one before it may be.
  if (lastLabel > at + 1 && isTop(codes, lastLabel, lastEnd)) return keep(cursor, from, lastEnd);
  return false;
}

/** `o'brien@`: between letters; a quote stands before the first. */
function isApostrophe(codes: Uint16Array, at: number): boolean {
  return (
    codes[at] === 39 &&
    at > 0 &&
    isAsciiLetter(codes[at - 1] as number) &&
    isAsciiLetter(codes[at + 1] as number)
  );
}

function keep(cursor: Cursor, from: number, to: number): boolean {
  const { codes, at } = cursor;
  // `a@b.co@c.com`: the next `@` has the address.
  if (codes[to] === 64 && isAlnum(codes[to + 1] as number)) return false;
  // `git@github.com:owner/repository` names a place, and `icon@2x.png` a file.
  if (codes[to] === 58 && at - from === 3 && codes[from] === 103 && codes[from + 1] === 105) return false;
  if (isDigit(codes[at + 1] as number) && ((codes[at + 2] as number) | 32) === 120 && codes[at + 3] === 46)
    return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

function isAlnumOrWide(code: number): boolean {
  return isAlnum(code) || isWide(code);
}

/** Letters only, two to 24 (the longest delegated are `xn--` names: letters, digits and dashes). */
function isTop(codes: Uint16Array, from: number, to: number): boolean {
  const size = to - from;
  if (size < 2 || size > 24) return false;
  if (codes[from] === 120 && codes[from + 1] === 110 && codes[from + 2] === 45) return true;
  for (let at = from; at < to; at++) {
    const code = codes[at] as number;
    if (!isAsciiLetter(code) && code < 0x80) return false;
  }
  return true;
}
