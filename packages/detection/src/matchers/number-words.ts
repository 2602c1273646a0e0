/** Days of the month, written out. */
const ORDINALS: ReadonlySet<string> = new Set(
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

/** `fifth`, `twenty-first`, in any case. */
export function isOrdinal(word: string): boolean {
  return ORDINALS.has(word.toLowerCase());
}

/** After a year in words, such as ` nineteen eighty-four`, that begins at `at`; or -1. */
export function yearInWords(text: string, at: number): number {
  const match = YEAR.exec(text.slice(at, at + LONGEST_YEAR));
  return match === null ? -1 : at + match[0].length;
}
