import { isAlnum } from '../code-units.ts';
import { anchorsOf } from './anchors.ts';
import { isLetterClass, SEPARATOR } from './classes.ts';

/** A word that the scan looks for, and what it means. */
export interface IndexedWord {
  /** The class of each unit; `SEPARATOR` stands for one of them or none. */
  readonly classes: Uint8Array;
  /** The units themselves where case counts. */
  readonly exact: Uint16Array | undefined;
  /** Index of the unit that `Anchor.back` counts from. */
  readonly run: number;
  /** A letter or digit may follow. */
  readonly open: boolean;
  /** The context groups it belongs to. */
  readonly groups: number[];
  /** The forms it triggers. */
  readonly forms: number[];
}

/** All words, by the four classes in a row at which the scan stops for them; flat, because a stop is often in vain. */
export interface WordIndex {
  readonly words: readonly IndexedWord[];
  /** A hash table of the fours, plus one; 0 in an empty slot. A four that is not in its slot is in the next ones. */
  readonly quads: Int32Array;
  /** For each slot, where its entries begin in the arrays below. */
  readonly heads: Int32Array;
  /** Index into `words`; `LAST_ENTRY` is added to the last of a list. */
  readonly entries: Uint16Array;
  /** `Anchor.back` of each entry. */
  readonly backs: Uint8Array;
}

export const LAST_ENTRY = 0x8000;

export interface WordEntry {
  readonly text: string;
  readonly exact: boolean;
  readonly open: boolean;
  readonly group?: number;
  readonly form?: number;
}

interface Place {
  readonly word: number;
  readonly back: number;
}

export function createWordIndex(entries: readonly WordEntry[], classes: Uint8Array): WordIndex {
  const words = new Map<string, IndexedWord>();
  const byQuad = new Map<number, Place[]>();
  for (const entry of entries) {
    const key = `${entry.exact ? 'x' : ''}${entry.open ? 'o' : ''} ${entry.text}`;
    let word = words.get(key);
    if (word === undefined) {
      word = indexed(entry, words.size, classes, byQuad);
      words.set(key, word);
    }
    if (entry.group !== undefined && !word.groups.includes(entry.group)) word.groups.push(entry.group);
    if (entry.form !== undefined) word.forms.push(entry.form);
  }
  return flatten([...words.values()], byQuad);
}

function indexed(
  entry: WordEntry,
  index: number,
  classes: Uint8Array,
  byQuad: Map<number, Place[]>,
): IndexedWord {
  const units = Uint16Array.from(entry.text, (character) => character.charCodeAt(0));
  const own = Uint8Array.from(units, (unit) => classes[unit] as number);
  const { run, each } = anchorsOf(own, entry.text);
  for (const { back, quads } of each) {
    for (const quad of new Set(quads)) {
      const places = byQuad.get(quad);
      if (places === undefined) byQuad.set(quad, [{ word: index, back }]);
      else places.push({ word: index, back });
    }
  }
  return {
    classes: own,
    exact: entry.exact ? units : undefined,
    run,
    open: entry.open,
    groups: [],
    forms: [],
  };
}

function flatten(words: readonly IndexedWord[], byQuad: ReadonlyMap<number, readonly Place[]>): WordIndex {
  let slots = 64;
  while (slots < byQuad.size * 3) slots *= 2;
  const quads = new Int32Array(slots);
  const heads = new Int32Array(slots);
  const entries: number[] = [];
  const backs: number[] = [];
  for (const [quad, places] of byQuad) {
    let slot = slotOf(quad, slots);
    while (quads[slot] !== 0) slot = (slot + 1) & (slots - 1);
    quads[slot] = quad + 1;
    heads[slot] = entries.length;
    for (const [at, { word, back }] of places.entries()) {
      entries.push(word | (at === places.length - 1 ? LAST_ENTRY : 0));
      backs.push(back);
    }
  }
  return { words, quads, heads, entries: Uint16Array.from(entries), backs: Uint8Array.from(backs) };
}

/** Multiplies by the golden ratio and takes the upper bits, which depend on all others. */
function slotOf(quad: number, slots: number): number {
  return (Math.imul(quad, 0x9e3779b1) >>> 8) & (slots - 1);
}

/** Where the entries of four classes begin; -1 where they have none. */
export function headOf(index: WordIndex, quad: number): number {
  const { quads } = index;
  const last = quads.length - 1;
  for (let slot = slotOf(quad, quads.length); ; slot = (slot + 1) & last) {
    const value = quads[slot] as number;
    if (value === quad + 1) return index.heads[slot] as number;
    if (value === 0) return -1;
  }
}

/** Where a word stands. */
export interface WordPlace {
  start: number;
  end: number;
}

/** Whether `word` stands where its run begins at `run`. Leaves its place in `place`. */
export function standsAt(
  word: IndexedWord,
  codes: Uint16Array,
  length: number,
  run: number,
  classes: Uint8Array,
  place: WordPlace,
): boolean {
  const own = word.classes;
  if (run < 0) return false;
  let start = run;
  // Most stops are inside another word: this question tells.
  if (word.run === 0 && run > 0 && !breaks(codes[run - 1] as number, codes[run] as number, classes))
    return false;
  for (let index = word.run - 1; index >= 0; index--) {
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
  let end = run;
  for (let index = word.run; index < own.length; index++) {
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
function breaks(left: number, right: number, classes: Uint8Array): boolean {
  if (!isLetterClass(classes[left] as number) || !isLetterClass(classes[right] as number)) return true;
  return left >= 97 && right >= 65 && right <= 90;
}
