import { HAS_ANYTHING, HAS_CAPITAL, HAS_DIGIT, HAS_OTHER } from '@sallyport/detection';

import type { Found } from './find-in-text.ts';
import { JoinedTexts } from './joined-texts.ts';
import { isOrdinaryWord, isSurnameAt, surnameIn } from './surnames.ts';

/** As many are remembered in one call; a bundle of a whole clinic has fewer. */
const MOST = 10_000;
/** So that a text costs no more than this many look-ups a word. */
const MOST_LENGTHS = 16;
const LONGEST = 80;
const SHORTEST_NAME = 3;
const SHORTEST_CODE = 6;
const SHORTEST_GIVEN = 2;
const NAME = /^\p{Lu}[\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+)*$/u;
const DIGIT = /\d/;
const PLAIN_ADDRESS = /^[\w.+-]{1,40}@[a-z\d.-]{1,36}\.[a-z]{2,}$/i;
/** A town that no short word is. */
const TOWN = /^\p{Lu}[\p{L}\p{M}.'’-]{3,}(?: [\p{L}\p{M}.'’-]+)*$/u;
/** Values that many a text has with another meaning: a year, a street. */
const COMMON: ReadonlySet<string> = new Set(['DATE', 'DOB', 'AGE_OVER_89', 'ZIP', 'GEO', 'URL', 'STREET']);
const NOTHING: readonly Found[] = Object.freeze([]);
const HASHES = 4096;
const BEYOND_ASCII = 128;
/** For fewer texts, to join them costs more than it saves. */
const FEW = 32;
const NOT_ASCII = 0xff80ff80;
/** 1 for the units that a word is of: letters, digits, and anything beyond ASCII but its blanks and dashes. */
const WORD_UNITS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, code) => (isOfWord(code) ? 1 : 0));

/**
 * Values that a key or a title gave away, looked for in the other texts of the same message: the patient's name in a
 * field is the name in the narrative, and so is the surname alone. One pass over a text, however many there are.
 *
 * The one place where a name is carried from one text to the others: keys know more names than prose does, and a detector
 * sees one text at a time.
 */
export class KnownValues {
  readonly #entities = new Map<string, string>();
  /** The lengths of the values that begin with a word, longest first. */
  readonly #lengths = new Map<string, number[]>();
  /** Whether a word begins with these units: most do not, and cost one look. */
  #begins: Uint8Array | undefined;
  /** 1 for the first units of values; those beyond ASCII together. */
  readonly #first = new Uint8Array(BEYOND_ASCII + 1);
  /** Texts without any of these kinds of units have none of the values. */
  #firstKinds = 0;
  #shortest = LONGEST;
  /** In small letters. */
  readonly #surnames = new Set<string>();

  get size(): number {
    return this.#entities.size + this.#surnames.size;
  }

  /** Remembers a value that can be told from ordinary words; others are left out. */
  add(value: string, entity: string): void {
    if (value.length > LONGEST || WORD_UNITS[value.charCodeAt(0)] !== 1 || COMMON.has(entity)) return;
    // What is found wherever it stands need not be looked for.
    if (entity === 'EMAIL' && PLAIN_ADDRESS.test(value)) return;
    if (this.#entities.size >= MOST || this.#entities.has(value)) return;
    if (entity === 'CITY' && (!TOWN.test(value) || isOrdinaryWord(value))) return;
    // No name and no town of those above has a digit, and to look for one is far faster.
    const hasDigit = DIGIT.test(value);
    if (!hasDigit && entity === 'PERSON' && value.length >= SHORTEST_NAME && NAME.test(value)) {
      this.#addSurname(value);
      if (!isOrdinaryWord(value)) this.#remember(value, entity);
    } else if (entity === 'CITY' || (hasDigit && value.length >= SHORTEST_CODE))
      this.#remember(value, entity);
  }

  /** Remembers a value whatever it looks like; marks before it do not count. */
  addAlways(value: string, entity: string): void {
    let from = 0;
    while (from < value.length && WORD_UNITS[value.charCodeAt(from)] !== 1) from += 1;
    const words = value.slice(from);
    if (words.length < SHORTEST_GIVEN || words.length > LONGEST || this.#entities.size >= MOST) return;
    if (entity === 'PERSON') this.#addSurname(words);
    if (!this.#entities.has(words)) this.#remember(words, entity);
  }

  #remember(value: string, entity: string): void {
    const word = value.slice(0, wordEnd(value, 0));
    const lengths = this.#lengths.get(word);
    if (lengths === undefined) this.#lengths.set(word, [value.length]);
    else if (!lengths.includes(value.length)) {
      if (lengths.length >= MOST_LENGTHS) return;
      lengths.push(value.length);
      lengths.sort((a, b) => b - a);
    }
    this.#mark(value);
    this.#entities.set(value, entity);
  }

  /** A word alone is a surname where its key says so. */
  #addSurname(name: string): void {
    const surname = name.includes(' ') ? surnameIn(name) : name.toLowerCase();
    if (surname === undefined || this.#surnames.size >= MOST || this.#surnames.has(surname)) return;
    this.#surnames.add(surname);
    const upper = surname.toUpperCase();
    this.#mark(upper);
    this.#mark(upper.charAt(0) + surname.slice(1));
  }

  #mark(value: string): void {
    this.#shortest = Math.min(this.#shortest, value.length);
    this.#begins ??= new Uint8Array(HASHES);
    const first = value.charCodeAt(0);
    this.#first[Math.min(first, BEYOND_ASCII)] = 1;
    this.#firstKinds |= kindsOfFirst(first);
    this.#begins[hashOf(first, value.charCodeAt(1))] = 1;
  }

  /** Where they stand, as whole words; the longest where several begin. */
  find(text: string): readonly Found[] {
    const begins = this.#begins;
    if (begins === undefined || text.length < this.#shortest) return NOTHING;
    const first = this.#first;
    let found: Found[] | undefined;
    const { length } = text;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      // By far the most units begin no value.
      if (first[code < BEYOND_ASCII ? code : BEYOND_ASCII] === 0) continue;
      if (at > 0 && WORD_UNITS[text.charCodeAt(at - 1)] === 1) continue;
      if (begins[hashOf(code, text.charCodeAt(at + 1))] === 0) continue;
      const end = this.#endAt(text, at);
      if (end === -1) continue;
      (found ??= []).push({ start: at, end, entity: this.#entities.get(text.slice(at, end)) ?? 'PERSON' });
      at = end - 1;
    }
    return found ?? NOTHING;
  }

  /**
   * The indexes of the texts that may have one in them, which `find` tells; the others have none. Many in one loop cost a
   * quarter of what they cost one by one.
   *
   * @param kinds what kinds of units each of them has: the `HAS_` bits
   */
  suspects(texts: readonly string[], kinds: readonly number[]): readonly number[] {
    if (this.#begins === undefined) return [];
    const some: number[] = [];
    for (let index = 0; index < texts.length; index += 1) {
      if (((kinds[index] as number) & this.#firstKinds) !== 0) some.push(index);
    }
    if (some.length < FEW) return some;
    const suspects: number[] = [];
    const joined = new JoinedTexts(some.map((index) => texts[index] as string));
    while (joined.next((index) => suspects.push(index))) this.#suspectsIn(joined, suspects);
    return suspects.map((index) => some[index] as number);
  }

  /** Four units at a time: by far the most begin no value. */
  #suspectsIn(joined: JoinedTexts, suspects: number[]): void {
    const first = this.#first;
    const { twos, length } = joined;
    for (let at = 0; at < length; at += 4) {
      const one = twos[at >> 1] as number;
      const two = twos[(at >> 1) + 1] as number;
      const isAscii = ((one | two) & NOT_ASCII) === 0;
      if (isAscii) {
        const begins =
          (first[one & 0x7f] as number) |
          (first[one >>> 16] as number) |
          (first[two & 0x7f] as number) |
          (first[two >>> 16] as number);
        if (begins === 0) continue;
      }
      for (let unit = at; unit < at + 4; unit += 1) {
        if (joined.indexAt(unit) !== suspects.at(-1) && this.#mayBegin(joined.units, unit))
          suspects.push(joined.indexAt(unit));
      }
    }
  }

  #mayBegin(units: Uint16Array, at: number): boolean {
    const code = units[at] as number;
    if (this.#first[code < BEYOND_ASCII ? code : BEYOND_ASCII] === 0) return false;
    if (at > 0 && WORD_UNITS[units[at - 1] as number] === 1) return false;
    return this.#begins?.[hashOf(code, units[at + 1] as number)] === 1;
  }

  #endAt(text: string, at: number): number {
    const last = wordEnd(text, at);
    const word = text.slice(at, last);
    for (const length of this.#lengths.get(word) ?? []) {
      const end = at + length;
      if (end > text.length || WORD_UNITS[text.charCodeAt(end)] === 1) continue;
      if (this.#entities.has(text.slice(at, end))) return end;
    }
    if (this.#surnames.size === 0 || !this.#surnames.has(word.toLowerCase())) return -1;
    return isSurnameAt(text, at, last) ? last : -1;
  }
}

/** Any text has small letters. */
function kindsOfFirst(code: number): number {
  if (code >= BEYOND_ASCII) return HAS_OTHER;
  if (code >= 0x61) return HAS_ANYTHING;
  return code >= 0x41 ? HAS_CAPITAL : HAS_DIGIT;
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
