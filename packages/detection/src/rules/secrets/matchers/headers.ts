import type { Cursor } from '../../../engine/cursor.ts';
import { readAssignment } from '../assignment.ts';
import { unitsOf } from '../shape.ts';

/** RFC 6750, section 2.1: `b64token`. */
const TOKEN = unitsOf('A-Za-z0-9._~+/=:-');
const BASE64 = unitsOf('A-Za-z0-9+/_=-');

/** What follows an authentication scheme and a space; a token holds no space, so each is read once. */
export function findAfterScheme(cursor: Cursor): boolean {
  return findRun(cursor, TOKEN, 12);
}

export function findBasic(cursor: Cursor): boolean {
  return findRun(cursor, BASE64, 8);
}

const SCHEME = unitsOf('A-Za-z-');

/** `Authorization: Scheme value`, of any scheme but the two that have rules of their own. */
export function findOtherScheme(cursor: Cursor): boolean {
  const assignment = readAssignment(cursor);
  if (assignment === undefined) return false;
  const { codes, text } = cursor;
  let end = assignment.start;
  while (end < assignment.start + 24 && SCHEME[codes[end] as number] === 1) end += 1;
  if (/^(?:bearer|basic|digest|negotiate)?$/i.test(text.slice(assignment.start, end))) return false;
  return runAfter(cursor, end, TOKEN, 16);
}

/** `curl ... -u name:password`, within a line. */
export function findCurlLogin(cursor: Cursor): boolean {
  const { text, end } = cursor;
  const line = text.slice(end, end + CURL_REACH).split('\n', 1)[0] as string;
  const login = /\s(?:-u|--user|--proxy-user|-U)[ =]?["']?[^\s"':$]{1,64}:([^\s"'$]{4,96})/.exec(line);
  if (login === null) return false;
  cursor.to = end + login.index + login[0].length;
  cursor.from = cursor.to - (login[1] as string).length;
  return true;
}
export const CURL_REACH = 240;

/** `login name password value`, on one line or several, as in a `.netrc`. */
export function findNetrcPassword(cursor: Cursor): boolean {
  const { text, end } = cursor;
  const login = /^[ \t\n\r]{1,8}[!-~]{1,64}[ \t\n\r]{1,8}password[ \t\n\r]{1,8}([!-~]{4,96})/.exec(
    text.slice(end, end + NETRC_REACH),
  );
  if (login === null) return false;
  cursor.to = end + login[0].length;
  cursor.from = cursor.to - (login[1] as string).length;
  return true;
}
export const NETRC_REACH = 196;

function findRun(cursor: Cursor, units: Uint8Array, least: number): boolean {
  return runAfter(cursor, cursor.end, units, least);
}

function runAfter(cursor: Cursor, end: number, units: Uint8Array, least: number): boolean {
  const { codes } = cursor;
  let from = end;
  while (from < end + 3 && codes[from] === 32) from += 1;
  if (from === end) return false;
  let to = from;
  while (units[codes[to] as number] === 1) to += 1;
  while (to > from && (codes[to - 1] === 46 || codes[to - 1] === 58)) to -= 1;
  if (to - from < least) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

/** RFC 7617: Base64 of a printable `name:password`; what it decodes to, or `undefined`. */
export function loginOf(value: string): { readonly name: string; readonly password: string } | undefined {
  const login = Buffer.from(value, 'base64').toString('latin1');
  const mark = login.indexOf(':');
  if (mark === -1 || !/^[\x20-\x7e]{3,512}$/.test(login)) return undefined;
  return { name: login.slice(0, mark), password: login.slice(mark + 1) };
}
