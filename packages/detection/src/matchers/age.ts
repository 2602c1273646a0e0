import { isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

const AFTER =
  /^(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?[- ]years?[- ](?:old|of age)(?![A-Za-z])/i;
const NUMBER = /^(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?(?![A-Za-z])/i;
const AGED = /\b(?:aged?|age of|age:) $/i;
const LONGEST = 40;

/** `ninety-two-year-old`, `aged ninety-four`; a word such as `centenarian` is itself the age. */
export function findAgeInWords(cursor: Cursor): boolean {
  const { at, end, text } = cursor;
  cursor.from = at;
  cursor.to = end;
  if (text.slice(at, end).toLowerCase() !== 'ninety') return true;
  const rest = text.slice(end, end + LONGEST);
  const after =
    AFTER.exec(rest) ?? (AGED.test(text.slice(Math.max(0, at - 8), at)) ? NUMBER.exec(rest) : null);
  if (after === null) return false;
  cursor.to = end + after[0].length;
  return true;
}

/** An age of 90 or more behind a label; `age > 90`, `aged 90 or over` and `ages 90-95` are criteria and nobody's age. */
export function findLabelledAge(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  if (
    codes[at] === 49 ? end - at !== 3 || (codes[at + 1] as number) > 49 : codes[at] !== 57 || end - at !== 2
  )
    return false;
  let before = at;
  while (before > 0 && codes[before - 1] === 32) before -= 1;
  const mark = before > 0 ? (codes[before - 1] as number) : 0;
  if (mark === 60 || mark === 62 || mark === 0x2264 || mark === 0x2265) return false;
  if (mark === 61 && (codes[before - 2] === 60 || codes[before - 2] === 62)) return false;
  if (codes[end] === 43 || codes[end] === 37 || (codes[end] === 45 && isDigit(codes[end + 1] as number)))
    return false;
  if (/^ (?:or|and) (?:over|older|above|more|up)/i.test(text.slice(end, end + 12))) return false;
  cursor.from = at;
  cursor.to = end;
  return true;
}
