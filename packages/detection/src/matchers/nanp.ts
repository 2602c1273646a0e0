import { isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/** `(555) 123-4567`: the trigger is the area code. */
export function findAreaCode(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  let to = end + 1;
  if (isGap(codes[to] as number)) to += 1;
  if (!areDigits(codes, to, 3) || !isGap(codes[to + 3] as number) || !areDigits(codes, to + 4, 4))
    return false;
  cursor.from = at - 1;
  cursor.to = withExtension(codes, to + 8);
  return true;
}

/** `555-123-4567`, `555.123.4567`, `555 123-4567`, and `001-555-123-4567` from abroad. */
export function findNanp(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  const mark = codes[end] as number;
  if (!areDigits(codes, end + 1, 3)) return false;
  const second = codes[end + 4] as number;
  if (areDigits(codes, end + 5, 4)) {
    if (second !== mark && (mark !== 32 || second !== 45)) return false;
    cursor.from = at;
    cursor.to = withExtension(codes, end + 9);
    return true;
  }
  const isAbroad = codes[at] === 48 && codes[at + 1] === 48 && codes[at + 2] === 49;
  if (!isAbroad || mark === 46 || !isDashOrSpace(second) || !isDashOrSpace(codes[end + 8] as number))
    return false;
  if (!areDigits(codes, end + 5, 3) || !areDigits(codes, end + 9, 4)) return false;
  cursor.from = at;
  cursor.to = withExtension(codes, end + 13);
  return true;
}

/** `1-555-123-4567`, `1 (555) 123-4567`: written out because single digits before a space are everywhere. */
export function findTrunkCall(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (codes[at] !== 49) return false;
  let to = at + 2;
  if (codes[to] === 40) to += 1;
  for (const size of [3, 3, 4]) {
    for (let digit = 0; digit < size; digit++) if (!isDigit(codes[to + digit] as number)) return false;
    to += size;
    if (size === 4) break;
    if (codes[to] === 41) to += 1;
    if (codes[to] !== 45 && codes[to] !== 46 && codes[to] !== 32) return false;
    to += 1;
  }
  if (codes[to] === 120 && isDigit(codes[to + 1] as number)) {
    to += 1;
    while (to < at + 24 && isDigit(codes[to] as number)) to += 1;
  }
  cursor.from = at;
  cursor.to = to;
  return true;
}

/** After an extension of up to six digits, `x818`; the same place where none stands. */
function withExtension(codes: Uint16Array, at: number): number {
  if (codes[at] !== 120 || !isDigit(codes[at + 1] as number)) return at;
  let to = at + 2;
  while (to < at + 7 && isDigit(codes[to] as number)) to += 1;
  return to;
}

function areDigits(codes: Uint16Array, at: number, count: number): boolean {
  for (let place = at; place < at + count; place++) if (!isDigit(codes[place] as number)) return false;
  return true;
}

function isGap(code: number): boolean {
  return code === 45 || code === 46 || code === 32;
}

function isDashOrSpace(code: number): boolean {
  return code === 45 || code === 32;
}
