/** Texts longer than this are judged piece by piece, and one piece that reads like prose is enough. */
const PIECE = 4096;
/** Shares of what is not white space. */
const LEAST_LETTERS = 0.45;
const MOST_CODE_MARKS = 0.06;
/** That many are forgiven in short texts: HbA1c, SpO2. */
const FEW_MARKS = 3;
/** Share of white space; prose has one space to five or six letters. */
const LEAST_BLANKS = 0.07;
/** Below this size one blank is enough: `Jane Roe`. */
const SHORT = 24;
/** Commas and semicolons with no white space after them, per word: rows of values. */
const MOST_TIGHT_COMMAS = 0.2;

interface Tally {
  letters: number;
  marks: number;
  blanks: number;
  tight: number;
  words: number;
  /** Hyphens and bars: the frames of a table. */
  rules: number;
  size: number;
}

/**
 * Whether names of persons are worth looking for: two words at least, of sentences, notes, letters, chats,
 * labelled lines or tables of words. Code, logs of numbers, identifiers, encoded data and rows of values are not
 * prose. Each unit is read once at most, and none after the first piece that is prose.
 */
export function readsLikeProse(text: string): boolean {
  for (let from = 0; from < text.length; from += PIECE) {
    if (isProse(count(text, from, Math.min(text.length, from + PIECE)))) return true;
  }
  return false;
}

function isProse({ letters, marks, blanks, tight, words, rules, size }: Tally): boolean {
  const solid = size - blanks - rules;
  if (letters < 3 || letters < solid * LEAST_LETTERS || marks > FEW_MARKS + solid * MOST_CODE_MARKS)
    return false;
  if (tight > words * MOST_TIGHT_COMMAS && tight > 1) return false;
  return size < SHORT ? blanks > 0 : blanks >= size * LEAST_BLANKS;
}

function count(text: string, from: number, to: number): Tally {
  const tally: Tally = { letters: 0, marks: 0, blanks: 0, tight: 0, words: 0, rules: 0, size: to - from };
  let inWord = false;
  let digit = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const letter = ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) || (code >= 0xc0 && code < 0x2000);
    if (letter) {
      tally.letters++;
      if (!inWord) tally.words++;
      if (digit) tally.marks++;
    } else if (code >= 0x30 && code <= 0x39) {
      // a1b2: identifiers change between letters and digits again and again.
      if (inWord) tally.marks++;
    } else if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) tally.blanks++;
    else if (code === 0x2d || code === 0x7c) tally.rules++;
    else if (code === 0x2c || code === 0x3b) {
      if (text.charCodeAt(at + 1) > 0x20) tally.tight++;
    } else if (isCodeMark(code)) tally.marks++;
    inWord = letter;
    digit = code >= 0x30 && code <= 0x39;
  }
  return tally;
}

function isCodeMark(code: number): boolean {
  switch (code) {
    case 0x24: // $
    case 0x3c: // <
    case 0x3d: // =
    case 0x3e: // >
    case 0x5b: // [
    case 0x5c: // \
    case 0x5d: // ]
    case 0x5e: // ^
    case 0x5f: // _
    case 0x60: // `
    case 0x7b: // {
    case 0x7d: // }
    case 0x7e: // ~
      return true;
    default:
      return false;
  }
}
