import { isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/**
 * A year from 1800 to 2199, a month and a day, parted by one mark of `-`, `/` or `.`, with the time of day behind it if
 * it stands there: RFC 3339, section 5.6, and the forms of ISO 8601 that logs hold (`2003-06-12T12:26:53-07:00`). By
 * hand, because no other form matches as often in what tools return.
 */
export function findIsoDate(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  const century = twoDigits(codes, at);
  if (century < 18 || century > 21) return false;
  const mark = codes[at + 4] as number;
  if ((mark !== 45 && mark !== 47 && mark !== 46) || codes[at + 7] !== mark) return false;
  const month = twoDigits(codes, at + 5);
  if (month < 1 || month > 12) return false;
  const day = twoDigits(codes, at + 8);
  if (day < 1 || day > 31) return false;
  cursor.from = at;
  cursor.to = timeEnd(codes, at + 10);
  return true;
}

/** After `T10:22`, `T10:22:33`, `T10:22:33.123456789` and a zone; the same place where no time stands. */
function timeEnd(codes: Uint16Array, at: number): number {
  if (codes[at] !== 84 && codes[at] !== 32) return at;
  if (twoDigits(codes, at + 1) === -1 || codes[at + 3] !== 58 || twoDigits(codes, at + 4) === -1) return at;
  let to = at + 6;
  if (codes[to] === 58 && twoDigits(codes, to + 1) !== -1) {
    to += 3;
    if (codes[to] === 46 && isDigit(codes[to + 1] as number)) {
      const most = to + 10;
      to += 2;
      while (to < most && isDigit(codes[to] as number)) to += 1;
    }
  }
  const zone = codes[to] as number;
  if (zone === 90) return to + 1;
  if ((zone !== 43 && zone !== 45) || twoDigits(codes, to + 1) === -1) return to;
  const minutes = codes[to + 3] === 58 ? to + 4 : to + 3;
  return twoDigits(codes, minutes) === -1 ? to : minutes + 2;
}

/** The number that two digits are, or -1. */
function twoDigits(codes: Uint16Array, at: number): number {
  const [tens, ones] = [codes[at] as number, codes[at + 1] as number];
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1;
}
