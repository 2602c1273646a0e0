import { isAlnum, isDigit, isLetter, isUpper } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { wordStart } from './words.ts';
import { createWordList, type WordList } from './word-list.ts';

const MOST_UNITS = 24;
const MOST_BACK = 12;

/** Words just before that say what else the number is: a code of a catalogue, which identifies nobody. */
const isCodeWord: WordList = createWordList(
  'code codes cpt hcpcs icd icd-10 icd-10-cm icd-9 loinc snomed ct rxnorm rxcui ndc drg ver version v page room lot'.split(
    ' ',
  ),
);
/** Letters that name the number and are no part of it: `MRN-0012345`. */
const OWN_LABEL = /^(?:mrn|id|no|nr|nhc|acct|dl|sn|pt|num|ref)$/i;
/** A whole date has a year of four digits at one end. */
const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:19|20)\d{2})$/;

/**
 * What stands behind a label such as `MRN`: letters and digits in groups joined by dashes, dots or slashes, with four
 * digits at least. The trigger is any of the groups that holds a digit. It is no date, no year, and no code.
 */
export function findIdentifier(cursor: Cursor): boolean {
  const { codes, at, text } = cursor;
  const from = leftEdge(cursor);
  let to = at;
  const most = from + MOST_UNITS;
  let digits = 0;
  for (let place = from; place < at; place++) if (isDigit(codes[place] as number)) digits += 1;
  for (; to <= most; to++) {
    const code = codes[to] as number;
    if (isDigit(code)) digits += 1;
    else if (!isAlnum(code) && !joins(codes, to)) break;
  }
  if (to > most || digits < 4) return false;
  // A run of digits alone is no date, unless it is a year.
  if ((digits < to - from || digits === 4) && DATE.test(text.slice(from, to))) return false;
  if (isCode(cursor, from)) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

function isCode({ codes }: Cursor, at: number): boolean {
  let end = at;
  while (end > 0 && end > at - 3 && !isAlnum(codes[end - 1] as number)) end -= 1;
  const start = wordStart(codes, end);
  return start < end && isCodeWord(codes, start, end);
}

/** Over capitals and digits that a dash joins to the trigger. */
function leftEdge({ codes, at, text }: Cursor): number {
  let from = at;
  const least = Math.max(0, at - MOST_BACK);
  while (from > least + 1 && codes[from - 1] === 45) {
    let start = from - 1;
    while (start > least && isGroupUnit(codes[start - 1] as number)) start -= 1;
    if (start === from - 1 || (start > 0 && isAlnum(codes[start - 1] as number))) break;
    if (OWN_LABEL.test(text.slice(start, from - 1))) break;
    from = start;
  }
  return from;
}

function isGroupUnit(code: number): boolean {
  return isDigit(code) || isUpper(code);
}

/** A dash between letters or digits; a dot or a slash between digits. */
function joins(codes: Uint16Array, at: number): boolean {
  const [left, mark, right] = [codes[at - 1] as number, codes[at] as number, codes[at + 1] as number];
  if (mark === 45) return isAlnum(left) && (isDigit(right) || isUpper(right));
  return (mark === 46 || mark === 47) && isDigit(left) && isDigit(right);
}

const LICENSE_WINDOW = 34;

/** The same behind `DL`, where that is no unit: `169 mg/dL, repeat 13457-7`. */
export function findDriverLicense(cursor: Cursor): boolean {
  const { at, text } = cursor;
  return !/\/dl(?![a-z])/i.test(text.slice(Math.max(0, at - LICENSE_WINDOW), at)) && findIdentifier(cursor);
}

const VISIT_BEFORE = /(?:chart|encounter|episodio|accession)(?: ?(?:id|no|nr|num|number))?["'\s.:#=]{1,5}$/i;

/** The same right behind `encounter`, `chart number` and the like: `encounter volume 99213` is none. */
export function findVisit(cursor: Cursor): boolean {
  if (!findIdentifier(cursor)) return false;
  return VISIT_BEFORE.test(cursor.text.slice(Math.max(0, cursor.from - 28), cursor.from));
}

const isDeviceWord: WordList = createWordList(
  'serial number no num nr id identifier device udi imei meid imsi pacemaker implant is sn code'.split(' '),
);

/** The same where the last word before it is the label's own: `serial communication at 115200` names no device. */
export function findDeviceNumber(cursor: Cursor): boolean {
  if (!findIdentifier(cursor)) return false;
  const { codes, from } = cursor;
  let end = from;
  while (end > 0 && end > from - 5 && !isAlnum(codes[end - 1] as number)) end -= 1;
  return isDeviceWord(codes, wordStart(codes, end), end);
}

/** Three or four digits behind `CVV`; a length follows a central venous catheter (`CVC 120 mm`). */
export function findSecurityCode(cursor: Cursor): boolean {
  const { at, end, text } = cursor;
  if (/^ ?(?:mm|cm|ml|mg|fr)(?![a-z])/i.test(text.slice(end, end + 4))) return false;
  cursor.from = at;
  cursor.to = end;
  return true;
}

/** The last four digits of a number that a label names: `SSN ending in 6789`. */
export function findLastFour(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (end - at !== 4 || isLetter(codes[end] as number)) return false;
  cursor.from = at;
  cursor.to = end;
  return true;
}
