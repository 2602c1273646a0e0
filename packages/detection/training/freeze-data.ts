/**
 * Makes the frozen files in `data/` from the sources named in README.md: `tsx freeze-data.ts <folder with
 * names/, pii/ and the phileas lists>`. Needed only to change the frozen data.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { LabelledText } from './labelled-text.ts';

interface SourceSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}
interface SourceLine {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly SourceSpan[];
  readonly templateId?: number;
}

const PERSON = new Set(['PERSON', 'PER', 'person', 'NOMBRE_SUJETO_ASISTENCIA', 'NOMBRE_PERSONAL_SANITARIO']);
/** Some sources label a title as a name of its own. */
const LONE_TITLE = /^(?:mr|mrs|ms|miss|dr|prof)\.?$/iu;
const CLINICAL_HEAD = 900;
const CLINICAL_TAIL = 400;

function main(corpora: string, lists: string, out: string): void {
  const read = (path: string): LabelledText[] => {
    const lines = readFileSync(join(corpora, path), 'utf8').trim().split('\n');
    return lines.map((line) => personsOnly(JSON.parse(line) as SourceLine));
  };
  const write = (name: string, texts: readonly LabelledText[]): void => {
    const lines = texts.map((text) => JSON.stringify(text)).join('\n');
    writeFileSync(join(out, name), gzipSync(`${lines}\n`, { level: 9 }));
  };
  write('wnut17.jsonl.gz', read('names/wnut17-train.jsonl').map(asWritten));
  write('btc.jsonl.gz', read('names/btc-train.jsonl').map(asWritten));
  write('presidio.jsonl.gz', read('pii/presidio-generated-large.jsonl'));
  // Some of its cases lost letters to question marks before they came here.
  const datafog = [
    ...read('pii/datafog-unstructured-pii.jsonl'),
    ...read('pii/datafog-negative-cases.jsonl'),
  ];
  write(
    'datafog.jsonl.gz',
    datafog.filter((text) => !/\?\?|\p{L}\?\p{L}/u.test(text.text)),
  );
  write('meddocan.jsonl.gz', read('pii/meddocan-train.jsonl').flatMap(ends));
  for (const [name, file] of [
    ['given-names', 'phileas-first-names.txt'],
    ['surnames', 'phileas-surnames.txt'],
    ['cities', 'phileas-cities.txt'],
  ] as const) {
    writeFileSync(join(out, `${name}.txt.gz`), gzipSync(readFileSync(join(lists, file)), { level: 9 }));
  }
}

function personsOnly(line: SourceLine): LabelledText {
  const spans = line.spans
    .filter((span) => PERSON.has(span.label) && !LONE_TITLE.test(line.text.slice(span.start, span.end)))
    .map(({ start, end }) => [start, end] as const)
    .toSorted((a, b) => a[0] - b[0]);
  return line.templateId === undefined
    ? { id: line.id, text: line.text, spans }
    : { id: line.id, text: line.text, spans, template: line.templateId };
}

/** The head and the end of a clinical case, where its names are, each cut at a line end. */
function ends(text: LabelledText): LabelledText[] {
  const cut = text.text.indexOf('\n', CLINICAL_HEAD);
  const tail = text.text.lastIndexOf('\n', text.text.length - CLINICAL_TAIL);
  if (cut < 0 || tail < cut) return [text];
  const part = (id: string, from: number, to: number): LabelledText => ({
    id,
    text: text.text.slice(from, to),
    spans: text.spans
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start - from, end - from]),
  });
  return [part(`${text.id}/head`, 0, cut), part(`${text.id}/tail`, tail + 1, text.text.length)];
}

const JOINED_LEFT = /^(?:[,.!?;:%)\]…]+|'s|n't|'m|'re|'ve|'ll|'d|’s|’re|’ll|’ve|’m|’t|'S)$/u;

/**
 * Undoes the spaces that a tokenizer put in, and leaves out handles and hashtags: they are no prose names.
 */
function asWritten(source: LabelledText): LabelledText {
  const tokens = [...source.text.matchAll(/\S+/gu)];
  let text = '';
  let glue = true;
  const at = new Map<number, number>();
  for (const [index, token] of tokens.entries()) {
    const word = token[0];
    const next = tokens[index + 1]?.[0] ?? '';
    const apostrophe = (word === "'" || word === '’') && /\p{L}$/u.test(text);
    const inName = apostrophe && (/(?:^|[^\p{L}])[OD]$/u.test(text) || /^(?:s|t|re|ll|ve|m|d)$/u.test(next));
    const decimal = word === '.' && /\d$/u.test(text) && /^\d/u.test(next);
    if (!glue && !JOINED_LEFT.test(word) && !inName) text += ' ';
    for (let offset = 0; offset <= word.length; offset++) at.set(token.index + offset, text.length + offset);
    text += word;
    glue = word === '@' || word === '#' || word === '(' || word === '[' || inName || decimal || word === '$';
  }
  const spans: (readonly [number, number])[] = [];
  for (const [start, end] of source.spans) {
    const from = at.get(start);
    const to = at.get(end);
    if (from === undefined || to === undefined) continue;
    const before = text[from - 1] ?? ' ';
    if (/[@#_]/u.test(text[from] ?? '') || /[@#_]/u.test(before)) continue;
    const previous = spans.at(-1);
    if (previous !== undefined && text.slice(previous[1], from) === ' ')
      spans[spans.length - 1] = [previous[0], to];
    else spans.push([from, to]);
  }
  return { id: source.id, text, spans };
}

const [, , corpora = '', lists = corpora] = process.argv;
main(corpora, lists, new URL('data/', import.meta.url).pathname);
