import { isAlnum, isDigit, isHex } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/** Four octets, not part of a longer dotted number (a version, an OID). */
export function findIpv4(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  let to = at;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0) {
      if (codes[to] !== 46) return false;
      to += 1;
    }
    const start = to;
    let value = 0;
    while (to < start + 3 && isDigit(codes[to] as number)) {
      value = value * 10 + (codes[to] as number) - 48;
      to += 1;
    }
    if (to === start || value > 255 || (to - start > 1 && codes[start] === 48)) return false;
  }
  const next = codes[to] as number;
  if (isAlnum(next) || next === 95) return false;
  if ((next === 46 || next === 45) && isAlnum(codes[to + 1] as number)) {
    // `10.0.0.1-10.0.0.9` is a range of addresses; `1.2.3.4.5` and `1.2.3.4-beta` are not addresses.
    if (next === 46 || !isDigit(codes[to + 1] as number)) return false;
  }
  if (at > 1 && codes[at - 1] === 47 && isAlnum(codes[at - 2] as number)) return false;
  cursor.from = at;
  cursor.to = to;
  return true;
}

/** The longest run of hexadecimal digits and colons that is an address: 39 units, 45 with an IPv4 tail. */
const COLON_LIMIT = 46;

/** RFC 4291, section 2.2: eight groups, or fewer around one `::`. */
export function findIpv6(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (end - at > COLON_LIMIT || end - at < 3) return false;
  let groups = 0;
  let gap = false;
  let to = at;
  if (codes[to] === 58) {
    if (codes[to + 1] !== 58) return false;
    gap = true;
    to += 2;
  }
  while (to < end) {
    const start = to;
    while (to < end && isHex(codes[to] as number)) to += 1;
    if (to - start > 4 || to === start) return false;
    groups += 1;
    if (to === end) break;
    if (codes[to + 1] === 58) {
      if (gap) return false;
      gap = true;
      to += 2;
    } else if (to + 1 === end) {
      break;
    } else to += 1;
  }
  // An IPv4 tail: `::ffff:192.0.2.1`.
  let tail = to;
  if (codes[to] === 46 && gap) {
    while (tail < to + 12 && (isDigit(codes[tail] as number) || codes[tail] === 46)) tail += 1;
  }
  if (gap ? groups > 7 || groups === 0 : groups !== 8) return false;
  // `::1` alone is an address, `a::b` is also how C++ and Rust write a name: ask for a digit and two groups.
  if (gap && groups === 1 && codes[at] === 58 && end - at > 3 && !hasDigit(codes, at, end)) return false;
  if (gap && groups < 3 && !hasDigit(codes, at, end)) return false;
  cursor.from = at;
  cursor.to = tail;
  return true;
}

function hasDigit(codes: Uint16Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isDigit(codes[at] as number)) return true;
  return false;
}

/** Six pairs joined by dashes: `EB-5D-0F-DB-35-E1`. The trigger is the first pair that holds a digit. */
export function findMacDashes(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  let from = at;
  while (from > 2 && from > at - 15 && codes[from - 1] === 45 && isPair(codes, from - 3)) from -= 3;
  if (from > 0 && isAlnum(codes[from - 1] as number)) return false;
  for (let group = 0; group < 6; group++) {
    const pair = from + group * 3;
    if (!isPair(codes, pair) || (group < 5 && codes[pair + 2] !== 45)) return false;
  }
  cursor.from = from;
  cursor.to = from + 17;
  return true;
}

function isPair(codes: Uint16Array, at: number): boolean {
  return isHex(codes[at] as number) && isHex(codes[at + 1] as number);
}

/** Three groups of four joined by dots, as Cisco writes them: `001a.2b3c.4d5e`. */
export function findMacDots(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (codes[at + 4] !== 46 || codes[at + 9] !== 46) return false;
  for (let place = at; place < at + 14; place++) {
    if (place !== at + 4 && place !== at + 9 && !isHex(codes[place] as number)) return false;
  }
  cursor.from = at;
  cursor.to = at + 14;
  return true;
}

/** Six pairs joined by colons. */
export function findMacColons(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (end - at !== 17) return false;
  for (let group = 0; group < 6; group++) {
    const pair = at + group * 3;
    if (!isHex(codes[pair] as number) || !isHex(codes[pair + 1] as number)) return false;
    if (group < 5 && codes[pair + 2] !== 58) return false;
  }
  cursor.from = at;
  cursor.to = end;
  return true;
}
