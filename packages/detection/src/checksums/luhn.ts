import { digitsOf } from './digits.ts';

/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. */
function luhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits[digits.length - 1 - place] as number;
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** A card number of a network in use (first digits and lengths of the networks' tables), its Luhn digit right. */
export function isCardNumber(value: string): boolean {
  const digits = digitsOf(value);
  return isNetwork(digits) && luhn(digits) && !isOneDigit(digits);
}

function isNetwork(digits: readonly number[]): boolean {
  const size = digits.length;
  const [a, b, c, d] = [digits[0] as number, digits[1] as number, digits[2] as number, digits[3] as number];
  const two = a * 10 + b;
  const four = two * 100 + c * 10 + d;
  if (a === 4) return size === 13 || size === 16 || size === 19;
  if (size === 16 && ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720))) return true;
  if (two === 34 || two === 37) return size === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059))
    return size >= 14 && size <= 19;
  if (four === 6011 || two === 64 || two === 65 || two === 62 || two === 60) return size >= 16 && size <= 19;
  if (four >= 3528 && four <= 3589) return size >= 16 && size <= 19;
  if (two === 50 || (two >= 56 && two <= 69)) return size >= 12 && size <= 19;
  if (four === 1800 || four === 2131) return size === 15;
  return four >= 2200 && four <= 2204 && size >= 16 && size <= 19;
}

function isOneDigit(digits: readonly number[]): boolean {
  return digits.every((digit) => digit === digits[0]);
}

/** NPI: Luhn over 80840 and the number (45 CFR 162.406). */
export function isNpi(value: string): boolean {
  return luhn([8, 0, 8, 4, 0, ...digitsOf(value)]);
}

/** Canadian SIN: Luhn; 0 and 8 are not issued as first digits. */
export function isSin(value: string): boolean {
  const digits = digitsOf(value);
  return digits[0] !== 0 && digits[0] !== 8 && luhn(digits);
}
