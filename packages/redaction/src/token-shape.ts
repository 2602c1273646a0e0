/**
 * A token looks like `[EMAIL_7f3k9q2m4xw0h5t]`: what it stands for, 12 random characters (60 bits) and 3 that check the
 * rest. Plain ASCII without letters that are mistaken for one another, so that a model copies it whole.
 */
export interface TokenPlace {
  /** Offset of its first UTF-16 code unit, an opening bracket included. */
  readonly start: number;
  readonly end: number;
  /** As the vault knows it, with brackets, also where the text lost them. */
  readonly token: string;
  readonly entity: string;
}

/** How many random bytes `newToken` takes: one for every character, so that none is more likely than another. */
export const TOKEN_BYTES = 12;

/** Crockford's base 32, in small letters: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CHECK_LENGTH = 3;
const TAIL_LENGTH = TOKEN_BYTES + CHECK_LENGTH;
const MAX_ENTITY_LENGTH = 64;
const ENTITY = /^[A-Z][A-Z0-9_]{0,63}$/;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const UNDERSCORE = 0x5f;
const NOTHING: readonly TokenPlace[] = Object.freeze([]);

/**
 * @param random at least `TOKEN_BYTES` bytes from a cryptographic source
 * @throws TypeError for a name that cannot stand in a token, or too few bytes
 */
export function newToken(entity: string, random: Uint8Array): string {
  if (!ENTITY.test(entity)) {
    throw new TypeError('An entity has to be named in capitals, digits and "_", with at most 64 characters.');
  }
  if (random.length < TOKEN_BYTES) throw new TypeError(`A token needs ${TOKEN_BYTES} random bytes.`);
  let tail = '';
  for (let index = 0; index < TOKEN_BYTES; index += 1) tail += ALPHABET[(random[index] ?? 0) & 31];
  return `[${entity}_${tail}${checkOf(entity, tail)}]`;
}

/** The tokens in a text, from left to right, in one pass. What only looks like a token is none. */
export function findTokens(text: string): readonly TokenPlace[] {
  let places: TokenPlace[] | undefined;
  for (let at = text.indexOf('_'); at !== -1; at = text.indexOf('_', at + 1)) {
    const place = tokenAround(text, at);
    if (place !== undefined) (places ??= []).push(place);
  }
  return places ?? NOTHING;
}

/** Whether the text is one token, with its brackets, and nothing else. */
export function isToken(text: string): boolean {
  if (text.length > MAX_ENTITY_LENGTH + TAIL_LENGTH + 3) return false;
  return tokenAround(text, text.lastIndexOf('_'))?.token === text;
}

/** @param at where the last "_" of the token would stand: after it come only characters of `ALPHABET` */
function tokenAround(text: string, at: number): TokenPlace | undefined {
  const tailEnd = at + 1 + TAIL_LENGTH;
  if (at < 1 || tailEnd > text.length) return undefined;
  for (let index = at + 1; index < tailEnd; index += 1) {
    if (!isTailCode(text.charCodeAt(index))) return undefined;
  }
  if (tailEnd < text.length && isWordCode(text.charCodeAt(tailEnd))) return undefined;
  let from = at;
  while (from > 0 && at - from < MAX_ENTITY_LENGTH && isEntityCode(text.charCodeAt(from - 1))) from -= 1;
  if (from > 0 && isWordCode(text.charCodeAt(from - 1))) return undefined;
  const entity = text.slice(from, at);
  const tail = text.slice(at + 1, tailEnd);
  if (!ENTITY.test(entity)) return undefined;
  if (checkOf(entity, tail.slice(0, TOKEN_BYTES)) !== tail.slice(TOKEN_BYTES)) return undefined;
  const bracketed = text.charCodeAt(from - 1) === OPEN && text.charCodeAt(tailEnd) === CLOSE;
  return {
    start: bracketed ? from - 1 : from,
    end: bracketed ? tailEnd + 1 : tailEnd,
    token: `[${entity}_${tail}]`,
    entity,
  };
}

/** 15 bits of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): against typing errors, not against forgery. */
function checkOf(entity: string, tail: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < entity.length; index += 1) {
    hash = Math.imul(hash ^ entity.charCodeAt(index), 0x01000193);
  }
  for (let index = 0; index < tail.length; index += 1) {
    hash = Math.imul(hash ^ tail.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 15;
  return `${ALPHABET[(hash >>> 10) & 31]}${ALPHABET[(hash >>> 5) & 31]}${ALPHABET[hash & 31]}`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isTailCode(code: number): boolean {
  return (
    isDigit(code) ||
    (code >= 0x61 && code <= 0x7a && code !== 0x69 && code !== 0x6c && code !== 0x6f && code !== 0x75)
  );
}

function isEntityCode(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || code === UNDERSCORE;
}

function isWordCode(code: number): boolean {
  return isEntityCode(code) || (code >= 0x61 && code <= 0x7a);
}
