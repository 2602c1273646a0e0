import { isAlnum } from '../code-units.ts';
import { CLASSES, LAST_LETTER, SEPARATOR, TRIPLES } from './classes.ts';
import { tripleLevel } from './letter-pairs.ts';

/** A word that the scan looks for, and what it means. */
export interface IndexedWord {
  /** The class of each unit; `SEPARATOR` stands for one of them or none. */
  readonly classes: Uint8Array;
  /** The units themselves where case counts. */
  readonly exact: Uint16Array | undefined;
  /** Index of the last of the three units by which the scan finds it: its rarest, or its first two and what is before. */
  readonly anchor: number;
  /** How many units before the third of them the word begins, where that is fixed; -1 where it is not. */
  readonly lead: number;
  /** A letter or digit may follow. */
  readonly open: boolean;
  /** The context groups it belongs to. */
  readonly groups: number[];
  /** The forms it triggers. */
  readonly forms: number[];
}

/** All words, by the three classes in a row at which the scan stops for them; flat, because a stop is mostly in vain. */
export interface WordIndex {
  readonly words: readonly IndexedWord[];
  /** For three classes: where their entries begin in the arrays below, plus one; 0 where there are none. */
  readonly heads: Uint16Array;
  /** Index into `words`; `LAST_ENTRY` is added to the last of a list. */
  readonly entries: Uint16Array;
  /** `IndexedWord.lead` of each entry. */
  readonly leads: Int8Array;
  /** The class that has to follow the three; 0 where anything may. */
  readonly nexts: Uint8Array;
}

export const LAST_ENTRY = 0x8000;

export interface WordEntry {
  readonly text: string;
  readonly exact: boolean;
  readonly open: boolean;
  readonly group?: number;
  readonly form?: number;
}

export function createWordIndex(entries: readonly WordEntry[], classes: Uint8Array): WordIndex {
  const words = new Map<string, IndexedWord>();
  for (const entry of entries) {
    const key = `${entry.exact ? 'x' : ''}${entry.open ? 'o' : ''} ${entry.text}`;
    let word = words.get(key);
    if (word === undefined) {
      word = indexed(entry, classes);
      words.set(key, word);
    }
    if (entry.group !== undefined && !word.groups.includes(entry.group)) word.groups.push(entry.group);
    if (entry.form !== undefined) word.forms.push(entry.form);
  }
  const byTriple: IndexedWord[][] = Array.from({ length: TRIPLES });
  for (const word of words.values()) {
    const { classes: own, anchor } = word;
    const last = ((own[anchor - 1] as number) << 5) | (own[anchor] as number);
    if (anchor >= 2 && isLetterClass(own[anchor - 2] as number)) {
      (byTriple[((own[anchor - 2] as number) << 10) | last] ??= []).push(word);
      continue;
    }
    for (let before = 0; before < CLASSES; before++) {
      if (!isLetterClass(before)) (byTriple[(before << 10) | last] ??= []).push(word);
    }
  }
  return flatten([...words.values()], byTriple);
}

function flatten(
  words: readonly IndexedWord[],
  byTriple: readonly (readonly IndexedWord[] | undefined)[],
): WordIndex {
  const heads = new Uint16Array(TRIPLES);
  const entries: number[] = [];
  const leads: number[] = [];
  const nexts: number[] = [];
  const places = new Map(words.map((word, index) => [word, index]));
  for (const [triple, list] of byTriple.entries()) {
    if (list === undefined) continue;
    heads[triple] = entries.length + 1;
    for (const [index, word] of list.entries()) {
      const next = word.classes[word.anchor + 1] ?? 0;
      entries.push((places.get(word) as number) | (index === list.length - 1 ? LAST_ENTRY : 0));
      leads.push(word.lead);
      nexts.push(isLetterClass(next) ? next : 0);
    }
  }
  return {
    words,
    heads,
    entries: Uint16Array.from(entries),
    leads: Int8Array.from(leads),
    nexts: Uint8Array.from(nexts),
  };
}

function indexed(entry: WordEntry, classes: Uint8Array): IndexedWord {
  const units = Uint16Array.from(entry.text, (character) => character.charCodeAt(0));
  const own = Uint8Array.from(units, (unit) => classes[unit] as number);
  const anchor = anchorOf(own, entry.text);
  return {
    classes: own,
    exact: entry.exact ? units : undefined,
    anchor,
    lead: own.subarray(0, anchor).includes(SEPARATOR) ? -1 : anchor,
    open: entry.open,
    groups: [],
    forms: [],
  };
}

/** Of words that tool output is full of: `number`, `code`, `order`, `user`, `date`, `name`, `server`, `patient`, `type`. */
const COMMON: ReadonlySet<string> = new Set([
  'num',
  'umb',
  'cod',
  'ord',
  'use',
  'dat',
  'nam',
  'ame',
  'erv',
  'pat',
  'typ',
  'ype',
]);

function anchorOf(own: Uint8Array, text: string): number {
  let anchor = -1;
  let best = Infinity;
  for (let at = 2; at < own.length; at++) {
    const [a, b, c] = [own[at - 2] as number, own[at - 1] as number, own[at] as number];
    if (!isLetterClass(a) || !isLetterClass(b) || !isLetterClass(c)) continue;
    const level = tripleLevel(a, b, c) + (COMMON.has(String.fromCharCode(a + 96, b + 96, c + 96)) ? 8 : 0);
    if (level < best) [anchor, best] = [at, level];
  }
  if (anchor !== -1) return anchor;
  for (let at = 1; at < own.length; at++) {
    const starts = at === 1 || own[at - 2] === SEPARATOR;
    if (starts && isLetterClass(own[at - 1] as number) && own[at] !== SEPARATOR) return at;
  }
  throw new TypeError(`"${text}" cannot be looked for; a word has two letters in a row, at least.`);
}

function isLetterClass(value: number): boolean {
  return value >= 1 && value <= LAST_LETTER;
}

/** Where a word stands; -1 where it does not. */
export interface WordPlace {
  start: number;
  end: number;
}

/** Whether `word` stands around `at`, where its three units were seen. Leaves its place in `place`. */
export function standsAt(
  word: IndexedWord,
  codes: Uint16Array,
  length: number,
  at: number,
  classes: Uint8Array,
  place: WordPlace,
): boolean {
  const own = word.classes;
  let start = at - 1;
  for (let index = word.anchor - 2; index >= 0; index--) {
    const wanted = own[index] as number;
    if (start === 0) return false;
    const seen = classes[codes[start - 1] as number] as number;
    if (wanted === SEPARATOR) {
      if (seen === SEPARATOR) start -= 1;
      continue;
    }
    if (seen !== wanted) return false;
    start -= 1;
  }
  let end = at + 1;
  for (let index = word.anchor + 1; index < own.length; index++) {
    const wanted = own[index] as number;
    const seen = end < length ? (classes[codes[end] as number] as number) : 0;
    if (wanted === SEPARATOR) {
      if (seen === SEPARATOR) end += 1;
      continue;
    }
    if (seen !== wanted) return false;
    end += 1;
  }
  if (word.exact !== undefined) {
    if (end - start !== word.exact.length) return false;
    for (let index = 0; index < word.exact.length; index++) {
      if (codes[start + index] !== word.exact[index]) return false;
    }
    if (start > 0 && isAlnum(codes[start - 1] as number)) return false;
  }
  if (start > 0 && !breaks(codes[start - 1] as number, codes[start] as number, classes)) return false;
  if (!word.open && end < length && !endsWord(codes, end, length, classes)) return false;
  place.start = start;
  place.end = end;
  return true;
}

/** A word ends where no letter follows, or one `s`, or a capital after a small letter (camelCase). */
function endsWord(codes: Uint16Array, end: number, length: number, classes: Uint8Array): boolean {
  const next = codes[end] as number;
  if (breaks(codes[end - 1] as number, next, classes)) return true;
  if ((next | 32) !== 0x73) return false;
  return end + 1 >= length || breaks(next, codes[end + 1] as number, classes);
}

/** Whether a word may begin between the two units. */
export function breaks(left: number, right: number, classes: Uint8Array): boolean {
  if (!isLetterClass(classes[left] as number) || !isLetterClass(classes[right] as number)) return true;
  return left >= 97 && right >= 65 && right <= 90;
}
