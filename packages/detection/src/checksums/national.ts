import { digitsOf, weigh } from './digits.ts';

/** Areas 000 and 666, group 00 and serial 0000 were never issued; 900 to 999 belong to the ITIN. */
export function isSsn(value: string): boolean {
  const digits = digitsOf(value);
  const area = weigh(digits, [100, 10, 1]);
  const group = weigh(digits.slice(3), [10, 1]);
  return (
    area !== 0 && area !== 666 && area < 900 && group !== 0 && weigh(digits.slice(5), [1, 1, 1, 1]) !== 0
  );
}

/** 9xx, with a group that the IRS assigns. */
export function isItin(value: string): boolean {
  const digits = digitsOf(value);
  const group = weigh(digits.slice(3), [10, 1]);
  return (
    digits[0] === 9 &&
    ((group >= 50 && group <= 65) ||
      (group >= 70 && group <= 88) ||
      (group >= 90 && group <= 92) ||
      group >= 94)
  );
}

/** The prefixes of the IRS campuses and the internet. */
const EIN_NEVER: ReadonlySet<number> = new Set([
  0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97,
]);
export function isEin(value: string): boolean {
  return !EIN_NEVER.has(weigh(digitsOf(value), [10, 1]));
}

/** ABA routing number: weights 3, 7, 1; the first two digits name a Federal Reserve district. */
export function isAba(value: string): boolean {
  const digits = digitsOf(value);
  const district = weigh(digits, [10, 1]);
  const known =
    district <= 12 ||
    (district >= 21 && district <= 32) ||
    (district >= 61 && district <= 72) ||
    district === 80;
  return (
    known && digits.some((digit) => digit !== 0) && weigh(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
  );
}

/** DEA registration: (d1 + d3 + d5) + 2 (d2 + d4 + d6), last digit. */
export function isDea(value: string): boolean {
  const digits = digitsOf(value);
  return weigh(digits, [1, 2, 1, 2, 1, 2]) % 10 === digits[6];
}

/** NHS number: weights 10 to 2, 11 minus the rest of 11. */
export function isNhs(value: string): boolean {
  const digits = digitsOf(value);
  const check = 11 - (weigh(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && check % 11 === digits[9];
}

export function isPesel(value: string): boolean {
  const digits = digitsOf(value);
  const month = weigh(digits.slice(2), [10, 1]) % 20;
  const day = weigh(digits.slice(4), [10, 1]);
  const check = (10 - (weigh(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && check === digits[10];
}

export function isNip(value: string): boolean {
  const digits = digitsOf(value);
  return weigh(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digits[9];
}

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
export function isNif(value: string): boolean {
  const compact = value.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
  return NIF_LETTERS[Number(compact.slice(0, 8)) % 23] === compact[8];
}

/** NIE: X, Y, Z stand for 0, 1, 2. */
export function isNie(value: string): boolean {
  const compact = value.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
  const number = Number(`${'XYZ'.indexOf(compact[0] as string)}${compact.slice(1, 8)}`);
  return NIF_LETTERS[number % 23] === compact[8];
}

/** French NIR: 97 minus the rest of 97; Corsica writes 2A and 2B for 19 and 18. */
export function isNir(value: string): boolean {
  const compact = value.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
  const body = compact.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - (Number(body) % 97) === Number(compact.slice(13));
}

/** German Steuer-ID: ISO 7064 MOD 11,10; one digit of the first ten occurs twice or three times. */
export function isSteuerId(value: string): boolean {
  const digits = digitsOf(value);
  if (new Set(digits.slice(0, 10)).size > 9 || new Set(digits.slice(0, 10)).size < 8) return false;
  let product = 10;
  for (const digit of digits.slice(0, 10)) {
    const sum = (digit + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digits[10];
}

/** Australian TFN: weights, rest of 11. */
export function isTfn(value: string): boolean {
  return weigh(digitsOf(value), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}
