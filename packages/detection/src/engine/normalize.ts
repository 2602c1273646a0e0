import { ODD } from './classes.ts';

/**
 * Text can be written so that people read a number and patterns do not: full-width digits, zero-width
 * characters between digits, soft hyphens, no-break spaces (Unicode TR 36 and TR 39). Where one of these
 * occurs, the scan reads a copy in which they are plain, and its offsets are led back.
 */
export interface Normalized {
  readonly text: string;
  /** Where the original of what stands at `at` in the copy begins. */
  readonly startOf: (at: number) => number;
  /** Where the original of what ends at `at` in the copy ends. */
  readonly endOf: (at: number) => number;
}

const REMOVED = -1;

/** The plain unit for `code`, `REMOVED` where it is invisible, or 0 where it stands for itself. */
function plain(code: number): number {
  if (code === 0xad || code === 0x34f || code === 0x61c || code === 0x180e || code === 0xfeff) return REMOVED;
  if (code >= 0x200b && code <= 0x200f) return REMOVED;
  if (code >= 0x202a && code <= 0x202e) return REMOVED;
  if (code >= 0x2060 && code <= 0x206f) return REMOVED;
  if (code >= 0xfe00 && code <= 0xfe0f) return REMOVED;
  if (code === 0xa0 || code === 0x202f || code === 0x205f || code === 0x3000) return 32;
  if (code >= 0x2000 && code <= 0x200a) return 32;
  if (code >= 0x2010 && code <= 0x2013) return 45;
  if (code === 0x2212 || code === 0xfe58 || code === 0xfe63) return 45;
  if (code === 0x2024 || code === 0xfe52) return 46;
  if (code === 0xfe6b) return 64;
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if (code >= 0x660 && code <= 0x669) return code - 0x660 + 48;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0 + 48;
  if (code >= 0x966 && code <= 0x96f) return code - 0x966 + 48;
  return 0;
}

const MATH_HIGH = 0xd835;

/** Where all units stand that `plain` knows: a twentieth of those that there are. */
const BLOCKS: readonly (readonly [from: number, to: number])[] = [
  [0xa0, 0x6f9],
  [0x966, 0x96f],
  [0x180e, 0x180e],
  [0x2000, 0x2212],
  [0x3000, 0x3000],
  [0xfe00, 0xff5e],
];

/** The units that a text with one of them is normalized for. */
export function oddUnits(): readonly number[] {
  const units = [MATH_HIGH];
  for (const [from, to] of BLOCKS) {
    for (let code = from; code <= to; code++) if (plain(code) !== 0) units.push(code);
  }
  return units;
}

/** U+1D7CE to U+1D7FF are five alphabets of digits, U+1D400 to U+1D6A3 thirteen of letters. */
function mathematical(low: number): number {
  if (low < 0xdc00 || low > 0xdfff) return 0;
  const point = 0x1d400 + (low - 0xdc00);
  if (point >= 0x1d7ce && point <= 0x1d7ff) return 48 + ((point - 0x1d7ce) % 10);
  if (point > 0x1d6a3) return 0;
  const letter = (point - 0x1d400) % 52;
  return letter < 26 ? 65 + letter : 71 + letter;
}

/** @param classes of code units; they say which are odd */
export function normalize(text: string, classes: Uint8Array): Normalized {
  const units = new Uint16Array(text.length);
  const bytes = Buffer.from(units.buffer);
  bytes.write(text, 'utf16le');
  const moves = new Moves();
  let size = 0;
  for (let at = 0; at < units.length; at++) {
    const code = units[at] as number;
    if (classes[code] !== ODD) {
      units[size] = code;
      size += 1;
      continue;
    }
    const value = code === MATH_HIGH ? mathematical(units[at + 1] ?? 0) : plain(code);
    if (value === REMOVED) {
      moves.add(size, at + 1, false);
      continue;
    }
    units[size] = value === 0 ? code : value;
    size += 1;
    if (code !== MATH_HIGH || value === 0) continue;
    at += 1;
    moves.add(size, at + 1, true);
  }
  return {
    text: bytes.toString('utf16le', 0, size * 2),
    startOf: (at) => moves.startOf(at),
    endOf: (at) => moves.endOf(at),
  };
}

/**
 * Where the copy moves away from the text. Most copies are as long as their text, and few units are left out of the
 * others: so only these places are kept, and not one for each unit.
 */
class Moves {
  /** Places in the copy, rising. */
  readonly #at: number[] = [];
  /** How much further in the text what stands there and after it is, times two; one more where the unit before was two. */
  readonly #by: number[] = [];

  /** What stands at `at` in the copy is at `from` in the text; `wide` where the unit before was two. */
  add(at: number, from: number, wide: boolean): void {
    const last = this.#at.length - 1;
    const by = (from - at) * 2;
    if (this.#at[last] === at) {
      this.#by[last] = by | ((this.#by[last] as number) & 1);
      return;
    }
    this.#at.push(at);
    this.#by.push(by | (wide ? 1 : 0));
  }

  startOf(at: number): number {
    return at + this.#byAt(this.#countAt(at));
  }

  endOf(at: number): number {
    const count = this.#countAt(at - 1);
    const isWide = this.#at[count] === at && ((this.#by[count] as number) & 1) === 1;
    return at + this.#byAt(count) + (isWide ? 1 : 0);
  }

  #byAt(count: number): number {
    return count === 0 ? 0 : (this.#by[count - 1] as number) >> 1;
  }

  /** How many moves are at `at` or before it. */
  #countAt(at: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
