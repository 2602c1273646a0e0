/** Tells a pseudonym from a name. */
const PREFIX = 'subject:';
/** 128 bits: no two people ever get the same one. */
export const PSEUDONYM_BYTES = 16;

/** RFC 4648, section 6, in small letters and without padding. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const PSEUDONYM = /^subject:[a-z2-7]{26}$/;

/** Random, and so without any relation to the name: with the name and every key nobody can compute it again. */
export function pseudonymFrom(random: Uint8Array): string {
  let text = PREFIX;
  let [bits, held] = [0, 0];
  for (const byte of random) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >>> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
}

export function isPseudonym(text: string): boolean {
  return PSEUDONYM.test(text);
}
