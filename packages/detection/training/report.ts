/**
 * Measures the tagger as README.md reports it: `tsx report.ts`. First on the fifth of each corpus that was
 * never used to choose a setting, by a tagger that has not seen it; then, with the shipped weights, on data
 * that no tagger was trained on; then on all five parts in turn; last, taggers trained without one corpus
 * on that corpus.
 */
import { createNameTagger } from '../src/names/name-tagger.ts';
import type { NameTagger } from '../src/names/name-tagger.ts';
import { evaluateClean, evaluateNames } from './evaluate.ts';
import type { NameScores } from './evaluate.ts';
import { bucketOf, isHeldOut, readLabelled, readMarked } from './labelled-text.ts';
import type { LabelledText } from './labelled-text.ts';
import { readOwn } from './templates.ts';
import { trainTagger } from './train-tagger.ts';
import { readTrainingData, selectTexts } from './training-data.ts';

/** Parts of the Broad Twitter Corpus that news desks and public figures wrote about. */
const NEWS = /^btc-[eg]/u;

function main(): void {
  const data = readTrainingData();
  const shipped = createNameTagger();
  process.stdout.write('| data | texts | names | precision | recall | exact precision | exact recall |\n');
  process.stdout.write('|---|---|---|---|---|---|---|\n');
  const folds = [0, 1, 2, 3, 4].map((fold) =>
    createNameTagger(
      trainTagger(
        selectTexts(data, (text) => bucketOf(text) !== fold),
        data.gazetteers,
      ),
    ),
  );
  const [first] = folds;
  if (first === undefined) return;
  for (const { name, texts } of data.corpora)
    show(
      `${name}, held out`,
      evaluateNames(() => first, texts.filter(isHeldOut)),
    );
  show(
    'datafog',
    evaluateNames(() => shipped, readLabelled('datafog')),
  );
  for (const list of ['check', 'fresh', 'last']) {
    const named = readMarked(readOwn(`${list}-with-names.txt`));
    const clean = readMarked(readOwn(`${list}-clean.txt`));
    show(
      `our sentences, ${list}`,
      evaluateNames(() => shipped, named),
    );
    const damaged = (evaluateClean(shipped, clean) * clean.length).toFixed(0);
    process.stdout.write(
      `| our clean sentences, ${list} | ${clean.length} | 0 | ${damaged} damaged | | | |\n`,
    );
  }
  const unseenBy = (text: LabelledText): NameTagger => folds[bucketOf(text)] as NameTagger;
  for (const { name, texts } of data.corpora)
    show(`${name}, five parts in turn`, evaluateNames(unseenBy, texts));
  const all = readLabelled('btc');
  show(
    'of btc: news (e, g)',
    evaluateNames(
      unseenBy,
      all.filter((text) => NEWS.test(text.id)),
    ),
  );
  show(
    'of btc: private (a, b, f)',
    evaluateNames(
      unseenBy,
      all.filter((text) => !NEWS.test(text.id)),
    ),
  );
  for (const { name, texts } of data.corpora) {
    const others = selectTexts(data, (_, corpus) => corpus.name !== name);
    const tagger = createNameTagger(trainTagger(others, data.gazetteers));
    show(
      `${name}, never seen`,
      evaluateNames(() => tagger, texts),
    );
  }
}

function show(name: string, scores: NameScores): void {
  const { texts, names, precision, recall, exactPrecision, exactRecall } = scores;
  const numbers = [precision, recall, exactPrecision, exactRecall]
    .map((share) => share.toFixed(3))
    .join(' | ');
  process.stdout.write(`| ${name} | ${texts} | ${names} | ${numbers} |\n`);
}

main();
