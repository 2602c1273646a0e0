/** What a detector looks for unless told otherwise, in the order of the groups of `RULES.md`. */
export const ENTITIES = [
  'EMAIL',
  'PHONE',
  'FAX',
  'URL',
  'IPV4',
  'IPV6',
  'MAC',
  'SSN',
  'ITIN',
  'EIN',
  'PASSPORT',
  'DRIVER_LICENSE',
  'LICENSE',
  'UK_NINO',
  'UK_NHS',
  'CA_SIN',
  'IN_AADHAAR',
  'IN_PAN',
  'PL_PESEL',
  'PL_NIP',
  'ES_NIF',
  'ES_NIE',
  'FR_NIR',
  'DE_STEUER_ID',
  'AU_TFN',
  'CREDIT_CARD',
  'CARD_SECURITY_CODE',
  'IBAN',
  'ABA',
  'ACCOUNT',
  'BTC',
  'MRN',
  'MBI',
  'HEALTH_PLAN_ID',
  'NPI',
  'DEA',
  'DEVICE_ID',
  'PERSON',
  'STREET',
  'CITY',
  'ZIP',
  'GEO',
  'FACILITY',
  'DATE',
  'DOB',
  'AGE_OVER_89',
  'VIN',
  'PLATE',
  'USERNAME',
] as const;

/**
 * What a credential is, whoever issued it; the id of the rule names the vendor. Looked for where they are named.
 *
 * - `API_KEY`: names or signs for an application: API keys, secret keys, client and signing secrets.
 * - `ACCESS_TOKEN`: is shown to be let in: personal access, OAuth, bot, session and deploy tokens.
 * - `JWT`: a JSON Web Token, whatever it is for.
 * - `PRIVATE_KEY`: the secret half of a pair: PEM, OpenSSH, PGP, PuTTY, age, NATS, WireGuard.
 * - `PASSWORD`: what a person or a program logs in with, in a URL, a header, a file or an assignment.
 * - `CONNECTION_STRING`: the address of a database or broker with its password, as a whole.
 * - `WEBHOOK_URL`: a URL that is its own credential.
 */
export const SECRET_ENTITIES = [
  'API_KEY',
  'ACCESS_TOKEN',
  'JWT',
  'PRIVATE_KEY',
  'PASSWORD',
  'CONNECTION_STRING',
  'WEBHOOK_URL',
] as const;

export type SecretEntity = (typeof SECRET_ENTITIES)[number];

/** The closed list of built-in entities. */
export type Entity = (typeof ENTITIES)[number] | SecretEntity;

/** A built-in entity, or the UPPER_CASE name that a user rule gives to what it finds. */
export type EntityName = Entity | Uppercase<string>;
