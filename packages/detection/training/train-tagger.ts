import { createNameDecoder, decodeNames, scoreWords } from '../src/names/decode-names.ts';
import {
  IDENTITY_FEATURES,
  linkFeatures,
  LINKS,
  MOST_FEATURES,
  slotOf,
  wordFeatures,
  WORDS,
} from '../src/names/features.ts';
import { createLetterTable } from '../src/names/letters.ts';
import { createKindLookup, prepareWords } from '../src/names/prepare-words.ts';
import type { KindLookup, WordKnowledge } from '../src/names/prepare-words.ts';
import type { NameWeights } from '../src/names/weights-format.ts';
import { createWordBuffer } from '../src/names/word-buffer.ts';
import type { LabelledText } from './labelled-text.ts';
import { CAPACITY, eachStretch, learnWords } from './learn-words.ts';
import type { Gazetteers } from './learn-words.ts';
import { createRandom } from './random.ts';

export interface TrainingOptions {
  readonly seed: number;
  /** Trainings in other orders, whose mean the weights are. */
  readonly rounds: number;
  readonly epochs: number;
  /** There will be 2^bits weights. */
  readonly bits: number;
  /**
   * By how much, in steps of one feature, a right label has to beat a wrong one: a false name, a missed
   * name.
   */
  readonly marginFalse: number;
  readonly marginMissed: number;
  /** In a thousand: how often a word is shown without its identity. */
  readonly blindness: number;
  /**
   * Features that the texts show less often keep a weight of zero: they would only learn single texts by
   * heart.
   */
  readonly rarest: number;
  /** Added to every word's score, in units of the quantized weights. */
  readonly bias: number;
}

export const DEFAULT_TRAINING: TrainingOptions = {
  seed: 2026,
  rounds: 3,
  epochs: 5,
  bits: 19,
  marginFalse: 8,
  marginMissed: 8,
  blindness: 350,
  rarest: 5,
  bias: 8,
};

/** Trains with integers alone, so that the same data and seed give the same bytes on every machine. */
export function trainTagger(
  texts: readonly LabelledText[],
  gazetteers: Gazetteers,
  options: TrainingOptions = DEFAULT_TRAINING,
): NameWeights {
  const letters = createLetterTable();
  const knowledge = learnWords(letters, texts, gazetteers);
  const weights = new Float64Array(2 ** options.bits);
  for (let round = 0; round < options.rounds; round++) {
    const seed = options.seed + round;
    const part = averagedPerceptron(letters, texts, knowledge, { ...options, seed });
    for (let slot = 0; slot < weights.length; slot++)
      weights[slot] = (weights[slot] as number) + (part[slot] as number) / options.rounds;
  }
  const { roles: _, ...sets } = knowledge;
  return { bits: options.bits, bias: options.bias, weights: quantize(weights), ...sets };
}

function averagedPerceptron(
  letters: Uint16Array,
  texts: readonly LabelledText[],
  knowledge: WordKnowledge,
  options: TrainingOptions,
): Float64Array {
  const { bits, epochs, marginFalse, marginMissed, blindness } = options;
  const random = createRandom(options.seed);
  const weights = new Int32Array(2 ** bits);
  const late = new Float64Array(2 ** bits);
  const lookup = createKindLookup(knowledge);
  const words = createWordBuffer(CAPACITY);
  const decoder = createNameDecoder(CAPACITY);
  const { features } = decoder;
  const order = texts.map((_, index) => index);
  const gold = new Uint8Array(CAPACITY);
  const blind = new Uint8Array(CAPACITY);
  const seen = countFeatures(letters, texts, lookup, bits);
  let step = 0;
  const shift = 32 - bits;
  const update = (set: number, first: number, count: number, delta: number): void => {
    for (let n = first; n < count; n++) {
      const slot = slotOf(features[n] as number, n + set, shift);
      if ((seen[slot] as number) < options.rarest) continue;
      weights[slot] = (weights[slot] as number) + delta;
      late[slot] = (late[slot] as number) + delta * step;
    }
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (const index of order) {
      const text = texts[index];
      if (text === undefined) continue;
      eachStretch(letters, text, words, (inside) => {
        step++;
        prepareWords(lookup, words);
        for (let at = 0; at < words.count; at++) {
          gold[at] = words.candidate[at] === 1 ? (inside[at] as number) : 0;
          blind[at] = words.candidate[at] === 1 && random.below(1000) < blindness ? 1 : 0;
        }
        scoreWords(words, weights, bits, decoder, 0, blind);
        for (let at = 0; at < words.count; at++) {
          decoder.word[at] = (decoder.word[at] as number) + (gold[at] === 1 ? -marginMissed : marginFalse);
        }
        decodeNames(words, decoder);
        for (let at = 0; at < words.count; at++) {
          const is = gold[at] as number;
          const said = decoder.inside[at] as number;
          if (is !== said)
            update(
              WORDS,
              blind[at] === 1 ? IDENTITY_FEATURES : 0,
              wordFeatures(words, at, features),
              is - said,
            );
          const linked = at > 0 ? is & (gold[at - 1] as number) : 0;
          const saidLinked = at > 0 ? said & (decoder.inside[at - 1] as number) : 0;
          if (linked !== saidLinked) update(LINKS, 0, linkFeatures(words, at, features), linked - saidLinked);
        }
      });
    }
  }
  const averaged = new Float64Array(weights.length);
  for (let slot = 0; slot < weights.length; slot++) {
    averaged[slot] = (weights[slot] as number) - (late[slot] as number) / (step + 1);
  }
  return averaged;
}

/** How often each feature occurs, up to 255. */
function countFeatures(
  letters: Uint16Array,
  texts: readonly LabelledText[],
  lookup: KindLookup,
  bits: number,
): Uint8Array {
  const seen = new Uint8Array(2 ** bits);
  const words = createWordBuffer(CAPACITY);
  const features = new Int32Array(MOST_FEATURES);
  const add = (set: number, count: number): void => {
    for (let n = 0; n < count; n++) {
      const slot = slotOf(features[n] as number, n + set, 32 - bits);
      seen[slot] = Math.min(255, (seen[slot] as number) + 1);
    }
  };
  for (const text of texts) {
    eachStretch(letters, text, words, () => {
      prepareWords(lookup, words);
      for (let at = 0; at < words.count; at++) {
        if (words.candidate[at] === 0) continue;
        add(WORDS, wordFeatures(words, at, features));
        add(LINKS, linkFeatures(words, at, features));
      }
    });
  }
  return seen;
}

/** One unit of a quantized weight is a twelfth of a step: larger weights than ten steps are cut. */
const UNITS = 12;

function quantize(weights: Float64Array): Int8Array {
  return Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight * UNITS))));
}
