/** Writes `src/names/weights.ts` from the data in `data/`: `tsx train-names.ts`. Same data, same bytes. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import { encodeWeights } from '../src/names/weights-format.ts';
import { trainTagger } from './train-tagger.ts';
import { readTrainingData, selectTexts } from './training-data.ts';

const LINE = 104;
const HEAD = '/** Made by training/train-names.ts; the bytes in base64 are those of weights-format.ts. */\n';

function main(): void {
  const data = readTrainingData();
  const weights = trainTagger(
    selectTexts(data, () => true),
    data.gazetteers,
  );
  const bytes = encodeWeights(weights);
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'gu')) ?? [];
  const file = new URL('../src/names/weights.ts', import.meta.url);
  writeFileSync(file, `${HEAD}export const WEIGHTS: string = \`\n${lines.join('\n')}\n\`;\n`);
  const digest = createHash('sha256').update(bytes).digest('hex');
  process.stdout.write(`${bytes.length} bytes, SHA-256 ${digest}\n`);
}

main();
