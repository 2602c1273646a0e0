/**
 * Probes per word: with 16 bits a word about one foreign word in 700 is taken for a member, with 12 one in
 * 200.
 */
const PROBES = 5;

/** A set of word hashes that may claim a word it does not hold, and never misses one that it does. */
export interface Bloom {
  readonly bits: Uint8Array;
}

export function createBloom(hashes: Iterable<number>, bitsPerWord: number): Bloom {
  const unique = new Set(hashes);
  const bits = new Uint8Array(Math.max(8, Math.ceil((unique.size * bitsPerWord) / 8)));
  const scale = scaleOf(bits);
  for (const hash of unique) {
    const step = stepOf(hash);
    let value = hash;
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = Math.floor((value >>> 0) * scale);
      bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7));
      value = (value + step) | 0;
    }
  }
  return { bits };
}

export function bloomHas(bits: Uint8Array, hash: number): boolean {
  const step = stepOf(hash);
  const scale = scaleOf(bits);
  let value = hash;
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = Math.floor((value >>> 0) * scale);
    if (((bits[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    value = (value + step) | 0;
  }
  return true;
}

/** A product spreads the hash over the bits as a remainder would, without a division. */
function scaleOf(bits: Uint8Array): number {
  return (bits.length * 8) / 2 ** 32;
}

function stepOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) | 1;
}
