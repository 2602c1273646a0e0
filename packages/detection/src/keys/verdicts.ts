import type { EntityName } from '../entity.ts';
import type { Verdict } from './key-reader.ts';

export type EntityVerdict =
  | 'email'
  | 'phone'
  | 'fax'
  | 'url'
  | 'ipv4'
  | 'ipv6'
  | 'mac'
  | 'ssn'
  | 'itin'
  | 'ein'
  | 'tax-id'
  | 'passport'
  | 'driver-license'
  | 'license'
  | 'uk-nino'
  | 'uk-nhs'
  | 'ca-sin'
  | 'in-aadhaar'
  | 'in-pan'
  | 'pl-pesel'
  | 'pl-nip'
  | 'es-nif'
  | 'es-nie'
  | 'fr-nir'
  | 'de-steuer-id'
  | 'au-tfn'
  | 'credit-card'
  | 'card-security-code'
  | 'card-pin'
  | 'card-track'
  | 'iban'
  | 'aba'
  | 'account'
  | 'personal-id'
  | 'btc'
  | 'mrn'
  | 'patient-id'
  | 'mbi'
  | 'health-plan-id'
  | 'npi'
  | 'dea'
  | 'device-id'
  | 'person'
  | 'person-likely'
  | 'street'
  | 'street-likely'
  | 'city'
  | 'city-alone'
  | 'zip'
  | 'geo'
  | 'facility'
  | 'date'
  | 'date-likely'
  | 'dob'
  | 'age-over-89'
  | 'vin'
  | 'plate'
  | 'username'
  | 'fhir-person'
  | 'fhir-display-person'
  | 'fhir-street'
  | 'fhir-city'
  | 'fhir-zip'
  | 'fhir-geo'
  | 'fhir-facility'
  | 'fhir-dob'
  | 'fhir-date'
  | 'fhir-identifier'
  | 'fhir-device-id'
  | 'fhir-url'
  | 'fhir-user';

/**
 * What a place can say: rule, entity, score. A score is the share of values under such keys that are the entity, judged
 * by hand: .95 where the key says it, .8 where it is usual, .6 where the key is shared with harmless data.
 */
const ENTITY_VERDICTS: Readonly<Record<EntityVerdict, readonly [EntityName, number]>> = {
  email: ['EMAIL', 0.95],
  phone: ['PHONE', 0.95],
  fax: ['FAX', 0.95],
  url: ['URL', 0.8],
  ipv4: ['IPV4', 0.95],
  ipv6: ['IPV6', 0.95],
  mac: ['MAC', 0.95],
  ssn: ['SSN', 0.95],
  itin: ['ITIN', 0.95],
  ein: ['EIN', 0.95],
  'tax-id': ['EIN', 0.7],
  passport: ['PASSPORT', 0.95],
  'driver-license': ['DRIVER_LICENSE', 0.95],
  license: ['LICENSE', 0.9],
  'uk-nino': ['UK_NINO', 0.95],
  'uk-nhs': ['UK_NHS', 0.95],
  'ca-sin': ['CA_SIN', 0.95],
  'in-aadhaar': ['IN_AADHAAR', 0.95],
  'in-pan': ['IN_PAN', 0.9],
  'pl-pesel': ['PL_PESEL', 0.95],
  'pl-nip': ['PL_NIP', 0.9],
  'es-nif': ['ES_NIF', 0.9],
  'es-nie': ['ES_NIE', 0.9],
  'fr-nir': ['FR_NIR', 0.9],
  'de-steuer-id': ['DE_STEUER_ID', 0.95],
  'au-tfn': ['AU_TFN', 0.95],
  'credit-card': ['CREDIT_CARD', 0.95],
  'card-security-code': ['CARD_SECURITY_CODE', 0.9],
  'card-pin': ['CARD_PIN', 0.9],
  'card-track': ['CARD_TRACK', 0.95],
  iban: ['IBAN', 0.95],
  aba: ['ABA', 0.9],
  account: ['ACCOUNT', 0.9],
  'personal-id': ['ACCOUNT', 0.7],
  btc: ['BTC', 0.8],
  mrn: ['MRN', 0.95],
  'patient-id': ['MRN', 0.7],
  mbi: ['MBI', 0.95],
  'health-plan-id': ['HEALTH_PLAN_ID', 0.9],
  npi: ['NPI', 0.95],
  dea: ['DEA', 0.95],
  'device-id': ['DEVICE_ID', 0.8],
  person: ['PERSON', 0.95],
  'person-likely': ['PERSON', 0.8],
  street: ['STREET', 0.95],
  'street-likely': ['STREET', 0.7],
  city: ['CITY', 0.9],
  'city-alone': ['CITY', 0.6],
  zip: ['ZIP', 0.9],
  geo: ['GEO', 0.8],
  facility: ['FACILITY', 0.8],
  date: ['DATE', 0.9],
  'date-likely': ['DATE', 0.5],
  dob: ['DOB', 0.95],
  'age-over-89': ['AGE_OVER_89', 0.95],
  vin: ['VIN', 0.9],
  plate: ['PLATE', 0.7],
  username: ['USERNAME', 0.9],
  'fhir-person': ['PERSON', 0.99],
  'fhir-display-person': ['PERSON', 0.9],
  'fhir-street': ['STREET', 0.99],
  'fhir-city': ['CITY', 0.99],
  'fhir-zip': ['ZIP', 0.99],
  'fhir-geo': ['GEO', 0.99],
  'fhir-facility': ['FACILITY', 0.9],
  'fhir-dob': ['DOB', 0.99],
  'fhir-date': ['DATE', 0.99],
  'fhir-identifier': ['ACCOUNT', 0.9],
  'fhir-device-id': ['DEVICE_ID', 0.95],
  'fhir-url': ['URL', 0.9],
  'fhir-user': ['USERNAME', 0.9],
};

export type VerdictName = 'text' | 'keep' | EntityVerdict;

const NAMES: readonly VerdictName[] = ['text', 'keep', ...(Object.keys(ENTITY_VERDICTS) as EntityVerdict[])];

/** What a place says, by the number in its low bits. */
export const VERDICTS: readonly Verdict[] = Object.freeze(NAMES.map(toVerdict));

/** The number of a verdict. */
export const VERDICT: Readonly<Record<VerdictName, number>> = Object.freeze(
  Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<VerdictName, number>,
);

function toVerdict(name: VerdictName): Verdict {
  if (name === 'text') return undefined;
  if (name === 'keep') return 'keep';
  const [entity, score] = ENTITY_VERDICTS[name];
  return Object.freeze({ entity, score, rule: name.startsWith('fhir-') ? name : `key-${name}` });
}
