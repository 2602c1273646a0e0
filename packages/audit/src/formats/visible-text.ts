import { createHash } from 'node:crypto';

/**
 * U+241B SYMBOL FOR ESCAPE. What a format has no escape for is written as this sign and the character's number in four
 * hexadecimal digits, and so is the sign itself: every text comes back exactly, and texts without such characters stay as
 * they are.
 */
export const ESCAPE = '\u241b';

/**
 * Members of a character class (with the flag `u`) that must not stand in a line of text: controls and separators end
 * lines or are rewritten by relays (rsyslog turns a tab into `#011`), bidirectional marks show a text as another one, and
 * lone surrogates have no UTF-8.
 */
export const INVISIBLE: string = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}${ESCAPE}`;

/** The character as `ESCAPE` and its number. It must be one of the Basic Multilingual Plane. */
export function escapedByNumber(character: string): string {
  return ESCAPE + character.charCodeAt(0).toString(16).padStart(4, '0');
}

/** Over `limit` (UTF-16 units) a text is cut, and its SHA-256 put in place of the rest, as in records. */
export function atMost(limit: number, text: string): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - DIGEST_ROOM);
  return `${text.slice(0, room)}...(sha256 ${sha256(text)})`;
}

/** JSON that is too long would be broken when cut: its digest takes its place, as JSON. */
export function jsonAtMost(limit: number, value: object): string {
  const json = JSON.stringify(value);
  if (json.length <= limit) return json;
  return JSON.stringify({ sha256: sha256(json), bytes: Buffer.byteLength(json) });
}

const DIGEST_ROOM = '...(sha256 )'.length + 64;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const LONE_OR_ESCAPE = new RegExp(String.raw`\\\\|\\u(d[89a-f][0-9a-f]{2})|${ESCAPE}`, 'g');

/**
 * JSON on one line that every receiver can store: `JSON.stringify` writes a lone surrogate as `\udXXX`, which some JSON
 * parsers refuse and others replace, so that it is written with `ESCAPE` instead.
 */
export function jsonLine(json: string): string {
  if (!json.includes(String.raw`\ud`) && !json.includes(ESCAPE)) return json;
  return json.replace(LONE_OR_ESCAPE, (found, surrogate?: string) => {
    if (surrogate !== undefined) return ESCAPE + surrogate;
    return found === ESCAPE ? escapedByNumber(ESCAPE) : found;
  });
}
