import type { EntityName } from '../src/entity.ts';
import type { Finding } from '../src/finding.ts';
import type { LabelledText, Span } from './corpora.ts';

/** Counts for one label of one corpus. */
export interface Tally {
  labelled: number;
  /** Findings of its entities, without those that belong to another label. */
  found: number;
  /** Labelled spans that a finding of its entities has both ends of. */
  exact: number;
  /** Labelled spans that a finding of its entities overlaps. */
  recalled: number;
  /** Findings that have both ends of a labelled span. */
  exactFound: number;
  /** Findings that overlap a labelled span. */
  precise: number;
  /** Labelled characters that no finding of any entity covers. */
  leaked: number;
  characters: number;
}

export interface Measured {
  readonly documents: number;
  readonly tallies: ReadonlyMap<string, Tally>;
  /** All labels together. */
  readonly total: Tally;
}

export interface Miss {
  readonly label: string;
  readonly what: 'missed' | 'part' | 'extra' | 'leaked';
  readonly document: LabelledText;
  readonly start: number;
  readonly end: number;
  readonly rule: string;
}

export type Scan = (text: string) => readonly Finding[];
export type EntitiesOf = (label: string) => readonly EntityName[];

const overlaps = (a: { readonly start: number; readonly end: number }, b: Span): boolean =>
  a.start < b.end && a.end > b.start;
const equals = (a: { readonly start: number; readonly end: number }, b: Span): boolean =>
  a.start === b.start && a.end === b.end;

/** Compares findings with labels. `report` is told of everything that is not as labelled. */
export function measure(
  documents: readonly LabelledText[],
  scan: Scan,
  entitiesOf: EntitiesOf,
  report: (miss: Miss) => void = () => {},
): Measured {
  const tallies = new Map<string, Tally>();
  const total = emptyTally();
  const labels = new Set(documents.flatMap((document) => document.spans.map((span) => span.label)));
  const asked = [...labels].filter((label) => entitiesOf(label).length > 0).sort();
  for (const label of asked) tallies.set(label, emptyTally());
  for (const document of documents) {
    const findings = scan(document.text);
    const gold = document.spans.filter((span) => tallies.has(span.label));
    for (const span of gold) {
      for (const tally of [tallies.get(span.label) as Tally, total])
        countSpan(
          document,
          span,
          findings,
          entitiesOf(span.label),
          tally,
          tally === total ? () => {} : report,
        );
    }
    const others = document.spans.filter((span) => !tallies.has(span.label));
    for (const finding of findings) {
      const label = asked.find((name) => entitiesOf(name).includes(finding.entity));
      if (label === undefined || others.some((span) => overlaps(finding, span))) continue;
      const own = gold.filter((span) => entitiesOf(span.label).includes(finding.entity));
      const hit = own.find((span) => overlaps(finding, span));
      const isExact = own.some((span) => equals(finding, span));
      for (const tally of [tallies.get(hit?.label ?? label) as Tally, total]) {
        tally.found += 1;
        if (hit !== undefined) tally.precise += 1;
        if (isExact) tally.exactFound += 1;
      }
      if (hit === undefined)
        report({
          label,
          what: 'extra',
          document,
          start: finding.start,
          end: finding.end,
          rule: `${finding.entity} ${finding.rule}`,
        });
    }
  }
  return { documents: documents.length, tallies, total };
}

function countSpan(
  document: LabelledText,
  span: Span,
  findings: readonly Finding[],
  entities: readonly EntityName[],
  tally: Tally,
  report: (miss: Miss) => void,
): void {
  const own = findings.filter((finding) => entities.includes(finding.entity) && overlaps(finding, span));
  const isExact = own.some((finding) => equals(finding, span));
  let leaked = 0;
  for (let at = span.start; at < span.end; at++) {
    if (!findings.some((finding) => finding.start <= at && finding.end > at)) leaked += 1;
  }
  tally.labelled += 1;
  tally.characters += span.end - span.start;
  tally.leaked += leaked;
  if (own.length > 0) tally.recalled += 1;
  if (isExact) tally.exact += 1;
  if (isExact) return;
  const what = own.length > 0 ? 'part' : leaked > 0 ? 'leaked' : 'missed';
  const rule = findings.filter((finding) => overlaps(finding, span)).map((finding) => finding.rule);
  report({ label: span.label, what, document, start: span.start, end: span.end, rule: rule.join(' ') });
}

/** How many documents without personal data have a finding. */
export function damaged(
  documents: readonly LabelledText[],
  scan: Scan,
  report: (miss: Miss) => void = () => {},
): number {
  let count = 0;
  for (const document of documents) {
    const findings = scan(document.text);
    if (findings.length > 0) count += 1;
    for (const { start, end, entity, rule } of findings)
      report({ label: entity, what: 'extra', document, start, end, rule });
  }
  return count;
}

export function emptyTally(): Tally {
  return {
    labelled: 0,
    found: 0,
    exact: 0,
    recalled: 0,
    exactFound: 0,
    precise: 0,
    leaked: 0,
    characters: 0,
  };
}
