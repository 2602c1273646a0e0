import { isCardNumber } from '../checksums/luhn.ts';
import { isAlnum, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/**
 * A card number at a run of digits, whole or in groups parted by one space, dash or dot, as networks print them: 4-4-4-4,
 * with one to three digits more, 4-6-5 and 4-6-4. Digits in a fifth group count where they make the check digit right, so
 * that a date or a security code behind a number is left out (`4111 1111 1111 1111 12/27`).
 */
export function findCard(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  cursor.from = at;
  cursor.to = end;
  if (end - at > 4) return endsCard(codes, end);
  // Most runs of four digits are years: one look at the next group tells.
  for (let next = end + 1; next < end + 5; next++) if (!isDigit(codes[next] as number)) return false;
  if (!isGap(codes[end] as number)) return false;
  const second = groupEnd(codes, end);
  const third = groupEnd(codes, second);
  if (second - end === 7) {
    cursor.to = third;
    return (third - second === 6 || third - second === 5) && endsCard(codes, third);
  }
  const fourth = groupEnd(codes, third);
  if (second - end !== 5 || third - second !== 5 || fourth - third !== 5) return false;
  const fifth = groupEnd(codes, fourth);
  const more = fifth - fourth;
  if (more > 1 && more < 5 && endsCard(codes, fifth) && isCardNumber(cursor.text.slice(at, fifth))) {
    cursor.to = fifth;
    return true;
  }
  cursor.to = fourth;
  return endsCard(codes, fourth);
}

/** After the mark at `at` and up to seven digits behind it; the same place where there are none. */
function groupEnd(codes: Uint16Array, at: number): number {
  if (!isGap(codes[at] as number)) return at;
  const most = at + 8;
  let to = at + 1;
  while (to < most && isDigit(codes[to] as number)) to += 1;
  return to === at + 1 ? at : to;
}

function isGap(code: number): boolean {
  return code === 32 || code === 45 || code === 46;
}

/** A slash may follow (`/12/27`), and nothing that makes it a part of something longer. */
function endsCard(codes: Uint16Array, at: number): boolean {
  const next = codes[at] as number;
  if (isAlnum(next) || next === 95 || next === 64 || next === 37) return false;
  if (next === 45) return !isAlnum(codes[at + 1] as number);
  return next !== 46 || !isDigit(codes[at + 1] as number);
}
