import type { EntityVerdict } from '../verdicts.ts';

/**
 * Identifier systems: https://hl7.org/fhir/R4/identifier-registry.html, HL7 OID registry https://www.hl7.org/oid/,
 * NHS https://digital.nhs.uk/services/personal-demographics-service.
 */
const SYSTEMS: readonly (readonly [beginning: string, entity: EntityVerdict])[] = [
  ['http://hl7.org/fhir/sid/us-ssn', 'ssn'],
  ['http://hl7.org/fhir/sid/us-npi', 'npi'],
  ['http://hl7.org/fhir/sid/us-mbi', 'mbi'],
  ['http://hl7.org/fhir/sid/us-medicare', 'health-plan-id'],
  ['http://hl7.org/fhir/sid/passport-', 'passport'],
  ['https://fhir.nhs.uk/Id/nhs-number', 'uk-nhs'],
  ['urn:oid:2.16.840.1.113883.4.330.', 'passport'],
  ['urn:oid:2.16.840.1.113883.4.927', 'mbi'],
  ['urn:oid:2.16.840.1.113883.4.814', 'dea'],
  ['urn:oid:2.16.840.1.113883.4.572', 'health-plan-id'],
  ['urn:oid:2.16.840.1.113883.4.3.', 'driver-license'],
  ['urn:oid:2.16.840.1.113883.4.1', 'ssn'],
  ['urn:oid:2.16.840.1.113883.4.6', 'npi'],
  ['urn:oid:2.16.840.1.113883.4.4', 'ein'],
];

/** Identifier types: https://terminology.hl7.org/CodeSystem-v2-0203.html */
const TYPES: ReadonlyMap<string, EntityVerdict> = new Map<string, EntityVerdict>([
  ['SS', 'ssn'],
  ['SB', 'ssn'],
  ['MR', 'mrn'],
  ['MRT', 'mrn'],
  ['PI', 'mrn'],
  ['PT', 'mrn'],
  ['DL', 'driver-license'],
  ['PPN', 'passport'],
  ['NPI', 'npi'],
  ['DEA', 'dea'],
  ['DR', 'license'],
  ['LN', 'license'],
  ['MD', 'license'],
  ['RN', 'license'],
  ['PRN', 'license'],
  ['EN', 'ein'],
  ['TAX', 'tax-id'],
  ['MB', 'health-plan-id'],
  ['SN', 'health-plan-id'],
  ['NH', 'health-plan-id'],
  ['HC', 'health-plan-id'],
  ['MA', 'health-plan-id'],
  ['MC', 'health-plan-id'],
  ['MCD', 'health-plan-id'],
  ['MCR', 'health-plan-id'],
  ['NIIP', 'health-plan-id'],
  ['UDI', 'fhir-device-id'],
  ['SNO', 'fhir-device-id'],
  ['AM', 'credit-card'],
  ['DI', 'credit-card'],
  ['DS', 'credit-card'],
  ['MS', 'credit-card'],
  ['VS', 'credit-card'],
]);

/** What an Identifier says that its value is; undefined where neither its system nor its type does. */
export function identifierEntity(identifier: Readonly<Record<string, unknown>>): EntityVerdict | undefined {
  const { system, type } = identifier;
  if (typeof system === 'string') {
    for (const [beginning, entity] of SYSTEMS) if (matches(system, beginning)) return entity;
  }
  if (typeof type !== 'object' || type === null) return undefined;
  const { coding } = type as { readonly coding?: unknown };
  if (!Array.isArray(coding)) return undefined;
  for (let i = 0; i < coding.length && i < 8; i++) {
    const code = (coding[i] as { readonly code?: unknown } | null | undefined)?.code;
    const entity = typeof code === 'string' ? TYPES.get(code) : undefined;
    if (entity !== undefined) return entity;
  }
  return undefined;
}

/** A beginning that ends in a dot or a dash goes on; any other is the whole name. */
function matches(system: string, beginning: string): boolean {
  if (!system.startsWith(beginning)) return false;
  return system.length === beginning.length || /[.-]$/.test(beginning);
}
