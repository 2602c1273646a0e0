/** Codes below this are looked up; letters beyond it (CJK, rare scripts) do not make words here. */
export const LETTER_LIMIT = 0x2000;
/** Set in an entry for an upper-case letter. */
export const UPPER = 0x8000;

const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  æ: 'a',
  œ: 'o',
  ı: 'i',
  ß: 's',
  þ: 't',
  ð: 'd',
};

/**
 * For each code unit: 0 when it is no letter, else its base letter in lower case, with `UPPER` for a
 * capital.
 */
export function createLetterTable(): Uint16Array {
  const table = new Uint16Array(LETTER_LIMIT);
  const letter = /\p{L}/u;
  for (let code = 0x41; code < LETTER_LIMIT; code++) {
    const text = String.fromCharCode(code);
    if (!letter.test(text)) continue;
    const lower = text.toLowerCase();
    const base = (UNDECOMPOSED[lower] ?? lower.normalize('NFD')).charCodeAt(0);
    table[code] = base | (lower === text ? 0 : UPPER);
  }
  return table;
}

/** The 32-bit FNV-1a hash that every word of the tagger goes by. */
export const HASH_START: number = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/** The hash that a scan gives the word. */
export function hashWord(table: Uint16Array, word: string): number {
  let hash = HASH_START;
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    const entry = code < LETTER_LIMIT ? (table[code] as number) : 0;
    if (entry !== 0) hash = Math.imul(hash ^ (entry & 0x7fff), HASH_PRIME);
    else if (code >= 0x30 && code <= 0x39) hash = Math.imul(hash ^ code, HASH_PRIME);
  }
  return hash;
}
