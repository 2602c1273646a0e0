import { CLASSES, isLetterClass, SEPARATOR } from './classes.ts';
import { likelihood } from './letter-pairs.ts';

/** By what the scan finds a word: see `anchorsOf`. */
export interface Anchors {
  /** Index of the first unit of the run of units that the anchors lie in; between them no separator can be left out. */
  readonly run: number;
  /** For words that begin at even and at odd places. */
  readonly each: readonly Anchor[];
}

interface Anchor {
  /** How many units after `run` the last of the four stands. */
  readonly back: number;
  /** The keys of all fours of classes that may stand there. */
  readonly quads: readonly number[];
}

/** Words that tool output is full of: what is inside them is a bad anchor, however rare it is in prose. */
const COMMON: readonly string[] = (
  'number code order user date name server service patient type message policy account address customer database ' +
  'import export string function return value status result request response content version image storage time'
).split(' ');
/** How much more often they stand there than the letters say. */
const MORE = 8;

/** In place of a class: any, and any but a letter. */
const ANY = -1;
const NO_LETTER = -2;
const ALL: readonly number[] = Array.from({ length: CLASSES }, (_, value) => value);
const NO_LETTERS: readonly number[] = ALL.filter((value) => !isLetterClass(value));
/** How likely a unit is no letter. */
const NO_LETTER_CHANCE = 0.25;

/**
 * The scan looks at four units at every second place. So each word needs two anchors: four units in a row whose last
 * stands an even number of units after the start of a run, and four with an odd number. Of all such the rarest are
 * taken; a short word has to be joined by what may stand around it.
 *
 * @throws TypeError for a word that has nothing to be found by
 */
export function anchorsOf(own: Uint8Array, text: string): Anchors {
  let best: Anchors | undefined;
  let least = Infinity;
  for (let run = 0; run < own.length; run++) {
    if (own[run] === SEPARATOR || (run > 0 && own[run - 1] !== SEPARATOR)) continue;
    let end = run;
    while (end < own.length && own[end] !== SEPARATOR) end += 1;
    if (!own.subarray(run, end - 1).some(isLetterClass)) continue;
    const choices = [0, 1].map((parity) => rarest(own, text, run, end, parity));
    const chance = choices.reduce((sum, choice) => sum + choice.chance, 0);
    if (chance >= least) continue;
    least = chance;
    best = {
      run,
      each: choices.map(({ last, fours }) => ({ back: last - run, quads: fours.flatMap(keysOf) })),
    };
  }
  if (best === undefined) {
    throw new TypeError(`"${text}" cannot be looked for; a word has two letters in a row, at least.`);
  }
  return best;
}

interface Choice {
  readonly last: number;
  readonly fours: readonly (readonly number[])[];
  readonly chance: number;
}

function rarest(own: Uint8Array, text: string, run: number, end: number, parity: number): Choice {
  let best: Choice = { last: run, fours: [], chance: Infinity };
  for (let last = run + 1; last <= end + 1; last++) {
    if ((last - run) % 2 !== parity) continue;
    const [from, to] = [Math.max(run, last - 3), Math.min(end, last + 1)];
    const middle = [...own.subarray(from, to)];
    // At least three of the four are units of the run, if it has as many.
    if (middle.length < Math.min(3, end - run)) continue;
    // Inside camelCase two letters are too little to stop for.
    const edge = middle.length < 3 ? NO_LETTER : ANY;
    const fours = before(own, from, from - (last - 3), edge).flatMap((left) =>
      after(own, to, last + 1 - to).map((right) => [...left, ...middle, ...right]),
    );
    const common = COMMON.some((word) => word.includes(text.slice(from, to))) ? MORE : 1;
    const chance = fours.reduce((sum, four) => sum + chanceOf(four), 0) * common;
    if (chance < best.chance) best = { last, fours, chance };
  }
  return best;
}

/** The rows of `count` classes that may stand before `at` where the word stands. */
function before(own: Uint8Array, at: number, count: number, edge: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  if (at === 0) return [[...Array.from({ length: count - 1 }, () => ANY), edge]];
  const unit = own[at - 1] as number;
  const rows = before(own, at - 1, count - 1, edge).map((row) => [...row, unit]);
  return unit === SEPARATOR ? [...rows, ...before(own, at - 1, count, edge)] : rows;
}

/** The rows of `count` classes that may stand at `at` and after it. */
function after(own: Uint8Array, at: number, count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  if (at === own.length) return [Array.from({ length: count }, () => ANY)];
  const unit = own[at] as number;
  const rows = after(own, at + 1, count - 1).map((row) => [unit, ...row]);
  return unit === SEPARATOR ? [...rows, ...after(own, at + 1, count)] : rows;
}

function chanceOf(four: readonly number[]): number {
  let chance = 1;
  for (const [at, unit] of four.entries()) {
    if (unit === NO_LETTER) chance *= NO_LETTER_CHANCE;
    else if (unit !== ANY) chance *= likelihood(four[at - 1] ?? ANY, unit);
  }
  return chance;
}

function keysOf(four: readonly number[]): readonly number[] {
  let keys: readonly number[] = [0];
  for (const unit of four) {
    const units = unit === ANY ? ALL : unit === NO_LETTER ? NO_LETTERS : [unit];
    keys = keys.flatMap((key) => units.map((value) => (key << 5) | value));
  }
  return keys;
}
