import { isAlnum, isLetter } from '../code-units.ts';

/** After the letters (and inner apostrophes, dots, dashes) that begin at `at`; at most 24 units on. */
export function wordEnd(codes: Uint16Array, at: number): number {
  let to = at;
  const most = at + 24;
  while (to < most) {
    const code = codes[to] as number;
    if (isAlnum(code)) to += 1;
    else if ((code === 39 || code === 45 || code === 0x2019) && isLetter(codes[to + 1] as number)) to += 1;
    else break;
  }
  return to;
}

/** Where the word that ends at `end` begins; at most 24 units back. */
export function wordStart(codes: Uint16Array, end: number): number {
  let from = end;
  const least = Math.max(0, end - 24);
  while (from > least) {
    const code = codes[from - 1] as number;
    if (isAlnum(code)) from -= 1;
    else if (
      (code === 39 || code === 45 || code === 0x2019) &&
      from - 1 > least &&
      isLetter(codes[from - 2] as number)
    )
      from -= 1;
    else break;
  }
  return from;
}

/** After a label and what parts it from its value: quotes, spaces, `:`, `=`, `#`, an arrow; -1 without `:` or `=`. */
export function valueAfter(codes: Uint16Array, end: number): number {
  let at = end;
  let marked = false;
  const most = end + 8;
  while (at < most) {
    const code = codes[at] as number;
    if (code === 58 || code === 61) marked = true;
    else if (code !== 32 && code !== 34 && code !== 39 && code !== 35 && code !== 42 && code !== 9) break;
    at += 1;
  }
  return marked ? at : -1;
}
