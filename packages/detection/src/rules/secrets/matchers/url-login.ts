import type { Cursor } from '../../../engine/cursor.ts';
import type { Matcher } from '../../../rule.ts';
import { unitsOf } from '../shape.ts';

/** What stands before the `@` of a URL (RFC 3986, section 3.2.1), and the marks that passwords hold unescaped. */
const USER = unitsOf('A-Za-z0-9._~!$&*+,;=%-');
const PASSWORD = unitsOf('A-Za-z0-9._~!$&*+,;=%:^()|#?{}[\\]-');
const REST = unitsOf('A-Za-z0-9._~:/?#@!$&()*+,;=%[\\]-');
const MOST_USER = 96;
const MOST_PASSWORD = 192;
const MOST_REST = 192;

/** What `findUrlLogin` reads at most. */
export const URL_LOGIN_REACH: number = MOST_USER + MOST_PASSWORD + MOST_REST;

/** And `findUrlToken`. */
export const URL_TOKEN_REACH: number = MOST_USER + 48;

/** `scheme://user:password@host`: the password, or all of the URL where `whole`. The cursor stands at the scheme. */
export function findUrlLogin(whole: boolean): Matcher {
  return (cursor) => {
    const { codes, at } = cursor;
    const user = loginStart(codes, cursor.end);
    if (user === -1) return false;
    let mark = user;
    while (mark < user + MOST_USER && USER[codes[mark] as number] === 1) mark += 1;
    if (codes[mark] !== 58) return false;
    let end = -1;
    for (let to = mark + 1; to <= mark + MOST_PASSWORD; to++) {
      if (codes[to] === 64 && to > mark + 1) end = to;
      else if (PASSWORD[codes[to] as number] !== 1) break;
    }
    if (end === -1 || !isHost(codes[end + 1] as number)) return false;
    cursor.from = whole ? at : mark + 1;
    cursor.to = whole ? urlEnd(cursor, end + 1) : end;
    return true;
  };
}

/** After the `://`, with what may stand between it and the first word of a scheme (`+srv`, `+asyncpg`); -1 without. */
function loginStart(codes: Uint16Array, end: number): number {
  // The scan takes the `s` of `https` for a plural.
  let to = codes[end] === 115 ? end + 1 : end;
  if (codes[to] === 43) {
    to += 1;
    while (to < end + 16 && /[\w+]/.test(String.fromCharCode(codes[to] as number))) to += 1;
  }
  return codes[to] === 58 && codes[to + 1] === 47 && codes[to + 2] === 47 ? to + 3 : -1;
}

function isHost(code: number): boolean {
  return code === 91 || code === 36 || code === 123 || /[\w]/.test(String.fromCharCode(code));
}

function urlEnd({ codes }: Cursor, at: number): number {
  let to = at;
  while (to < at + MOST_REST && REST[codes[to] as number] === 1) to += 1;
  while (to > at && /[.,;:!?)\]]/.test(String.fromCharCode(codes[to - 1] as number))) to -= 1;
  return to;
}

/** `https://token@host`, `https://token:@host`, `https://token:x-oauth-basic@host`: the token. */
export function findUrlToken(cursor: Cursor): boolean {
  const { codes } = cursor;
  const user = loginStart(codes, cursor.end);
  if (user === -1) return false;
  let mark = user;
  while (mark < user + MOST_USER && USER[codes[mark] as number] === 1) mark += 1;
  if (mark - user < 20) return false;
  let to = mark;
  if (codes[to] === 58) {
    to += 1;
    while (to < mark + 16 && /[a-z-]/.test(String.fromCharCode(codes[to] as number))) to += 1;
  }
  if (codes[to] !== 64 || !isHost(codes[to + 1] as number)) return false;
  cursor.from = user;
  cursor.to = mark;
  return true;
}

/** The password of a URL, or of a whole connection string. */
export function passwordOf(value: string): string {
  const login = /:\/\/[^:@/]*:(.*)@/.exec(value);
  return login?.[1] ?? value;
}
