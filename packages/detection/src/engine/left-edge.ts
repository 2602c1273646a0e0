import { isAlnum, isDigit } from '../code-units.ts';

/** What stands to the left of a number or token. */
export const CLEAN = 0;
export const SOFT = 1;
export const HARD = 2;

/** Whether something before `at` makes it part of something longer. */
export function leftOf(codes: Uint16Array, at: number): number {
  if (at === 0) return CLEAN;
  const before = codes[at - 1] as number;
  if (isAlnum(before) || before === 36 || before === 0x20ac || before === 0xa3) return HARD;
  if (before === 95) return SOFT;
  if (before !== 45 && before !== 46 && before !== 47 && before !== 64) return CLEAN;
  const further = at > 1 ? (codes[at - 2] as number) : 0;
  if (isDigit(further)) return HARD;
  return isAlnum(further) || further === 95 ? SOFT : CLEAN;
}
