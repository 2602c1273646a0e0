/** Crockford's base 32: no I, L, O and U, which are read as other ones. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const SHORT_ID = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** Eight letters and digits, 40 random bits: made to be read out and typed. They name something, and prove nothing. */
export function shortId(random: (bytes: number) => Uint8Array): string {
  let id = '';
  for (const byte of random(LENGTH)) id += ALPHABET.charAt(byte & 31);
  return id;
}

/** What somebody typed as an id: small letters, O for 0, and I and L for 1 are the same. Undefined for what is none. */
export function readShortId(typed: string): string | undefined {
  const id = typed.trim().toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return SHORT_ID.test(id) ? id : undefined;
}

export function isShortId(value: unknown): value is string {
  return typeof value === 'string' && SHORT_ID.test(value);
}
