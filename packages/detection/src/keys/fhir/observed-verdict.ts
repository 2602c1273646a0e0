import { isOver89 } from '../value-shape.ts';
import { VERDICT, type VerdictName } from '../verdicts.ts';

type Container = Readonly<Record<string, unknown>>;

const MOST_CODINGS = 8;

/** Observations that are an identifier: https://loinc.org/30525-0 and the like. */
const LOINC: ReadonlyMap<unknown, VerdictName> = new Map<unknown, VerdictName>([
  ['30525-0', 'age-over-89'],
  ['29553-5', 'age-over-89'],
  ['21611-9', 'age-over-89'],
  ['21612-7', 'age-over-89'],
  ['21112-8', 'fhir-dob'],
  ['42077-8', 'fhir-person'],
  ['45392-8', 'fhir-person'],
  ['45394-4', 'fhir-person'],
  ['45396-9', 'ssn'],
  ['56799-0', 'fhir-street'],
]);

/** Of the value of an Observation: a quantity is kept unless it is an age, and a time is a date of the patient. */
export function observedVerdict(key: string, observation: Container, value: unknown): number {
  // By far the most are of other units: their codes need not be read.
  if (key === 'valueQuantity' && !isInYears(value)) return VERDICT.keep;
  const known = codeVerdict(observation['code']);
  switch (key) {
    case 'valueQuantity':
      return VERDICT[known === 'age-over-89' ? known : 'keep'];
    case 'valueInteger':
      return VERDICT[known === 'age-over-89' && isOver89(value) ? known : 'keep'];
    case 'valueDateTime':
      return VERDICT[known === 'fhir-dob' ? known : 'fhir-date'];
    default:
      return VERDICT[known === undefined || known === 'age-over-89' ? 'text' : known];
  }
}

/** Whether a Quantity is in years, as far as it says: https://ucum.org, `a`. */
export function isInYears(quantity: unknown): boolean {
  if (typeof quantity !== 'object' || quantity === null) return false;
  const { code, unit } = quantity as { readonly code?: unknown; readonly unit?: unknown };
  const years = code ?? unit ?? 'a';
  return typeof years === 'string' && /^[ay]/i.test(years);
}

function codeVerdict(code: unknown): VerdictName | undefined {
  if (typeof code !== 'object' || code === null) return undefined;
  const { coding } = code as { readonly coding?: unknown };
  if (!Array.isArray(coding)) return undefined;
  for (let i = 0; i < coding.length && i < MOST_CODINGS; i++) {
    const known = LOINC.get((coding[i] as { readonly code?: unknown } | null | undefined)?.code);
    if (known !== undefined) return known;
  }
  return undefined;
}
