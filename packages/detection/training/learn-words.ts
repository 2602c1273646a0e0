import { createBloom } from '../src/names/bloom.ts';
import { hashWord } from '../src/names/letters.ts';
import { createRoles } from '../src/names/lexicon.ts';
import type { WordKnowledge } from '../src/names/prepare-words.ts';
import { scanWords } from '../src/names/scan-words.ts';
import { createWordBuffer, Shape } from '../src/names/word-buffer.ts';
import type { WordBuffer } from '../src/names/word-buffer.ts';
import type { LabelledText } from './labelled-text.ts';

export interface Gazetteers {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  readonly cities: readonly string[];
  /** Ordinary words, besides those that the texts show. */
  readonly common: readonly string[];
  readonly frequentGiven: readonly string[];
  readonly frequentSurnames: readonly string[];
}

/** As many words as the tagger reads at a time. */
export const CAPACITY = 4096;

/**
 * A word written in lower case this often, outside of names, is ordinary; a frequent name has to be so
 * more often.
 */
const ORDINARY = 3;

const ORDINARY_NAME = 12;

/** The gazetteers as sets, and the vocabulary of ordinary words that the texts show. */
export function learnWords(
  letters: Uint16Array,
  texts: readonly LabelledText[],
  lists: Gazetteers,
): WordKnowledge {
  const bloom = (list: readonly string[], bitsPerWord = 16): Uint8Array => {
    const single = list.filter((name) => name.length > 1 && !name.includes(' '));
    return createBloom(
      single.map((name) => hashWord(letters, name)),
      bitsPerWord,
    ).bits;
  };
  const counts = new Map<number, number>();
  const words = createWordBuffer(CAPACITY);
  for (const text of texts) {
    eachStretch(letters, text, words, (inside) => {
      for (let at = 0; at < words.count; at++) {
        if (words.shape[at] !== Shape.lower || inside[at] === 1 || (words.length[at] as number) < 2) continue;
        const hash = words.hash[at] as number;
        counts.set(hash, (counts.get(hash) ?? 0) + 1);
      }
    });
  }
  const frequent = new Set(
    [...lists.frequentGiven, ...lists.frequentSurnames].map((name) => hashWord(letters, name)),
  );
  const common = [...counts]
    .filter(([hash, count]) => count >= (frequent.has(hash) ? ORDINARY_NAME : ORDINARY))
    .map(([hash]) => hash);
  for (const word of lists.common) common.push(hashWord(letters, word));
  return {
    roles: createRoles(letters),
    given: bloom([...lists.given, ...lists.frequentGiven]),
    surnames: bloom([...lists.surnames, ...lists.frequentSurnames], 12),
    cities: bloom(lists.cities),
    common: createBloom(common, 16).bits,
    frequentGiven: bloom(lists.frequentGiven),
    frequentSurnames: bloom(lists.frequentSurnames),
  };
}

/** Calls back for each stretch of a text with, for each word, whether it is inside a labelled name. */
export function eachStretch(
  letters: Uint16Array,
  text: LabelledText,
  words: WordBuffer,
  visit: (inside: Uint8Array) => void,
): void {
  const inside = new Uint8Array(words.capacity);
  for (let from = 0; from < text.text.length;) {
    from = scanWords(letters, text.text, from, words);
    if (words.count === 0) return;
    let span = 0;
    for (let at = 0; at < words.count; at++) {
      const start = words.start[at] as number;
      while ((text.spans[span]?.[1] ?? Infinity) <= start) span++;
      inside[at] = (text.spans[span]?.[0] ?? Infinity) < (words.end[at] as number) ? 1 : 0;
    }
    visit(inside);
  }
}
