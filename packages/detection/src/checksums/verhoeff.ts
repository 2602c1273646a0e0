import { digitsOf } from './digits.ts';

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

/** The product in the dihedral group D5. */
function times(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 10) % 5;
}

/** J. Verhoeff, Error Detecting Decimal Codes (1969); the check digit of Aadhaar. */
export function isAadhaar(value: string): boolean {
  const digits = digitsOf(value);
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    let digit = digits[digits.length - 1 - place] as number;
    for (let round = 0; round < place % 8; round++) digit = PERMUTATION[digit] as number;
    check = times(check, digit);
  }
  return check === 0;
}
