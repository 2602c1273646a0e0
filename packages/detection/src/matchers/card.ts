import { isCardNumber } from '../checksums/luhn.ts';
import { isAlnum, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/** Groups in which networks print their numbers, the longest first; the first group is always of four. */
const LAYOUTS: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];
const MOST_GROUPS = 5;

/**
 * A card number at a run of digits, whole or in groups parted by one space, dash or dot: `4111 1111 1111 1111`. Of the
 * layouts that fit, the longest whose check digit is right, so that a date or a security code behind it is left out
 * (`4111 1111 1111 1111 12/27`); where none is right, the usual one.
 */
export function findCard(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  cursor.from = at;
  if (end - at > 4) {
    cursor.to = end;
    return endsCard(codes, end);
  }
  // Most runs of four digits are years: one look at the next group tells.
  for (let next = end + 1; next < end + 5; next++) if (!isDigit(codes[next] as number)) return false;
  const ends: number[] = [end];
  const sizes: number[] = [4];
  let to = end;
  while (sizes.length < MOST_GROUPS && isGap(codes[to] as number)) {
    const start = to + 1;
    to = start;
    while (to < start + 7 && isDigit(codes[to] as number)) to += 1;
    if (to === start) break;
    sizes.push(to - start);
    ends.push(to);
  }
  let usual = -1;
  for (const layout of LAYOUTS) {
    if (layout.length > sizes.length || !layout.every((size, group) => sizes[group] === size)) continue;
    const stop = ends[layout.length - 1] as number;
    if (!endsCard(codes, stop)) continue;
    if (isCardNumber(cursor.text.slice(at, stop))) {
      cursor.to = stop;
      return true;
    }
    if (layout.length === 4 || layout[1] === 6) usual = stop;
  }
  cursor.to = usual;
  return usual !== -1;
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
