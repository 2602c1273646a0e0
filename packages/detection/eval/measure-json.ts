import type { EntityName } from '../src/entity.ts';
import type { Finding } from '../src/finding.ts';
import type { KeyReader } from '../src/keys/key-reader.ts';
import type { FhirBundle, LabelledText, Span } from './corpora.ts';
import type { LabelledRecord } from './generate/documents.ts';
import { FHIR_LABELS } from './labels.ts';
import type { Scan } from './measure.ts';

/** A leaf, and what its key or else its text gives. */
interface Leaf {
  readonly pointer: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** As redaction walks: the key decides, or leaves it to the text. */
function readLeaves(value: unknown, reader: KeyReader, scan: Scan): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (item: unknown, place: number, pointer: string): void => {
    if (Array.isArray(item)) {
      for (const [index, member] of item.entries()) visit(member, place, `${pointer}/${index}`);
    } else if (typeof item === 'object' && item !== null) {
      const container = item as Readonly<Record<string, unknown>>;
      for (const [key, member] of Object.entries(container)) {
        const name = key.replaceAll('~', '~0').replaceAll('/', '~1');
        visit(member, reader.step(place, key, container, member), `${pointer}/${name}`);
      }
    } else {
      const text = String(item);
      const verdict = reader.verdict(place);
      const findings =
        verdict === 'keep'
          ? []
          : verdict === undefined
            ? scan(text)
            : [{ ...verdict, start: 0, end: text.length }];
      leaves.push({ pointer, text, findings });
    }
  };
  visit(value, reader.start, '');
  reader.forget();
  return leaves;
}

/** The leaves of records as documents, and a scan that answers for them what was found with their keys. */
export function leavesAsDocuments(
  records: readonly LabelledRecord[],
  reader: KeyReader,
  scan: Scan,
): { readonly documents: readonly LabelledText[]; readonly scan: Scan } {
  const documents: LabelledText[] = [];
  const findings: (readonly Finding[])[] = [];
  for (const record of records) {
    for (const leaf of readLeaves(record.value, reader, scan)) {
      const spans: readonly Span[] = record.leaves.get(leaf.pointer) ?? [];
      documents.push({ id: `${record.id}${leaf.pointer}`, text: leaf.text, spans });
      findings.push(leaf.findings);
    }
  }
  let next = 0;
  return { documents, scan: () => findings[next++] ?? [] };
}

interface FhirTally {
  leaves: number;
  found: number;
  asAsked: number;
}
export interface FhirMeasured {
  readonly labels: ReadonlyMap<string, FhirTally>;
  readonly codes: number;
  readonly damagedCodes: number;
}

/** Codes, units, quantities and statuses of FHIR: what must come through as it is. */
const CODES =
  /\/(?:coding\/\d+\/(?:code|display|system|version)|system|unit|code|currency|status|use|resourceType|(?:valueQuantity|amount|net|total)\/value|sequence)$/;

export function measureFhir(bundles: readonly FhirBundle[], reader: KeyReader, scan: Scan): FhirMeasured {
  const labels = new Map<string, FhirTally>();
  let codes = 0;
  let damagedCodes = 0;
  for (const { bundle, gold } of bundles) {
    const labelOf = new Map(gold);
    for (const { pointer, findings } of readLeaves(bundle, reader, scan)) {
      const label = labelOf.get(pointer);
      if (label === undefined) {
        if (!CODES.test(pointer)) continue;
        codes += 1;
        if (findings.length > 0) damagedCodes += 1;
        continue;
      }
      const asked: readonly EntityName[] | undefined = FHIR_LABELS[label];
      if (asked === undefined) continue;
      const tally = labels.get(label) ?? { leaves: 0, found: 0, asAsked: 0 };
      labels.set(label, tally);
      tally.leaves += 1;
      if (findings.length > 0) tally.found += 1;
      if (findings.some((finding) => asked.includes(finding.entity))) tally.asAsked += 1;
    }
  }
  return { labels, codes, damagedCodes };
}
