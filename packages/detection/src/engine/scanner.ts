import { HAS_ANYTHING, unitKinds } from '../unit-kinds.ts';
import { createAttempt } from './attempt.ts';
import { PAIRS } from './classes.ts';
import { createColonReader } from './colon-reader.ts';
import * as c from './compiled.ts';
import { Hits } from './hits.ts';
import { createMarkReader } from './mark-reader.ts';
import { normalize } from './normalize.ts';
import { createNumberReader } from './number-reader.ts';
import { createPasses } from './passes.ts';
import { createPiece } from './piece.ts';
import { createProgress, moveTo, restart } from './progress.ts';
import { createSweep } from './sweep.ts';
import { quadAt } from './word-index.ts';
import { createWordReader } from './word-reader.ts';

/**
 * A long text is read in pieces of this many units, so that the buffer is small and stays in the L2 cache. The sweep reads
 * eight at a time, so this and `BEFORE` are multiples of eight: no stop is noted twice.
 */
const PIECE = 1 << 16;
/** Units of the text before a piece that matchers may look back at; no matcher looks back further. */
const BEFORE = 512;
/** And after it. A URL is the only thing that can be longer: what is past this is a URL no more. */
const AFTER = 4_096;

/** Finds what the rules find. It holds buffers of its own, and no text once `scan` has returned. */
export interface Scanner {
  /** What the rules find, overlaps included. The answer is the scanner's own and good until the next scan. */
  scan(text: string): Hits;
  /** What kinds of units the text of the last scan has: the `HAS_` bits. */
  kindsOfLast(): number;
  /** Units that matchers were allowed to read in the last scan, at most; proves linearity without a clock. */
  workOfLast(): number;
}

/**
 * One pass over a text, two units at a time. It looks these and the two before them up in a table and does nothing until
 * that says stop: a run of digits begins, an `@`, a `://`, or the rarest four letters of a word. What runs then reads a
 * bounded number of units, or moves the scan along by what it read, so the time is linear in the text, whatever the text.
 *
 * Its parts are closures over tables, for the same reason as the sweep.
 */
export function createScanner(program: c.Program): Scanner {
  const { classes, pairs, stops, stopBits } = program;
  const piece = createPiece(BEFORE + PIECE + AFTER);
  const { cursor, twos } = piece;
  /** Which two of the current piece stop, and why, in the last eight bits. */
  const noted = new Int32Array((BEFORE + PIECE + AFTER) / 2 + 8);
  const sweep = createSweep({ twos, noted, classes, pairs, stops, stopBits });
  const progress = createProgress(program.groups);
  const hits = new Hits();
  const shared = { program, cursor, progress, hits };
  const attempt = createAttempt(shared);
  const readColons = createColonReader(shared, attempt);
  const readNumber = createNumberReader(shared, attempt, readColons);
  const readMark = createMarkReader(shared, attempt, readColons);
  const readWord = createWordReader(shared, attempt);
  const searchPasses = createPasses(shared, piece);

  /** Whether all of the last text is in the piece as it was given. */
  let isWhole = false;

  /** False where the text has to be normalized first. */
  const run = (start: number, stop: number, stopAtOdd: boolean): boolean => {
    // The classes of the two units before; past the end there are zeros, which stop nothing that is not before them.
    const before = start === 0 ? 0 : quadAt(cursor.codes, classes, start - 1) & (PAIRS - 1);
    const count = sweep(start >> 1, (stop + 1) >> 1, before, stopAtOdd);
    if (count === -1) return false;
    for (let index = 0; index < count; index++) {
      const note = noted[index] as number;
      const at = (note >> 8) * 2;
      // First the word: it may be what a number in the same four needs before it.
      if ((note & c.STOP_WORD) !== 0) readWord(at + 1);
      // One run of digits at most begins in four units at these two places.
      if ((note & c.STOP_DIGITS) !== 0) readNumber((note & c.STOP_DIGIT_THIRD) !== 0 ? at : at + 1);
      if ((note & c.STOP_MARKS) !== 0) {
        if ((note & c.STOP_MARK_THIRD) !== 0) readMark(at);
        if ((note & c.STOP_MARK_FOURTH) !== 0) readMark(at + 1);
      }
    }
    return true;
  };

  const scanPieces = (text: string, stopAtOdd: boolean): boolean => {
    restart(progress);
    if (text.length <= BEFORE + PIECE + AFTER) {
      piece.load(text);
      return run(0, text.length + 1, stopAtOdd);
    }
    for (let at = 0; at <= text.length; at += PIECE) {
      const base = Math.max(0, at - BEFORE);
      moveTo(progress, base);
      piece.load(text.slice(base, at + PIECE + AFTER));
      // One further at the end of the text, because some stops are at the unit after what they are for.
      if (!run(at - base, Math.min(at - base + PIECE, cursor.length + 1), stopAtOdd)) return false;
    }
    return true;
  };

  return {
    scan: (text) => {
      progress.work = 0;
      progress.checks = 0;
      hits.clear();
      isWhole = text.length <= BEFORE + PIECE + AFTER && program.passes.length === 0;
      if (scanPieces(text, true)) searchPasses(text);
      else {
        isWhole = false;
        const plain = normalize(text, classes);
        hits.clear();
        scanPieces(plain.text, false);
        searchPasses(plain.text);
        hits.moveBack(plain);
      }
      piece.release();
      return hits;
    },
    kindsOfLast: () => (isWhole ? unitKinds(twos, cursor.length) : HAS_ANYTHING),
    workOfLast: () => progress.work,
  };
}
