import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}
export interface LabelledText {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly Span[];
}

/** The frozen corpora; `data/README.md` says where they come from. */
export const CORPORA = ['presidio', 'datafog', 'meddocan', 'btc', 'wnut17'] as const;
export type CorpusName = (typeof CORPORA)[number];

export interface FhirBundle {
  readonly file: string;
  readonly bundle: unknown;
  /** `[pointer, label]` */
  readonly gold: readonly (readonly [string, string])[];
}

export function readCorpus(name: CorpusName): readonly LabelledText[] {
  return readLines(name) as readonly LabelledText[];
}

export function readFhir(): readonly FhirBundle[] {
  return readLines('fhir') as readonly FhirBundle[];
}

function readLines(name: string): unknown[] {
  const packed = readFileSync(new URL(`data/${name}.jsonl.gz`, import.meta.url));
  return gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
