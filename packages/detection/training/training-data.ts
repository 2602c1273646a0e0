import { generateTexts } from './generate-texts.ts';
import { readLabelled, readList } from './labelled-text.ts';
import type { LabelledText } from './labelled-text.ts';
import type { Gazetteers } from './learn-words.ts';
import { readOwn, readTemplates } from './templates.ts';

/**
 * A labelled corpus, and how often the tagger sees each of its texts beside the generated ones in one
 * epoch.
 */
export interface Corpus {
  readonly name: string;
  readonly texts: readonly LabelledText[];
  readonly copies: number;
}

export interface TrainingData {
  readonly corpora: readonly Corpus[];
  readonly generated: readonly LabelledText[];
  readonly gazetteers: Gazetteers;
}

const GENERATED = 16_000;
const SEED = 1;

export function readTrainingData(): TrainingData {
  const [given, surnames, cities] = [readList('given-names'), readList('surnames'), readList('cities')];
  const templates = readTemplates(given, surnames, cities);
  return {
    corpora: [
      { name: 'wnut17', texts: readLabelled('wnut17'), copies: 2 },
      { name: 'btc', texts: readLabelled('btc'), copies: 2 },
      { name: 'presidio', texts: readLabelled('presidio'), copies: 1 },
      { name: 'meddocan', texts: readLabelled('meddocan'), copies: 1 },
    ],
    generated: generateTexts(templates, SEED, GENERATED),
    gazetteers: {
      given,
      surnames,
      cities,
      common: readOwn('common-words.txt').flatMap((line) => line.split(' ')),
      frequentGiven: templates.given,
      frequentSurnames: templates.surnames,
    },
  };
}

/** The texts to train on: those of the corpora that `keep` lets pass, and all that were generated. */
export function selectTexts(
  data: TrainingData,
  keep: (text: LabelledText, corpus: Corpus) => boolean,
): LabelledText[] {
  const chosen = data.corpora.flatMap((corpus) => {
    const texts = corpus.texts.filter((text) => keep(text, corpus));
    return Array.from({ length: corpus.copies }, () => texts).flat();
  });
  return [...chosen, ...data.generated];
}
