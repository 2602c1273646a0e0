/** Classes of code units, five bits each, so that four in a row index a table of a megabyte, of which text touches little. */
const LAST_LETTER = 26;
export const DIGIT = 27;
export const AT = 28;
/** `:` and `/`. */
export const COLON = 29;
/** What parts words: a space, a tab, `_`, `-`, `.`. */
export const SEPARATOR = 30;
/** Needs `normalize` before it can be read. */
export const ODD = 31;
export const CLASSES = 32;
/** How many there are of two in a row, and of four. */
export const PAIRS: number = CLASSES ** 2;
export const QUADS: number = CLASSES ** 4;

const MARKS: readonly (readonly [string, number])[] = [
  ['@', AT],
  [':/', COLON],
  [' \t_-.', SEPARATOR],
];

/** The class of each code unit: 1 to 26 for a letter without case and accent, 0 for what no rule cares about. */
export function createClasses(odd: readonly number[]): Uint8Array {
  const classes = new Uint8Array(0x10000);
  for (let code = 0x30; code <= 0x39; code++) classes[code] = DIGIT;
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 32] = code - 0x40;
  for (let code = 0xc0; code <= 0x24f; code++) {
    const base = String.fromCharCode(code).normalize('NFD').toLowerCase().charCodeAt(0);
    if (base >= 0x61 && base <= 0x7a) classes[code] = base - 0x60;
  }
  for (const [marks, value] of MARKS) for (const mark of marks) classes[mark.charCodeAt(0)] = value;
  for (const code of odd) classes[code] = ODD;
  return classes;
}

/** The two classes of two ASCII units, by the first of them and 128 times the second. */
export function createPairs(classes: Uint8Array): Uint16Array {
  const pairs = new Uint16Array(128 * 128);
  for (let index = 0; index < pairs.length; index++) {
    pairs[index] = ((classes[index & 127] as number) << 5) | (classes[index >> 7] as number);
  }
  return pairs;
}

export function isLetterClass(value: number): boolean {
  return value >= 1 && value <= LAST_LETTER;
}
