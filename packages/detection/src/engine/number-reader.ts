import { isAlnum } from '../code-units.ts';
import type { Attempt, Shared } from './attempt.ts';
import { DIGIT, isLetterClass } from './classes.ts';
import type { ColonReader } from './colon-reader.ts';
import * as c from './compiled.ts';
import { HARD, leftOf } from './left-edge.ts';
import { nextKind } from './next-kind.ts';

/** Reads the number, or the letters and digits, at a run of digits that begins one unit before `at`. */
export type NumberReader = (at: number) => void;

export function createNumberReader(
  { program, cursor, progress }: Shared,
  attempt: Attempt,
  readColons: ColonReader,
): NumberReader {
  const { codes } = cursor;
  const { classes, numbers, tokens, reach } = program;

  return (at) => {
    if (at > progress.skip && at > progress.tokenEnd) readNumber(at - 1);
  };

  function readNumber(at: number): void {
    let end = at + 1;
    while (classes[codes[end] as number] === DIGIT) end += 1;
    const before = at > 0 ? (codes[at - 1] as number) : 0;
    const next = codes[end] as number;
    if (isLetterClass(classes[before] as number) || isLetterClass(classes[next] as number)) {
      readToken(at, end);
      return;
    }
    if (next === 58 || before === 58) readColons(at);
    const size = end - at;
    if (size <= c.LONGEST_RUN) {
      const kind = nextKind(codes, end);
      cursor.at = at;
      cursor.end = end;
      const lead = before === 43 ? c.LEAD_PLUS : before === 40 ? c.LEAD_OPEN : c.LEAD_NONE;
      if (lead !== c.LEAD_NONE) tryAll(numbers, c.numberKey(lead, size, kind), at, at - 1);
      tryAll(numbers, c.numberKey(c.LEAD_NONE, size, kind), at, at);
    }
    passDigits(size > 2 ? end : 0);
  }

  /** A run of letters and digits that holds the digits at `at`. */
  function readToken(at: number, digitsEnd: number): void {
    let start = at;
    const least = Math.max(0, at - c.LONGEST_TOKEN);
    while (start > least && isTokenClass(classes[codes[start - 1] as number] as number)) start -= 1;
    let end = digitsEnd;
    while (isTokenClass(classes[codes[end] as number] as number)) end += 1;
    progress.tokenEnd = end;
    const size = end - start;
    if (size > c.LONGEST_TOKEN || start < progress.skip) return;
    if (codes[end] === 58 || (start > 0 && codes[start - 1] === 58)) readColons(at);
    cursor.at = start;
    cursor.end = end;
    tryAll(tokens, c.tokenKey(size, nextKind(codes, end)), start, start);
    // A house number with a letter: `221B Baker Street`.
    if (
      start === at &&
      end === digitsEnd + 1 &&
      digitsEnd - at < 6 &&
      codes[end] === 32 &&
      isAlnum(codes[end + 1] as number)
    ) {
      cursor.end = digitsEnd;
      tryAll(numbers, c.numberKey(c.LEAD_NONE, digitsEnd - at, c.NEXT_SPACE_LETTER), at, at);
    }
    passDigits(size > 2 ? end : 0);
  }

  /** What a label stands before has been read: it does not reach the next number. */
  function passDigits(end: number): void {
    progress.lastDigits = Math.max(progress.lastDigits, progress.skip, end);
  }

  /** `edge` is where the left edge of a match would be. */
  function tryAll(table: c.FormTable, key: number, at: number, edge: number): void {
    const always = table.always[key];
    const near = edge - progress.lastWord <= reach ? table.near[key] : undefined;
    if (always === undefined && near === undefined) return;
    const left = leftOf(codes, edge);
    if (left === HARD) return;
    if (always !== undefined) {
      for (let index = 0; index < always.length; index++) {
        attempt(always[index] as c.CompiledForm, at, left);
      }
    }
    if (near !== undefined) {
      for (let index = 0; index < near.length; index++) attempt(near[index] as c.CompiledForm, at, left);
    }
  }
}

/** Letters and digits. */
function isTokenClass(value: number): boolean {
  return value !== 0 && value <= DIGIT;
}
