import type { Found } from './find-in-text.ts';

/** As many are remembered in one call; a bundle of a whole clinic has fewer. */
const MOST = 10_000;
/** So that a text costs no more than this many look-ups a word. */
const MOST_LENGTHS = 16;
const LONGEST = 80;
const SHORTEST_NAME = 3;
const SHORTEST_CODE = 6;
const NAME = /^\p{Lu}[\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+)*$/u;
/** Values that many a text has with another meaning: a year, a town. */
const COMMON: ReadonlySet<string> = new Set([
  'DATE',
  'DOB',
  'AGE_OVER_89',
  'ZIP',
  'CITY',
  'GEO',
  'URL',
  'STREET',
]);
const NOTHING: readonly Found[] = Object.freeze([]);
const HASHES = 4096;
/** 1 for the units that a word is of: letters, digits, and anything beyond ASCII but its blanks and dashes. */
const WORD_UNITS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, code) => (isOfWord(code) ? 1 : 0));

/**
 * Values that a key or a title gave away, looked for in the other texts of the same message: the patient's name in a
 * field is the name in the narrative. One pass over a text, however many there are.
 */
export class KnownValues {
  readonly #entities = new Map<string, string>();
  /** The lengths of the values that begin with a word, longest first. */
  readonly #lengths = new Map<string, number[]>();
  /** Whether a word begins with these units: most do not, and cost one look. */
  #begins: Uint8Array | undefined;
  #shortest = LONGEST;

  get size(): number {
    return this.#entities.size;
  }

  /** Remembers a value that can be told from ordinary words; others are left out. */
  add(value: string, entity: string): void {
    if (value.length > LONGEST || this.#entities.has(value) || COMMON.has(entity)) return;
    if (this.#entities.size >= MOST || WORD_UNITS[value.charCodeAt(0)] !== 1) return;
    const isName = entity === 'PERSON' && value.length >= SHORTEST_NAME && NAME.test(value);
    if (!isName && !(value.length >= SHORTEST_CODE && /\d/.test(value))) return;
    const word = value.slice(0, wordEnd(value, 0));
    const lengths = this.#lengths.get(word);
    if (lengths === undefined) this.#lengths.set(word, [value.length]);
    else if (!lengths.includes(value.length)) {
      if (lengths.length >= MOST_LENGTHS) return;
      lengths.push(value.length);
      lengths.sort((a, b) => b - a);
    }
    this.#shortest = Math.min(this.#shortest, value.length);
    this.#begins ??= new Uint8Array(HASHES);
    this.#begins[hashOf(value.charCodeAt(0), value.charCodeAt(1))] = 1;
    this.#entities.set(value, entity);
  }

  /** Where they stand, as whole words; the longest where several begin. */
  find(text: string): readonly Found[] {
    const begins = this.#begins;
    if (begins === undefined || text.length < this.#shortest) return NOTHING;
    let found: Found[] | undefined;
    const { length } = text;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (WORD_UNITS[code] !== 1) {
        at += 1;
        continue;
      }
      const end = begins[hashOf(code, text.charCodeAt(at + 1))] === 1 ? this.#endAt(text, at) : -1;
      if (end === -1) at = wordEnd(text, at);
      else {
        (found ??= []).push({ start: at, end, entity: this.#entities.get(text.slice(at, end)) ?? '' });
        at = end;
      }
    }
    return found ?? NOTHING;
  }

  #endAt(text: string, at: number): number {
    const lengths = this.#lengths.get(text.slice(at, wordEnd(text, at)));
    if (lengths === undefined) return -1;
    for (const length of lengths) {
      const end = at + length;
      if (end > text.length || WORD_UNITS[text.charCodeAt(end)] === 1) continue;
      if (this.#entities.has(text.slice(at, end))) return end;
    }
    return -1;
  }
}

function isOfWord(code: number): boolean {
  if (code >= 0x80) return code !== 0xa0 && !(code >= 0x2000 && code <= 0x206f) && code !== 0x3000;
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

function wordEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && WORD_UNITS[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

/** Of the first two units of a value; the second is NaN, and so 0, where there is only one. */
function hashOf(first: number, second: number): number {
  return (first * 61 + (second | 0)) & (HASHES - 1);
}
