/** Controls, line and paragraph separators, what turns the direction of text around, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** A file name or a line as it may stand on a terminal or in a log: nothing in it moves the cursor or ends the line. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (unit) => `\\u{${(unit.codePointAt(0) ?? 0).toString(16)}}`);
}
