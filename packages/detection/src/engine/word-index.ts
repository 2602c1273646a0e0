import { createAnchors } from './anchors.ts';
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

export function createWordIndex(entries: readonly WordEntry[], classes: Uint8Array): WordIndex {
  const words = new Map<string, IndexedWord>();
  const pairs: number[] = [];
  const anchorsOf = createAnchors();
  for (const entry of entries) {
    const { text, group, form } = entry;
    const key = `${entry.exact ? 'x' : ''}${entry.open ? 'o' : ''} ${text}`;
    let word = words.get(key);
    if (word === undefined) {
      const units = unitsOf(text);
      const own = Uint8Array.from(units, (unit) => classes[unit] as number);
      const { run, each } = anchorsOf(own, text, entry.exact);
      const value = words.size | (run === 0 ? BEGINS : 0) | (firstUnit(own, run) << UNIT_SHIFT);
      for (const { back, quads } of each) {
        for (const quad of quads) pairs.push(quad, value | (back << BACK_SHIFT));
      }
      const exact = entry.exact ? units : undefined;
      word = { classes: own, exact, run, open: entry.open, groups: [], forms: [] };
      words.set(key, word);
    }
    if (group !== undefined && !word.groups.includes(group)) word.groups.push(group);
    if (form !== undefined) word.forms.push(form);
  }
  return { words: [...words.values()], ...flatten(pairs) };
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return units;
}

/** See `unitOf`. */
function firstUnit(own: Uint8Array, run: number): number {
  if (run === 0) return own[0] as number;
  // What stands before a run is a separator, and before that a letter; another separator may be left out.
  const first = own[run - 2] ?? SEPARATOR;
  return first === SEPARATOR ? ANY_UNIT : first;
}

/**
 * Puts the entries of each four together, in the order of the words. It works on numbers only: short words have a
 * thousand fours each, and a list for each of those costs more than all else that a detector needs at its start.
 *
 * @param pairs a four and an entry of it, and so on
 */
function flatten(pairs: readonly number[]): Pick<WordIndex, 'slots' | 'entries'> {
  const count = pairs.length >> 1;
  let size = 64;
  while (size < count * 3) size *= 2;
  const slots = new Int32Array(size * 2);
  const slotByPair = new Int32Array(count);
  // Beside each four stands first how many entries it has, then where they end, and when they are written where they begin.
  for (let pair = 0; pair < count; pair++) {
    const wanted = (pairs[pair * 2] as number) + 1;
    let slot = slotOf(wanted - 1, size);
    while (slots[slot * 2] !== 0 && slots[slot * 2] !== wanted) slot = (slot + 1) & (size - 1);
    slots[slot * 2] = wanted;
    slots[slot * 2 + 1] = (slots[slot * 2 + 1] as number) + 1;
    slotByPair[pair] = slot;
  }
  const entries = new Int32Array(count);
  let end = 0;
  for (let at = 0; at < slots.length; at += 2) {
    if (slots[at] === 0) continue;
    end += slots[at + 1] as number;
    slots[at + 1] = end;
    entries[end - 1] = LAST;
  }
  for (let pair = count - 1; pair >= 0; pair--) {
    const place = (slotByPair[pair] as number) * 2 + 1;
    const entry = (slots[place] as number) - 1;
    slots[place] = entry;
    entries[entry] = (entries[entry] as number) | (pairs[pair * 2 + 1] as number);
  }
  return { slots, entries };
}

/** Multiplies by the golden ratio and takes the upper bits, which depend on all others. */
function slotOf(quad: number, size: number): number {
  return (Math.imul(quad, 0x9e3779b1) >>> 8) & (size - 1);
}

/** Every four that words are found by. */
export function quadsOf({ slots }: WordIndex): readonly number[] {
  const quads: number[] = [];
  for (let at = 0; at < slots.length; at += 2) if (slots[at] !== 0) quads.push((slots[at] as number) - 1);
  return quads;
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
