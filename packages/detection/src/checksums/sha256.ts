/**
 * SHA-256 (FIPS 180-4) of at most 55 bytes, one block. Here it is a checksum of public text, not a protection; written
 * out because a text full of near addresses must not cost two native calls for each (1.2 us each, measured on Node 20).
 */
export function sha256OfBlock(message: Uint8Array): Uint8Array {
  const words = new Int32Array(64);
  for (let at = 0; at < message.length; at++)
    words[at >> 2] = (words[at >> 2] as number) | ((message[at] as number) << (24 - (at & 3) * 8));
  const size = message.length;
  words[size >> 2] = (words[size >> 2] as number) | (0x80 << (24 - (size & 3) * 8));
  words[15] = size * 8;
  for (let at = 16; at < 64; at++) {
    const early = words[at - 15] as number;
    const late = words[at - 2] as number;
    const low = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const high = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[at] = ((words[at - 16] as number) + low + (words[at - 7] as number) + high) | 0;
  }
  let a = START[0] as number;
  let b = START[1] as number;
  let c = START[2] as number;
  let d = START[3] as number;
  let e = START[4] as number;
  let f = START[5] as number;
  let g = START[6] as number;
  let h = START[7] as number;
  for (let at = 0; at < 64; at++) {
    const choice = (e & f) ^ (~e & g);
    const first =
      (h +
        (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
        choice +
        (ROUNDS[at] as number) +
        (words[at] as number)) |
      0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  const digest = new Uint8Array(32);
  for (let at = 0; at < 32; at++) {
    const sum = ((sums[at >> 2] as number) + (START[at >> 2] as number)) | 0;
    digest[at] = sum >>> (24 - (at & 3) * 8);
  }
  return digest;
}

function turn(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}

/** The first 32 bits of the fractions of the square roots (`START`) and cube roots (`ROUNDS`) of the first primes. */
const PRIMES: readonly number[] = primes(64);
const START: Int32Array = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUNDS: Int32Array = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x100000000) | 0;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let value = 2; found.length < count; value++)
    if (found.every((prime) => value % prime !== 0)) found.push(value);
  return found;
}
