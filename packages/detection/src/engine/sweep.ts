import { STOP_ODD } from './compiled.ts';

/** What a sweep reads and writes; all of it is the same for the life of a scanner. */
export interface SweepTables {
  /** The text, two units in a number, the first in its lower half; zeros after its end. */
  readonly twos: Uint32Array;
  /** Which two units stop, and why, in the last eight bits. */
  readonly noted: Int32Array;
  readonly classes: Uint8Array;
  readonly pairs: Uint16Array;
  readonly stops: Uint8Array;
  readonly stopBits: Int32Array;
}

/**
 * Notes where a piece of the text stops.
 *
 * @param from of the first two units, counted in twos
 * @param before the classes of the two units before
 * @returns how many were noted; -1 where a unit needs `normalize` and `stopAtOdd` asks for that
 */
export type Sweep = (from: number, to: number, before: number, stopAtOdd: boolean) => number;

const NOT_ASCII = 0xff80ff80;

/**
 * The loop that all of a text goes through. It is a closure over its tables, because V8 takes what a closure holds for
 * constants where there is only one of it, as in a process with one detector. It reads eight units at a time, and up to
 * six past the end: half as many rounds are a tenth faster. The first look is at one bit for each four classes: those
 * stay in a cache that the bytes, which say why to stop, do not fit.
 */
export function createSweep({ twos, noted, classes, pairs, stops, stopBits: bits }: SweepTables): Sweep {
  return (from, to, previous, stopAtOdd) => {
    let before = previous;
    let count = 0;
    let seen = 0;
    for (let at = from; at < to; at += 4) {
      const one = twos[at] as number;
      const two = twos[at + 1] as number;
      const three = twos[at + 2] as number;
      const four = twos[at + 3] as number;
      let a: number;
      let b: number;
      let c: number;
      let d: number;
      if (((one | two | three | four) & NOT_ASCII) === 0) {
        a = pairs[(one & 127) | (one >>> 9)] as number;
        b = pairs[(two & 127) | (two >>> 9)] as number;
        c = pairs[(three & 127) | (three >>> 9)] as number;
        d = pairs[(four & 127) | (four >>> 9)] as number;
      } else {
        a = ((classes[one & 0xffff] as number) << 5) | (classes[one >>> 16] as number);
        b = ((classes[two & 0xffff] as number) << 5) | (classes[two >>> 16] as number);
        c = ((classes[three & 0xffff] as number) << 5) | (classes[three >>> 16] as number);
        d = ((classes[four & 0xffff] as number) << 5) | (classes[four >>> 16] as number);
      }
      const quadA = (before << 10) | a;
      const quadB = (a << 10) | b;
      const quadC = (b << 10) | c;
      const quadD = (c << 10) | d;
      before = d;
      if ((((bits[quadA >>> 5] as number) >>> quadA) | ((bits[quadB >>> 5] as number) >>> quadB)) & 1) {
        const first = stops[quadA] as number;
        const second = stops[quadB] as number;
        seen |= first | second;
        noted[count] = (at << 8) | first;
        count += (first + 255) >> 8;
        noted[count] = ((at + 1) << 8) | second;
        count += (second + 255) >> 8;
      }
      if ((((bits[quadC >>> 5] as number) >>> quadC) | ((bits[quadD >>> 5] as number) >>> quadD)) & 1) {
        const first = stops[quadC] as number;
        const second = stops[quadD] as number;
        seen |= first | second;
        noted[count] = ((at + 2) << 8) | first;
        count += (first + 255) >> 8;
        noted[count] = ((at + 3) << 8) | second;
        count += (second + 255) >> 8;
      }
    }
    return stopAtOdd && (seen & STOP_ODD) !== 0 ? -1 : count;
  };
}
