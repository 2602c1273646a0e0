import { isOrganisation } from '../value-shape.ts';
import type { VerdictName } from '../verdicts.ts';

const TARGETS: ReadonlyMap<string, VerdictName> = new Map<string, VerdictName>([
  ...each(
    'fhir-display-person',
    'Patient Practitioner PractitionerRole RelatedPerson Person ResearchSubject',
  ),
  ...each('fhir-facility', 'Organization Location HealthcareService'),
  ...each(
    'keep',
    'Condition Observation Medication MedicationRequest MedicationStatement MedicationDispense MedicationAdministration',
  ),
  ...each(
    'keep',
    'Procedure Substance Immunization AllergyIntolerance DiagnosticReport ServiceRequest Specimen Goal',
  ),
]);

function each(verdict: VerdictName, names: string): readonly (readonly [string, VerdictName])[] {
  return names.split(' ').map((name) => [name, verdict]);
}

/** The kind of thing that a Reference points to, where it says so: `Patient/1`, `https://host/fhir/Patient/1`, `type`. */
export function targetVerdict(reference: Readonly<Record<string, unknown>>): VerdictName | undefined {
  const { type, reference: to } = reference;
  const named = typeof type === 'string' ? TARGETS.get(type) : undefined;
  if (named !== undefined || typeof to !== 'string' || to.length > 400) return named;
  const slash = to.lastIndexOf('/');
  return slash < 0 ? undefined : TARGETS.get(to.slice(to.lastIndexOf('/', slash - 1) + 1, slash));
}

/** Of a text that names a person, an organisation or a device. One word alone (`Humana`) is left to the text. */
export function partyVerdict(display: unknown): VerdictName {
  if (typeof display !== 'string') return 'text';
  if (isOrganisation(display)) return 'fhir-facility';
  return display.length <= 80 && /^\S+\s+\S/.test(display) ? 'fhir-display-person' : 'text';
}
