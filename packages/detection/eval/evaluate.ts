/**
 * Measures the detector on labelled documents: `tsx eval/evaluate.ts [--errors ENTITY] file.jsonl ...`
 * One document a line: `{text, spans: [{start, end, label}]}`. Prints exact and overlap precision and recall for each
 * entity, and the characters of labelled values that no finding covers.
 */
import { readFileSync } from 'node:fs';
import { createDetector, type Finding } from '../src/index.ts';
import { ENTITIES_OF_LABEL } from './labels.ts';

interface Document {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number; readonly label: string }[];
}

interface Tally {
  labelled: number;
  found: number;
  exact: number;
  recalled: number;
  precise: number;
  leaked: number;
  characters: number;
}

const args = process.argv.slice(2);
const wanted = args[0] === '--errors' ? args[1] : undefined;
const files = wanted === undefined ? args : args.slice(2);
const detector = createDetector();

for (const file of files) {
  const documents = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Document);
  const tallies = new Map<string, Tally>();
  const labels = new Set(documents.flatMap((document) => document.spans.map((span) => span.label)));
  let clean = 0;
  let damaged = 0;
  for (const document of documents) {
    const findings = detector.scan(document.text);
    if (document.spans.length === 0) {
      clean += 1;
      if (findings.some((finding) => finding.entity !== 'URL')) damaged += 1;
    }
    for (const [label, entities] of Object.entries(ENTITIES_OF_LABEL)) {
      if (labels.has(label)) measure(document, label, entities, findings, tallies);
    }
  }
  console.log(
    `\n${file.split('/').at(-1)}: ${documents.length} documents, ${clean} clean, ${damaged} of them damaged`,
  );
  console.table(
    [...tallies]
      .filter(([, tally]) => tally.labelled > 0)
      .map(([label, tally]) => ({
        label,
        labelled: tally.labelled,
        found: tally.found,
        'exact P': share(tally.exact, tally.found),
        'exact R': share(tally.exact, tally.labelled),
        'overlap P': share(tally.precise, tally.found),
        'overlap R': share(tally.recalled, tally.labelled),
        leaked: `${tally.leaked}/${tally.characters}`,
      })),
  );
}

function measure(
  document: Document,
  label: string,
  entities: readonly string[],
  findings: readonly Finding[],
  tallies: Map<string, Tally>,
): void {
  const gold = document.spans.filter((span) => span.label === label);
  const own = findings.filter((finding) => entities.includes(finding.entity));
  if (gold.length === 0 && own.length === 0) return;
  const tally = tallies.get(label) ?? {
    labelled: 0,
    found: 0,
    exact: 0,
    recalled: 0,
    precise: 0,
    leaked: 0,
    characters: 0,
  };
  tallies.set(label, tally);
  tally.labelled += gold.length;
  tally.found += own.length;
  for (const span of gold) {
    const over = own.filter((finding) => finding.start < span.end && finding.end > span.start);
    if (over.length > 0) tally.recalled += 1;
    if (own.some((finding) => finding.start === span.start && finding.end === span.end)) tally.exact += 1;
    tally.characters += span.end - span.start;
    for (let at = span.start; at < span.end; at++) {
      if (!findings.some((finding) => finding.start <= at && finding.end > at)) tally.leaked += 1;
    }
    if (over.length === 0) report(document, label, 'missed', span.start, span.end, '');
  }
  for (const finding of own) {
    if (gold.some((span) => finding.start < span.end && finding.end > span.start)) tally.precise += 1;
    else report(document, label, 'extra', finding.start, finding.end, finding.rule);
  }
}

/** The corpora are public or synthetic; only with `--errors` is any of their text printed. */
function report(
  { text, id }: Document,
  label: string,
  what: string,
  start: number,
  end: number,
  rule: string,
): void {
  if (label !== wanted) return;
  const around = `${text.slice(Math.max(0, start - 30), start)}⟦${text.slice(start, end)}⟧${text.slice(end, end + 15)}`;
  console.log(what, id, rule, JSON.stringify(around));
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(3);
}
