/**
 * The parts of a weights file, in this order, each behind its length: the file is made by `training/train-
 * names.ts`.
 */
export interface NameWeights {
  /** There are 2^bits weights. */
  readonly bits: number;
  /** Added to every word: below 0 means fewer names, and fewer mistakes. */
  readonly bias: number;
  readonly weights: Int8Array;
  /** Gazetteers and the vocabulary of ordinary words, each a `Bloom`. */
  readonly given: Uint8Array;
  readonly surnames: Uint8Array;
  readonly cities: Uint8Array;
  readonly common: Uint8Array;
  readonly frequentGiven: Uint8Array;
  readonly frequentSurnames: Uint8Array;
}

const MAGIC = 0x534e5431; // SNT1
const HEAD = 12;

export function encodeWeights(parts: NameWeights): Uint8Array {
  const blocks = [packSparse(parts.weights), ...setsOf(parts)];
  const out = new Uint8Array(HEAD + blocks.reduce((sum, block) => sum + 4 + block.length, 0));
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  view.setInt32(4, parts.bits);
  view.setInt32(8, parts.bias);
  let at = HEAD;
  for (const block of blocks) {
    view.setUint32(at, block.length);
    out.set(block, at + 4);
    at += 4 + block.length;
  }
  return out;
}

/** Throws a `TypeError` for bytes that are no weights file. */
export function decodeWeights(bytes: Uint8Array): NameWeights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const bits = bytes.length < HEAD || view.getUint32(0) !== MAGIC ? 0 : view.getInt32(4);
  if (bits < 1 || bits > MOST_BITS) {
    throw new TypeError('Not a weights file: write one with packages/detection/training/train-names.ts');
  }
  const blocks: Uint8Array[] = [];
  for (let at = HEAD; at + 4 <= bytes.length;) {
    const length = view.getUint32(at);
    if (at + 4 + length > bytes.length) break;
    blocks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const [weights, given, surnames, cities, common, frequentGiven, frequentSurnames] = blocks;
  if (
    weights === undefined ||
    given === undefined ||
    surnames === undefined ||
    cities === undefined ||
    common === undefined ||
    frequentGiven === undefined ||
    frequentSurnames === undefined
  ) {
    throw new TypeError('A weights file with a part missing: write it again with training/train-names.ts');
  }
  return {
    bits,
    bias: view.getInt32(8),
    weights: unpackSparse(weights, 2 ** bits),
    given,
    surnames,
    cities,
    common,
    frequentGiven,
    frequentSurnames,
  };
}

/** 16 million weights; more would be a broken file. */
const MOST_BITS = 24;

/** Nine in ten weights are zero: each other one is the distance from the last in base 128, then its value. */
function packSparse(weights: Int8Array): Uint8Array {
  const out: number[] = [];
  let last = -1;
  for (const [slot, weight] of weights.entries()) {
    if (weight === 0) continue;
    let distance = slot - last;
    for (; distance > 127; distance >>>= 7) out.push(0x80 | (distance & 0x7f));
    out.push(distance, weight & 0xff);
    last = slot;
  }
  return Uint8Array.from(out);
}

function unpackSparse(bytes: Uint8Array, size: number): Int8Array {
  const weights = new Int8Array(size);
  let slot = -1;
  for (let at = 0; at < bytes.length;) {
    let distance = 0;
    let shift = 0;
    let byte = 0;
    do {
      byte = bytes[at++] as number;
      distance |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 127);
    slot += distance;
    weights[slot] = bytes[at++] as number;
  }
  return weights;
}

function setsOf(parts: NameWeights): Uint8Array[] {
  const { given, surnames, cities, common, frequentGiven, frequentSurnames } = parts;
  return [given, surnames, cities, common, frequentGiven, frequentSurnames];
}
