import type { Found } from '../find-in-text.ts';

/** A value that began earlier is not waited for. */
const LONGEST_OPEN = 256;
/** What may stand between two groups of a number, or after its bracket: `4111 `, `219-`, `(212) `. */
const AFTER_DIGIT = /^(?:[ \t.\-/:@_,)]|\) |[-/.,] | - )$/;
/** What may stand inside an address or a URL. */
const AFTER_LETTER = /^(?:[.@_+%:/'’-]|:\/\/?)$/;
/** How a number may begin. */
const BEGINNING = /(?:^|[\s(])[(+[]$/;
const LONGEST_GAP = 3;

/**
 * Where what may go on in the next text begins: a word or number at the end, with the groups of digits and the names
 * before it, and every finding that touches them. The length of the text where nothing goes on.
 */
export function openFrom(text: string, found: readonly Found[]): number {
  let start = openRun(text);
  if (start === text.length) return start;
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const one = found[index] as Found;
    if (one.end < start) break;
    start = Math.min(start, one.start);
  }
  return start;
}

function openRun(text: string): number {
  const end = text.length;
  const least = Math.max(0, end - LONGEST_OPEN);
  if (BEGINNING.test(text.slice(-2))) return end - 1;
  let last = end;
  while (last > least && end - last <= LONGEST_GAP && !isWordUnit(text.charCodeAt(last - 1))) last -= 1;
  if (last === least || end - last > LONGEST_GAP) return end;
  let start = tokenStart(text, last, least);
  const gap = text.slice(last, end);
  if (gap !== '') {
    const isNumber = isDigit(text.charCodeAt(last - 1));
    const isName = gap === ' ' && isCapital(text.charCodeAt(start));
    if (!isName && !(isNumber ? AFTER_DIGIT : AFTER_LETTER).test(gap)) return end;
  }
  for (;;) {
    const gapStart = blanksBefore(text, start, least);
    if (gapStart === start || start - gapStart > LONGEST_GAP || gapStart === least) return start;
    const before = tokenStart(text, gapStart, least);
    if (!isPartOfMore(text, before, gapStart)) return start;
    start = before;
  }
}

/** Groups of digits, and words that may be those of a name or of a street. */
function isPartOfMore(text: string, start: number, end: number): boolean {
  if (isCapital(text.charCodeAt(start))) return true;
  for (let at = start; at < end; at += 1) if (isDigit(text.charCodeAt(at))) return true;
  return false;
}

function tokenStart(text: string, end: number, least: number): number {
  let at = end;
  while (at > least && text.charCodeAt(at - 1) > 0x20) at -= 1;
  return at;
}

function blanksBefore(text: string, start: number, least: number): number {
  let at = start;
  while (at > least && text.charCodeAt(at - 1) <= 0x20) at -= 1;
  return at;
}

function isWordUnit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) || isLetterBeyondAscii(code);
}

/** Letters, half characters too; not the blanks and marks of U+2000 to U+206F, nor `…`. */
function isLetterBeyondAscii(code: number): boolean {
  return code >= 0xaa && !(code >= 0x2000 && code <= 0x206f) && code !== 0x3000;
}

function isCapital(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0xc0 && code <= 0xde);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
