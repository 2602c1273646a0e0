import {
  IDENTITY_FEATURES,
  linkFeatures,
  LINKS,
  MOST_FEATURES,
  sumOf,
  wordFeatures,
  WORDS,
} from './features.ts';
import type { WordBuffer } from './word-buffer.ts';

/** Scores of the words of one buffer, and the best labels for them. */
export interface NameDecoder {
  readonly word: Float64Array;
  readonly link: Float64Array;
  /** 1 where the best reading of the stretch has a name. */
  readonly inside: Uint8Array;
  readonly fromInside: Uint8Array;
  readonly fromOutside: Uint8Array;
  readonly features: Int32Array;
}

export function createNameDecoder(capacity: number): NameDecoder {
  return {
    word: new Float64Array(capacity),
    link: new Float64Array(capacity),
    inside: new Uint8Array(capacity),
    fromInside: new Uint8Array(capacity),
    fromOutside: new Uint8Array(capacity),
    features: new Int32Array(MOST_FEATURES),
  };
}

type Weights = Int8Array | Int32Array;

/** Scores each candidate: how much it looks like part of a name, and like the next part of one. */
export function scoreWords(
  words: WordBuffer,
  weights: Weights,
  bits: number,
  decoder: NameDecoder,
  bias: number,
  /** In training: 1 for each word whose identity is kept from the tagger. */
  blind?: Uint8Array,
): void {
  const { features } = decoder;
  for (let at = 0; at < words.count; at++) {
    if (words.candidate[at] === 0) continue;
    const most = wordFeatures(words, at, features);
    const first = blind !== undefined && blind[at] === 1 ? IDENTITY_FEATURES : 0;
    decoder.word[at] = bias + sumOf(weights, bits, WORDS, features, first, most);
    let link = 0;
    if (at > 0 && words.candidate[at - 1] === 1)
      link = sumOf(weights, bits, LINKS, features, 0, linkFeatures(words, at, features));
    decoder.link[at] = link;
  }
}

/** The labels with the highest total: two states a word, so one pass forward and one back. */
export function decodeNames(words: WordBuffer, decoder: NameDecoder): void {
  const { word, link, inside, fromInside, fromOutside } = decoder;
  let scoreOutside = 0;
  let scoreInside = Number.NEGATIVE_INFINITY;
  const { count } = words;
  for (let at = 0; at < count; at++) {
    fromOutside[at] = scoreInside > scoreOutside ? 1 : 0;
    const nextOutside = scoreInside > scoreOutside ? scoreInside : scoreOutside;
    if (words.candidate[at] === 0) {
      fromInside[at] = 0;
      scoreInside = Number.NEGATIVE_INFINITY;
    } else {
      const continued = scoreInside + (link[at] as number);
      fromInside[at] = continued > scoreOutside ? 1 : 0;
      scoreInside = (continued > scoreOutside ? continued : scoreOutside) + (word[at] as number);
    }
    scoreOutside = nextOutside;
  }
  let state = scoreInside > scoreOutside ? 1 : 0;
  for (let at = count - 1; at >= 0; at--) {
    inside[at] = state;
    state = (state === 1 ? fromInside[at] : fromOutside[at]) as number;
  }
}
