import { isAlnum, isDigit, isHex } from '../code-units.ts';
import type { Attempt, Shared } from './attempt.ts';
import { CLEAN } from './left-edge.ts';

/** Reads the hexadecimal digits and colons around `at`. */
export type ColonReader = (at: number) => void;

export function createColonReader({ program, cursor, progress }: Shared, attempt: Attempt): ColonReader {
  const { codes } = cursor;
  const forms = program.colon;
  return (at) => {
    if (at < progress.colonEnd || forms.length === 0) return;
    let from = at;
    const least = Math.max(0, at - 46);
    while (from > least && (isHex(codes[from - 1] as number) || codes[from - 1] === 58)) from -= 1;
    let end = from;
    let marks = 0;
    let double = false;
    let digits = false;
    for (; isHex(codes[end] as number) || codes[end] === 58; end++) {
      if (codes[end] !== 58) {
        digits ||= isDigit(codes[end] as number);
        continue;
      }
      marks += 1;
      double ||= codes[end + 1] === 58 || codes[end - 1] === 58;
    }
    progress.colonEnd = end;
    // A time, a port, a line number; `std::dec`.
    if ((!double && marks < 5) || !digits) return;
    if (from > 0 && (isAlnum(codes[from - 1] as number) || codes[from - 1] === 95)) {
      while (from < at && codes[from] !== 58) from += 1;
    }
    if (codes[from] === 58 && codes[from + 1] !== 58) from += 1;
    if (codes[end - 1] === 58 && codes[end - 2] !== 58) end -= 1;
    else if (isAlnum(codes[end] as number) || codes[end] === 95) return;
    if (end - from < 3 || from < progress.skip) return;
    for (const form of forms) {
      cursor.at = from;
      cursor.end = end;
      attempt(form, from, CLEAN);
    }
  };
}
