import { describe, expect, it } from 'vitest';
import { entitiesOf } from '../eval/labels.ts';
import { type LabelledText } from '../eval/corpora.ts';
import { damaged, measure, type Scan, type Tally } from '../eval/measure.ts';
import { evaluate } from '../eval/sets.ts';
import { evaluationPage } from '../eval/page.ts';

const { corpora, clean, fhir } = evaluate({ size: 60, most: 120 });
const tallyOf = (corpus: string, label?: string): Tally => {
  const measured = corpora.get(corpus);
  const tally = label === undefined ? measured?.total : measured?.tallies.get(label);
  if (tally === undefined) throw new RangeError(`nothing was measured for ${corpus} ${label ?? ''}`);
  return tally;
};
const recall = ({ recalled, labelled }: Tally): number => recalled / labelled;
const precision = ({ precise, found }: Tally): number => precise / found;

describe('the quality of findings, as EVAL.md has it, does not fall', () => {
  it.each(['SSN', 'CREDIT_CARD', 'IBAN', 'IPV4', 'IPV6', 'PHONE', 'DATE', 'MRN'])(
    'for %s in generated documents',
    (label) => {
      for (const set of ['seen', 'held out']) {
        const tally = tallyOf(`generated ${set}: mixed`, label);
        expect(recall(tally), set).toBeGreaterThanOrEqual(0.98);
        expect(precision(tally), set).toBeGreaterThanOrEqual(0.95);
      }
    },
  );

  it('for e-mail addresses, spelled ones among them', () => {
    expect(recall(tallyOf('generated seen: mixed', 'EMAIL'))).toBeGreaterThanOrEqual(0.95);
    expect(precision(tallyOf('generated seen: mixed', 'EMAIL'))).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    ['generated held out: clinical queries', 0.95, 0.97],
    ['generated held out: records', 0.95, 0.99],
    ['datafog', 0.85, 0.9],
    ['meddocan', 0.85, 0.95],
    ['presidio', 0.7, 0.97],
  ])('for all labels of %s', (corpus, leastRecall, leastPrecision) => {
    expect(recall(tallyOf(corpus))).toBeGreaterThanOrEqual(leastRecall);
    expect(precision(tallyOf(corpus))).toBeGreaterThanOrEqual(leastPrecision);
  });

  it('for texts without personal data', () => {
    for (const [name, { documents, damaged: touched }] of clean) {
      if (name !== 'datafog') expect(touched / documents, name).toBeLessThanOrEqual(0.03);
    }
  });

  it('for the leaves of FHIR resources, whose codes stay as they are', () => {
    const leaves = [...fhir.labels.values()];
    const all = leaves.reduce((sum, tally) => sum + tally.leaves, 0);
    expect(leaves.reduce((sum, tally) => sum + tally.found, 0) / all).toBeGreaterThanOrEqual(0.995);
    expect(fhir.damagedCodes).toBe(0);
    expect(fhir.codes).toBeGreaterThan(1_000);
  });
});

describe('the measure', () => {
  const document: LabelledText = {
    id: 'a',
    text: 'one two three',
    spans: [
      { start: 0, end: 3, label: 'SSN' },
      { start: 4, end: 7, label: 'EMAIL' },
    ],
  };
  const scan: Scan = () => [
    { start: 0, end: 2, entity: 'SSN', score: 1, rule: 'x' },
    { start: 4, end: 7, entity: 'PHONE', score: 1, rule: 'y' },
    { start: 8, end: 13, entity: 'EMAIL', score: 1, rule: 'z' },
  ];
  const { tallies } = measure([document], scan, (label) => entitiesOf('generated', label));

  it('counts a part of a value as overlap, and the rest of it as leaked', () => {
    expect(tallies.get('SSN')).toMatchObject({ labelled: 1, exact: 0, recalled: 1, precise: 1, leaked: 1 });
  });

  it('counts a value under another name as missed, and not as leaked', () => {
    expect(tallies.get('EMAIL')).toMatchObject({ labelled: 1, found: 1, recalled: 0, precise: 0, leaked: 0 });
  });

  it('counts documents with any finding as damaged', () => {
    expect(damaged([document, document], scan)).toBe(2);
    expect(damaged([document], () => [])).toBe(0);
  });
});

it('writes the same page for the same data', () => {
  const page = evaluationPage({ corpora, clean, fhir });
  expect(evaluationPage(evaluate({ size: 60, most: 120 }))).toBe(page);
  expect(page).toContain('| generated seen: mixed');
});
