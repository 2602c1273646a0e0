import { CLASSES, isLetterClass, SEPARATOR } from './classes.ts';
import { likelihood } from './letter-pairs.ts';

/** By what the scan finds a word: see `createAnchors`. */
export interface Anchors {
  /** Index of the first unit of the run of units that the anchors lie in; none of them can be left out. */
  readonly run: number;
  /** For words that begin at even and at odd places. */
  readonly each: readonly Anchor[];
}

interface Anchor {
  /** How many units after `run` the last of the four stands. */
  readonly back: number;
  /** The keys of all fours of classes that may stand there, each once. */
  readonly quads: readonly number[];
}

/**
 * Words that tool output is full of: what is inside them is a bad anchor, however rare it is in prose. One text, because
 * no anchor goes over a space.
 */
const COMMON =
  'number code order user date name server service patient type message policy account address customer database ' +
  'import export string function return value status result request response content version image storage time node instance';
/** How much more often they stand there than the letters say. */
const MORE = 8;

/** In place of a class: any, and any but a letter. */
const ANY = CLASSES;
const NO_LETTER = CLASSES + 1;
/** A four is one number, with so many bits for each of its classes: thousands of them are made before the first scan. */
const BITS = 6;
const MASK = (1 << BITS) - 1;
/** How likely a unit is no letter. */
const NO_LETTER_CHANCE = 0.25;

/**
 * The scan looks at four units at every second place. So each word needs two anchors: four units in a row whose last
 * stands an even number of units after the start of a run, and four with an odd number. Of all such the rarest are
 * taken; a short word has to be joined by what may stand around it. A run goes from separator to separator, because text
 * may leave them out, and over all of a word that is looked for as it is written.
 *
 * @returns finds the anchors of a word, by its classes; it throws a TypeError for one that has nothing to be found by
 */
export function createAnchors(): (own: Uint8Array, text: string, exact: boolean) => Anchors {
  const chances = createChances();
  return (own, text, exact) => {
    let best: readonly Choice[] | undefined;
    let bestRun = 0;
    let least = Infinity;
    for (let run = 0; run < own.length; run++) {
      if (exact ? run > 0 : own[run] === SEPARATOR || (run > 0 && own[run - 1] !== SEPARATOR)) continue;
      let end = exact ? own.length : run;
      while (end < own.length && own[end] !== SEPARATOR) end += 1;
      if (!hasPair(own, run, end)) continue;
      const choices = [
        rarest(own, text, { run, end, parity: 0 }, chances),
        rarest(own, text, { run, end, parity: 1 }, chances),
      ] as const;
      const chance = choices[0].chance + choices[1].chance;
      if (chance >= least) continue;
      least = chance;
      best = choices;
      bestRun = run;
    }
    if (best === undefined) {
      throw new TypeError(`"${text}" cannot be looked for; a word has two letters in a row, at least.`);
    }
    return {
      run: bestRun,
      each: best.map(({ last, fours }) => ({ back: last - bestRun, quads: keysOf(fours) })),
    };
  };
}

/** Whether a letter is followed by what is no separator. */
function hasPair(own: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to - 1; at++) {
    if (isLetterClass(own[at] as number) && own[at + 1] !== SEPARATOR) return true;
  }
  return false;
}

interface Choice {
  readonly last: number;
  readonly fours: readonly number[];
  readonly chance: number;
}

interface Place {
  readonly run: number;
  readonly end: number;
  /** Of the last of the four, counted from `run`. */
  readonly parity: number;
}

function rarest(own: Uint8Array, text: string, { run, end, parity }: Place, chances: Float64Array): Choice {
  let best: Choice = { last: run, fours: [], chance: Infinity };
  // At least three of the four are units of the run, if it has as many.
  const fewest = Math.min(3, end - run);
  for (let last = run + (parity === 0 ? 2 : 1); last <= end + 1; last += 2) {
    const from = Math.max(run, last - 3);
    const to = Math.min(end, last + 1);
    if (to - from < fewest) continue;
    const fours = foursOf(own, from, to, last);
    let chance = 0;
    for (const four of fours) chance += chanceOf(four, chances);
    if (COMMON.includes(text.slice(from, to))) chance *= MORE;
    if (chance < best.chance) best = { last, fours, chance };
  }
  return best;
}

/** The fours that end at `last`, of which the units from `from` to `to` are known. */
function foursOf(own: Uint8Array, from: number, to: number, last: number): readonly number[] {
  let middle = 0;
  for (let at = from; at < to; at++) middle = (middle << BITS) | (own[at] as number);
  const missing = last + 1 - to;
  if (from === last - 3 && missing === 0) return [middle];
  // Inside camelCase two letters are too little to stop for.
  const lefts = before(own, from, from - (last - 3), to - from < 3 ? NO_LETTER : ANY);
  const rights = after(own, to, missing);
  const shift = BITS * (to - from);
  return lefts.flatMap((left) =>
    rights.map((right) => (((left << shift) | middle) << (BITS * missing)) | right),
  );
}

/** The rows of `count` classes that may stand before `at` where the word stands. */
function before(own: Uint8Array, at: number, count: number, edge: number): readonly number[] {
  if (count === 0) return [0];
  if (at === 0) {
    let row = 0;
    for (let place = 1; place < count; place++) row = (row << BITS) | ANY;
    return [(row << BITS) | edge];
  }
  const unit = own[at - 1] as number;
  const rows = before(own, at - 1, count - 1, edge).map((row) => (row << BITS) | unit);
  return unit === SEPARATOR ? [...rows, ...before(own, at - 1, count, edge)] : rows;
}

/** The rows of `count` classes that may stand at `at` and after it. */
function after(own: Uint8Array, at: number, count: number): readonly number[] {
  if (count === 0) return [0];
  if (at === own.length) {
    let row = 0;
    for (let place = 0; place < count; place++) row = (row << BITS) | ANY;
    return [row];
  }
  const unit = own[at] as number;
  const rows = after(own, at + 1, count - 1).map((row) => (unit << (BITS * (count - 1))) | row);
  return unit === SEPARATOR ? [...rows, ...after(own, at + 1, count)] : rows;
}

/** How likely each class is after each other one, the first of which may be `ANY` or `NO_LETTER`. */
function createChances(): Float64Array {
  const chances = new Float64Array(1 << (2 * BITS));
  for (let left = 0; left <= NO_LETTER; left++) {
    for (let unit = 0; unit < CLASSES; unit++) chances[(left << BITS) | unit] = likelihood(left, unit);
    chances[(left << BITS) | ANY] = 1;
    chances[(left << BITS) | NO_LETTER] = NO_LETTER_CHANCE;
  }
  return chances;
}

function chanceOf(four: number, chances: Float64Array): number {
  let chance = 1;
  let left = ANY;
  for (let shift = 3 * BITS; shift >= 0; shift -= BITS) {
    const unit = (four >> shift) & MASK;
    chance *= chances[(left << BITS) | unit] as number;
    left = unit;
  }
  return chance;
}

/** The keys of all that the fours stand for. */
function keysOf(fours: readonly number[]): readonly number[] {
  const keys: number[] = [];
  const add = (four: number, shift: number, key: number): void => {
    if (shift < 0) {
      keys.push(key);
      return;
    }
    const unit = (four >> shift) & MASK;
    if (unit < CLASSES) {
      add(four, shift - BITS, (key << 5) | unit);
      return;
    }
    for (let value = 0; value < CLASSES; value++) {
      if (unit === ANY || !isLetterClass(value)) add(four, shift - BITS, (key << 5) | value);
    }
  };
  for (const four of fours) add(four, 3 * BITS, 0);
  return fours.length === 1 ? keys : [...new Set(keys)];
}
