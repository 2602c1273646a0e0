import { anchorsOf } from './anchors.ts';
import { ODD, SEPARATOR } from './classes.ts';

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
  /**
   * A hash table of the fours: two numbers a slot, a four plus one, or 0 where the slot is empty, and where its entries
   * begin. A four that is not in its slot is in the next ones.
   */
  readonly slots: Int32Array;
  /** A list of words for each four; see `wordOf` and the functions after it. */
  readonly entries: Int32Array;
}

const BACK_SHIFT = 16;
const BEGINS = 1 << 24;
const LAST = 1 << 25;
const UNIT_SHIFT = 26;
/** No word has a unit of this class. */
export const ANY_UNIT: number = ODD;

/** Index into `words`. */
export function wordOf(entry: number): number {
  return entry & 0xffff;
}

/** `Anchor.back`. */
export function backOf(entry: number): number {
  return (entry >> BACK_SHIFT) & 0xff;
}

/** Whether the word begins where its run does. */
export function isAtBeginning(entry: number): boolean {
  return (entry & BEGINS) !== 0;
}

/**
 * A class to look at before the rest: that of the first unit of a word that begins with its run, else of the last letter
 * before the run; or `ANY_UNIT`.
 */
export function unitOf(entry: number): number {
  return entry >> UNIT_SHIFT;
}

export function isLast(entry: number): boolean {
  return (entry & LAST) !== 0;
}

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
  let size = 64;
  while (size < byQuad.size * 3) size *= 2;
  const slots = new Int32Array(size * 2);
  const entries: number[] = [];
  for (const [quad, places] of byQuad) {
    let slot = slotOf(quad, size);
    while (slots[slot * 2] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot * 2] = quad + 1;
    slots[slot * 2 + 1] = entries.length;
    for (const [at, { word, back }] of places.entries()) {
      const { run, classes } = words[word] as IndexedWord;
      const begins = run === 0 ? BEGINS : 0;
      const last = at === places.length - 1 ? LAST : 0;
      // What stands before a run is a separator, and before that a letter; another separator may be left out.
      const first = classes[run === 0 ? 0 : run - 2] ?? SEPARATOR;
      const unit = first === SEPARATOR ? ANY_UNIT : first;
      entries.push(word | (back << BACK_SHIFT) | begins | last | (unit << UNIT_SHIFT));
    }
  }
  return { words, slots, entries: Int32Array.from(entries) };
}

/** Multiplies by the golden ratio and takes the upper bits, which depend on all others. */
function slotOf(quad: number, size: number): number {
  return (Math.imul(quad, 0x9e3779b1) >>> 8) & (size - 1);
}

/** Every four that words are found by. */
export function quadsOf({ slots }: WordIndex): Int32Array {
  return slots.filter((value, at) => at % 2 === 0 && value !== 0).map((value) => value - 1);
}

/** Where the entries of four classes begin; -1 where they have none. */
export function headOf({ slots }: WordIndex, quad: number): number {
  const size = slots.length >> 1;
  for (let slot = slotOf(quad, size); ; slot = (slot + 1) & (size - 1)) {
    const value = slots[slot * 2] as number;
    if (value === quad + 1) return slots[slot * 2 + 1] as number;
    if (value === 0) return -1;
  }
}

/** The key of the four classes that end at `at`. */
export function quadAt(codes: Uint16Array, classes: Uint8Array, at: number): number {
  let key = classes[codes[at] as number] as number;
  for (let place = 1; place < 4 && place <= at; place++) {
    key |= (classes[codes[at - place] as number] as number) << (5 * place);
  }
  return key;
}
