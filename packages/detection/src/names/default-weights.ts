import { decodeWeights } from './weights-format.ts';
import type { NameWeights } from './weights-format.ts';
import { WEIGHTS } from './weights.ts';

/** The weights of the package, decoded from the text that holds them. */
export function readDefaultWeights(): NameWeights {
  return decodeWeights(Buffer.from(WEIGHTS, 'base64'));
}
