import { emptyTally, type Measured, type Tally } from './measure.ts';
import type { Evaluation } from './sets.ts';
import { AFTERWORD, FOREWORD } from './page-text.ts';

/** The page of results: the same text for the same code and data. */
export function evaluationPage({ corpora, clean, fhir }: Evaluation): string {
  const damage = [...clean].map(([name, { documents, damaged }]) => [
    name,
    documents,
    damaged,
    share(damaged, documents),
  ]);
  const leaves = [...fhir.labels]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, tally]) => [label, tally.leaves, tally.found, tally.asAsked]);
  const all = [...fhir.labels.values()].reduce((sum, tally) => sum + tally.leaves, 0);
  const found = [...fhir.labels.values()].reduce((sum, tally) => sum + tally.found, 0);
  return [
    FOREWORD,
    '## All labels of a corpus together',
    '',
    table(
      HEAD('corpus'),
      [...corpora].map(([name, measured]) => row(name, measured.total)),
    ),
    '## Documents without personal data',
    '',
    table(['documents', 'number', 'with a finding', 'share'], damage),
    '## FHIR leaves',
    '',
    `Found by their keys, or by their text where the key leaves it to that: ${found} of ${all} leaves (${share(found, all)}). Codes, units and quantities: ${fhir.codes}, of them with a finding: ${fhir.damagedCodes}.`,
    '',
    table(['label', 'leaves', 'found', 'as the entity asked for'], leaves),
    '## By label',
    '',
    ...[...corpora].flatMap(([name, measured]) => section(name, measured)),
    AFTERWORD,
  ].join('\n');
}

const HEAD = (first: string): readonly string[] => [
  first,
  'labelled',
  'found',
  'exact P',
  'exact R',
  'overlap P',
  'overlap R',
  'leaked characters',
];

function section(name: string, { documents, tallies }: Measured): string[] {
  const rows = [...tallies].map(([label, tally]) => row(label, tally));
  return [`### ${name} (${documents} texts)`, '', table(HEAD('label'), rows)];
}

function row(name: string, tally: Tally): (string | number)[] {
  const { labelled, found, exact, exactFound, recalled, precise, leaked, characters } = {
    ...emptyTally(),
    ...tally,
  };
  return [
    name,
    labelled,
    found,
    share(exactFound, found),
    share(exact, labelled),
    share(precise, found),
    share(recalled, labelled),
    `${leaked} of ${characters}`,
  ];
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : (part / whole).toFixed(3);
}

/** As the formatter writes tables, so that the page does not change when it is formatted. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map((line) => line.map(String))];
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((line) => (line[column] as string).length)),
  );
  const line = (parts: readonly string[]): string =>
    `| ${parts.map((part, column) => part.padEnd(widths[column] as number)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0] as string[]), rule, ...cells.slice(1).map(line), ''].join('\n');
}
