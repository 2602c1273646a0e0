const WORDS = 8;
const BITS: number = WORDS * 32;

/** How many numbers it keeps. */
export const DISTINCT_LENGTH: number = WORDS;

/**
 * Counts distinct hashes by the bits that they set (linear counting; Whang, Vander-Zanden and Taylor, 1990): within a tenth
 * up to some 500, in 256 bits.
 *
 * @returns whether this one set a new bit
 */
export function markDistinct(state: number[], at: number, hashed: number): boolean {
  const bit = Math.imul(hashed, 0x9e3779b1) >>> 24;
  const word = at + (bit >>> 5);
  const mask = 1 << (bit & 31);
  const before = state[word] ?? 0;
  if ((before & mask) !== 0) return false;
  state[word] = before | mask;
  return true;
}

/** How many distinct ones so many bits stand for. */
export function distinctOf(bits: number): number {
  return BITS * Math.log(BITS / Math.max(1, BITS - bits));
}

export function forgetDistinct(state: number[], at: number): void {
  state.fill(0, at, at + WORDS);
}
