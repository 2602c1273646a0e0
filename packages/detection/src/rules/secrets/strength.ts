/** n log2 n, for n units of one kind. */
const WEIGHTS: Float64Array = Float64Array.from({ length: 513 }, (_, count) =>
  count === 0 ? 0 : count * Math.log2(count),
);

/** Shannon's entropy in bits for a unit, over the first 512. */
export function entropyOf(value: string): number {
  const counts = new Uint16Array(128);
  const size = Math.min(value.length, 512);
  for (let at = 0; at < size; at++) {
    const code = value.charCodeAt(at) & 127;
    counts[code] = (counts[code] as number) + 1;
  }
  let weight = 0;
  // No unit of a value is a control.
  for (let code = 32; code < 128; code++) weight += WEIGHTS[counts[code] as number] as number;
  return Math.log2(size) - weight / size;
}

/** Three units or more that go up or down by one, or the keys of a row: what people type for a test. */
const ROWS = /0123|1234|2345|3456|4567|5678|6789|9876|8765|abcd|bcde|cdef|defg|qwert|asdf|zxcv/i;

/** At least 16 units that look drawn by lot: no words, no rows, as many bits as their number allows. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || value.length > 512) return false;
  if (!hasMixedPart(value, 8, 8) || ROWS.test(value)) return false;
  return entropyOf(value) >= (value.length < 20 ? 2.9 : 3.1);
}

/**
 * A password that someone may have chosen: letters with a digit or a mark, and no mere words; from `named` units on no
 * camelCase either.
 */
export function looksChosen(value: string, named = 16): boolean {
  if (value.length < 6 || entropyOf(value) < 1.5) return false;
  return /[A-Za-z]/.test(value) && /[^A-Za-z]/.test(value) && hasMixedPart(value, 5, named);
}

/**
 * Whether a part between marks holds a letter and a digit or a mark, and is no word with a number: `v2`, `token1`. From
 * `named` units on, it is none that programs name things with either.
 */
function hasMixedPart(value: string, least: number, named: number): boolean {
  return value
    .split(/[-_./: ]/)
    .some(
      (part) =>
        part.length >= least &&
        /[A-Za-z]/.test(part) &&
        /[^A-Za-z]/.test(part) &&
        !isNumbered(part) &&
        !(part.length >= named && isCamelCase(part)),
    );
}

/** A word or camelCase name with one digit at its end, or capitals with two, or a number with a unit. */
function isNumbered(part: string): boolean {
  // In the first, each word begins with its capital, so that there is one way to read it.
  return (
    /^[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*\d?$/.test(part) ||
    /^[A-Z]{2,}\d{0,2}$/.test(part) ||
    /^\d+[a-z]{1,3}$/i.test(part)
  );
}

/**
 * `CreateOAuth2TokenCommand`: both cases, three digits at most, and seldom another kind than the unit before. Of random
 * letters and digits six in ten differ in kind from their neighbour.
 */
function isCamelCase(part: string): boolean {
  if (!/^[A-Za-z0-9]*$/.test(part) || !/[a-z]/.test(part) || !/[A-Z]/.test(part)) return false;
  let digits = 0;
  let changes = 0;
  let before = 0;
  for (let at = 0; at < part.length; at++) {
    const code = part.charCodeAt(at);
    const kind = code < 58 ? 1 : code < 91 ? 2 : 3;
    if (kind === 1) digits += 1;
    if (at > 0 && kind !== before) changes += 1;
    before = kind;
  }
  return digits <= 3 && changes <= part.length * 0.45;
}
