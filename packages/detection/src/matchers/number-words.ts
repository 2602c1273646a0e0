import { createWordList, type WordList } from './word-list.ts';

/** A day of the month, written out: `fifth`, `twenty-first`, in any case. */
export const isOrdinal: WordList = createWordList(
  (
    'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth ' +
    'seventeenth eighteenth nineteenth twentieth thirtieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth ' +
    'twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirty-first'
  ).split(' '),
);
const ONES = 'one|two|three|four|five|six|seven|eight|nine';
const TEENS = 'ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen';
const TENS = 'twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
const BELOW_HUNDRED = `(?:(?:${TENS})(?:[- ](?:${ONES}))?|${TEENS})`;
const YEAR = new RegExp(
  `^,? (?:of )?(?:nineteen[- ](?:oh[- ](?:${ONES})|hundred|${BELOW_HUNDRED})|twenty[- ](?:oh[- ](?:${ONES})|${BELOW_HUNDRED})|two thousand(?:(?: and)? (?:${BELOW_HUNDRED}|${ONES}))?)(?![A-Za-z])`,
  'i',
);
const LONGEST_YEAR = 40;

const isTwenty: WordList = createWordList(['twenty']);
const isThirty: WordList = createWordList(['thirty']);
const isFirst: WordList = createWordList(['first']);
const isOne: WordList = createWordList(
  'first second third fourth fifth sixth seventh eighth ninth'.split(' '),
);

/** The same in two words: `twenty` before `tensEnd`, `first` from `ones` on. */
export function isOrdinalOfTwo(
  codes: Uint16Array,
  tens: number,
  tensEnd: number,
  ones: number,
  end: number,
): boolean {
  if (isTwenty(codes, tens, tensEnd)) return isOne(codes, ones, end);
  return isThirty(codes, tens, tensEnd) && isFirst(codes, ones, end);
}

/** After a year in words, such as ` nineteen eighty-four`, that begins at `at`; or -1. */
export function yearInWords(text: string, at: number): number {
  const match = YEAR.exec(text.slice(at, at + LONGEST_YEAR));
  return match === null ? -1 : at + match[0].length;
}
