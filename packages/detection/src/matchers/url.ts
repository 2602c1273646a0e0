import { isAlnum, isAsciiLetter } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { createWordList, type WordList } from './word-list.ts';

const isScheme: WordList = createWordList([
  'http',
  'https',
  'ftp',
  'ftps',
  'sftp',
  'ws',
  'wss',
  'ssh',
  'git',
  'ldap',
  'ldaps',
  'smb',
  'nfs',
  's3',
  'gs',
  'redis',
  'rediss',
  'postgres',
  'postgresql',
  'mysql',
  'mongodb',
  'amqp',
  'amqps',
  'mqtt',
  'rtsp',
  'sip',
  'tel',
]);

/** From the scheme before `:/` to the end of what RFC 3986 allows, without closing punctuation. */
export function findUrl(cursor: Cursor): boolean {
  const { codes, at, length } = cursor;
  // `at` is the slash of `:/`.
  if (codes[at + 1] !== 47) return false;
  let from = at - 1;
  const least = Math.max(0, at - 12);
  while (from > least && (isAsciiLetter(codes[from - 1] as number) || codes[from - 1] === 51)) from -= 1;
  if (!isScheme(codes, from, at - 1)) return false;
  const host = at + 2;
  if (
    host >= length ||
    !(isAlnum(codes[host] as number) || codes[host] === 91 || (codes[host] as number) > 0x24f)
  )
    return false;
  return rest(cursor, from, host);
}

/** From a `www` to the end, when a domain follows. */
export function findWww(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  if (codes[end] !== 46 || !isAlnum(codes[end + 1] as number)) return false;
  let dot = end + 1;
  while (dot < end + 64 && (isAlnum(codes[dot] as number) || codes[dot] === 45)) dot += 1;
  if (codes[dot] !== 46 || !isAsciiLetter(codes[dot + 1] as number)) return false;
  return rest(cursor, cursor.at, dot + 1);
}

/** The scan moves on to `to`, so that a text is read once however long its URLs are. */
function rest(cursor: Cursor, from: number, start: number): boolean {
  const { codes, length } = cursor;
  let to = start;
  let open = 0;
  while (to < length && isUrlUnit(codes[to] as number)) {
    if (codes[to] === 40) open += 1;
    if (codes[to] === 41 && open-- === 0) break;
    to += 1;
  }
  while (to > start && isClosing(codes[to - 1] as number)) to -= 1;
  cursor.from = from;
  cursor.to = to;
  return true;
}

function isUrlUnit(code: number): boolean {
  if (code <= 32 || code === 34 || code === 39 || code === 60 || code === 62 || code === 92) return false;
  return code !== 94 && code !== 96 && code !== 123 && code !== 124 && code !== 125 && code !== 0x2019;
}

function isClosing(code: number): boolean {
  return (
    code === 46 ||
    code === 44 ||
    code === 59 ||
    code === 58 ||
    code === 33 ||
    code === 63 ||
    code === 42 ||
    code === 93
  );
}
