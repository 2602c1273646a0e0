/**
 * Makes `data/*.jsonl.gz` from the corpora that `data/README.md` names: `tsx eval/freeze-corpora.ts <folder>`. A seed
 * fixes which documents are taken. Needed only to change the frozen data.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readLabelled } from '../training/labelled-text.ts';
import { createRandom } from '../training/random.ts';

const SEED = 20;
const SOURCES: readonly (readonly [string, number, readonly string[]])[] = [
  ['presidio', 500, ['pii/presidio-generated-large.jsonl']],
  [
    'datafog',
    200,
    [
      'pii/datafog-structured-pii.jsonl',
      'pii/datafog-unstructured-pii.jsonl',
      'pii/datafog-negative-cases.jsonl',
    ],
  ],
  ['meddocan', 120, ['pii/meddocan-train.jsonl']],
];
/** Of the training data of names: handles and the spaces of a tokenizer are undone there already. */
const NAMES: readonly (readonly [string, number])[] = [
  ['btc', 500],
  ['wnut17', 400],
];

const [, , folder = ''] = process.argv;
const lines = (path: string): string[] => readFileSync(join(folder, path), 'utf8').trim().split('\n');

for (const [name, most, paths] of SOURCES) {
  const all = paths.flatMap(lines);
  createRandom(SEED).shuffle(all);
  write(
    name,
    all.slice(0, most).map((line) => {
      const { id, text, spans } = JSON.parse(line) as Record<string, unknown>;
      return { id, text, spans };
    }),
  );
}

for (const [name, most] of NAMES) {
  const all = readLabelled(name);
  createRandom(SEED).shuffle(all);
  write(
    name,
    all.slice(0, most).map(({ id, text, spans }) => ({
      id,
      text,
      spans: spans.map(([start, end]) => ({ start, end, label: 'PERSON' })),
    })),
  );
}

const gold = new Map<string, (readonly [string, string])[]>();
for (const line of lines('fhir/gold.jsonl')) {
  const { file, pointer, label } = JSON.parse(line) as { file: string; pointer: string; label: string };
  const key = basename(file);
  gold.set(key, [...(gold.get(key) ?? []), [pointer, label]]);
}
write(
  'fhir',
  readdirSync(join(folder, 'fhir'))
    .filter((file) => file.endsWith('.json'))
    .map((file, index) => ({
      file: `bundle-${index + 1}`,
      bundle: JSON.parse(readFileSync(join(folder, 'fhir', file), 'utf8')) as unknown,
      gold: gold.get(file) ?? [],
    })),
);

function write(name: string, documents: readonly unknown[]): void {
  const text = documents.map((document) => JSON.stringify(document)).join('\n');
  writeFileSync(new URL(`data/${name}.jsonl.gz`, import.meta.url), gzipSync(`${text}\n`, { level: 9 }));
}
