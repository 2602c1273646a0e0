const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
const VALUES = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';

/** 49 CFR 565.15(c): the ninth place checks the others, by 11, `X` for 10. */
export function isVin(value: string): boolean {
  const vin = value.toUpperCase();
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += (VALUES.indexOf(vin[at] as string) % 10) * (WEIGHTS[at] as number);
  const rest = sum % 11;
  return vin[8] === (rest === 10 ? 'X' : String(rest));
}
