import { isJsonObject, type JsonObject, type Result } from '@sallyport/core';
import {
  createDetector,
  createKeyReader,
  type Detector,
  type EntityName,
  RULES,
  SECRET_ENTITIES,
  SECRET_RULES,
} from '@sallyport/detection';
import type { RedactionRule } from '@sallyport/redaction';

import { expandExample } from '../../../detection/test/secrets/expand-example.ts';
import { mergePacks, PACKS } from '../../src/packs/index.ts';
import { FakeVault, type Ran, run } from '../rig.ts';

/** What is no identifier, and has to stay in every pack: codes, values, doses. */
export const CLINICAL: string = [
  'ICD-10 E11.9 and I10; LOINC 4548-4 HbA1c 7.2 %, LOINC 2345-7 glucose 169 mg/dL; RxNorm 860975 metformin 500 mg twice',
  'daily; SNOMED CT 44054006; CPT 99213; NDC 0002-8215-01; BP 120/80, HR 72, SpO2 98 %, 70 kg, 175 cm',
].join(' ');

export const CLINICAL_DATA: JsonObject = {
  icd10: 'E11.9',
  loinc: '4548-4',
  rxnorm: '860975',
  snomed: '44054006',
  cpt: '99213',
  dose: 500,
  value: 7.2,
  unit: '%',
  age: 45,
};

/** Looks for what its rules name, as one that is made for a policy. */
function detectorOf(rules: readonly RedactionRule[]): Detector {
  const entities = rules.flatMap((rule) => [...rule.entities]) as EntityName[];
  return entities.every((entity) => SECRET_NAMES.has(entity)) ? FOR_SECRETS : DETECTOR;
}

const SECRET_NAMES: ReadonlySet<EntityName> = new Set(SECRET_ENTITIES);
const ALL = mergePacks([...PACKS.values()]);

/** Looks for everything that packs name, but for secrets. */
export const DETECTOR: Detector = createDetector({
  entities: ALL.rows.flatMap(({ entities }) => entities.filter((entity) => !SECRET_NAMES.has(entity))),
  rules: ALL.detectorRules ?? [],
});
const FOR_SECRETS: Detector = createDetector({ entities: SECRET_ENTITIES });

/** What a pack makes of the result of a tool. */
export function pass(rules: readonly RedactionRule[], result: JsonObject): Promise<Ran> {
  const answer: Result = { result };
  return run(
    { rules, detector: detectorOf(rules), keyReader: createKeyReader(), vault: new FakeVault() },
    {},
    answer,
  );
}

/** The same for one text, and for the same text in data; they have to come out alike, and the clinical rest as it was. */
export async function passText(rules: readonly RedactionRule[], text: string): Promise<string> {
  const structuredContent = { remark: text, ...CLINICAL_DATA };
  const content = [
    { type: 'text', text },
    { type: 'text', text: CLINICAL },
  ];
  const ran = await pass(rules, { content, structuredContent });
  const result = ran.result?.result;
  if (result === undefined) throw ran.refusal ?? new Error('an error was answered');
  const [first, second] = result['content'] as { readonly text: string }[];
  const { remark, ...clinical } = result['structuredContent'] as { readonly remark: string };
  if (first?.text !== remark) throw new Error('a text and the same text in data came out differently');
  if (second?.text !== CLINICAL) throw new Error('clinical text was changed');
  if (JSON.stringify(clinical) !== JSON.stringify(CLINICAL_DATA))
    throw new Error('clinical data was changed');
  return remark;
}

/** What data becomes. */
export async function passData(rules: readonly RedactionRule[], data: JsonObject): Promise<JsonObject> {
  const ran = await pass(rules, { content: [], structuredContent: data });
  const structured = ran.result?.result?.['structuredContent'];
  if (!isJsonObject(structured)) throw ran.refusal ?? new Error('no data came out');
  return structured;
}

interface Example {
  readonly before: string;
  readonly value: string;
  readonly after: string;
}

/** A text with one value in it, once, which is found as this entity and is the only thing that is found. */
export function exampleOf(entity: EntityName): Example {
  const rules = [...RULES, ...SECRET_RULES].filter((rule) => rule.entity === entity);
  const marked = rules.flatMap(({ id, examples }) => examples.ok.map((text) => expandExample(text, id)));
  const detector = SECRET_NAMES.has(entity) ? FOR_SECRETS : DETECTOR;
  for (const text of [...(OWN[entity] ?? []), ...marked]) {
    const [before = '', value = '', after = ''] = text.split(/[⟦⟧]/);
    const [only, ...others] = detector.scan(`${before}${value}${after}`);
    if (only === undefined || only.entity !== entity || others.length > 0) continue;
    if (`${before}${after}`.includes(value)) continue;
    if (only.start === before.length && only.end === before.length + value.length)
      return { before, value, after };
  }
  throw new Error(`${entity} has no example; add one to OWN`);
}

/** Texts for what a rule of a pack finds, or where a form in a test is written for one value. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  CARD_TRACK: ['swiped ;⟦4111111111111111=25121011234567890⟧? at the till'],
  CARD_SECURITY_CODE: ['paid with ⟦CVV: 123⟧ by phone'],
  CARD_PIN: ['she said ⟦PIN: 4711⟧ aloud'],
  CREDIT_CARD: ['Card ⟦4111111111111111⟧ approved'],
  ZIP: ['Ship to ZIP ⟦94105⟧ today'],
  DATE: ['Date ⟦1989-03-15⟧ recorded'],
  DOB: ['DOB ⟦03/15/1989⟧'],
  AGE_OVER_89: ['a ⟦92-year-old⟧ woman'],
  GEO: ['at ⟦37.7749, -122.4194⟧'],
};
