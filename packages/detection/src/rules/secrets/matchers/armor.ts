import type { Cursor } from '../../../engine/cursor.ts';
import type { Matcher } from '../../../rule.ts';
import { unitsOf } from '../shape.ts';

const BASE64 = unitsOf('A-Za-z0-9+/=');
/** Between runs: white space, an escaped line end, and what headers (RFC 1421, RFC 9580) and string literals hold. */
const BETWEEN = unitsOf(' \t\n\r\\\\:,.()"\'-');
/** A run as long as this is no word. */
const LONG = 20;
/** Headers before the key, and quotes and indents between its lines, are shorter than this. */
const GAP = 240;

/**
 * After `BEGIN ...` and the rest of the label: from the five dashes before to those after `END`; where the end is missing, to the last line of the key. It
 * stops at five dashes, so that no unit is read for two keys.
 */
export function findArmor(label: string): Matcher {
  return (cursor) => {
    const { codes, at, end, text } = cursor;
    const body = end + label.length;
    if (!isDashes(codes, at - 5) || !isDashes(codes, body) || !text.startsWith(label, end)) return false;
    const to = armorEnd(codes, body + 5);
    if (to === -1) return false;
    cursor.from = at - 5;
    cursor.to = to;
    return true;
  };
}

/** -1 where there is no line of a key. */
function armorEnd(codes: Uint16Array, start: number): number {
  let to = start;
  let last = to;
  let found = false;
  while (to - last <= GAP) {
    if (BASE64[codes[to] as number] === 1) {
      const start = to;
      while (BASE64[codes[to] as number] === 1) to += 1;
      if (to - start >= LONG) {
        found = true;
        last = to;
      } else if (found && to - start > 1 && isDashes(codes, to)) break;
    } else if (codes[to] === 45 && isDashes(codes, to)) break;
    else if (isBetween(codes[to] as number)) to += 1;
    else break;
  }
  if (!found) return -1;
  return isDashes(codes, to) ? footerEnd(codes, to) : last;
}

function isBetween(code: number): boolean {
  return code < 128 && BETWEEN[code] === 1;
}

function isDashes(codes: Uint16Array, at: number): boolean {
  if (at < 0) return false;
  for (let place = at; place < at + 5; place++) if (codes[place] !== 45) return false;
  return true;
}

/** After `-----END ... KEY-----`. */
function footerEnd(codes: Uint16Array, at: number): number {
  let to = at + 5;
  while (to < at + 48 && codes[to] !== 45 && codes[to] !== 0) to += 1;
  return isDashes(codes, to) ? to + 5 : at;
}

/** The lines after `Private-Lines: n` of a PuTTY key. */
export function findPuttyLines(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  let to = end;
  while (to < end + 8 && codes[to] !== 10 && codes[to] !== 13) to += 1;
  const start = to;
  let last = to;
  let first = -1;
  while (to - last <= 4 || first === -1) {
    if (first === -1 && to - start > 4) return false;
    if (BASE64[codes[to] as number] !== 1) {
      if (codes[to] !== 10 && codes[to] !== 13) break;
      to += 1;
      continue;
    }
    const line = to;
    while (BASE64[codes[to] as number] === 1) to += 1;
    if (codes[to] === 45 || codes[to] === 58) break;
    if (first === -1) first = line;
    last = to;
  }
  if (first === -1 || last - first < 40) return false;
  cursor.from = first;
  cursor.to = last;
  return true;
}
