import type { EntityName } from '../src/entity.ts';

type Table = Readonly<Record<string, readonly EntityName[]>>;

const PRESIDIO: Table = {
  PERSON: ['PERSON'],
  EMAIL_ADDRESS: ['EMAIL'],
  PHONE_NUMBER: ['PHONE', 'FAX'],
  US_SSN: ['SSN', 'ITIN'],
  CREDIT_CARD: ['CREDIT_CARD'],
  IBAN_CODE: ['IBAN'],
  IP_ADDRESS: ['IPV4', 'IPV6'],
  DOMAIN_NAME: ['URL'],
  US_DRIVER_LICENSE: ['DRIVER_LICENSE'],
  DATE_TIME: ['DATE', 'DOB'],
  STREET_ADDRESS: ['STREET', 'ZIP', 'CITY'],
  ADDRESS: ['STREET', 'ZIP', 'CITY'],
  ZIP_CODE: ['ZIP'],
};
const DATAFOG: Table = {
  PERSON: ['PERSON'],
  EMAIL: ['EMAIL'],
  PHONE: ['PHONE', 'FAX'],
  SSN: ['SSN', 'ITIN'],
  CREDIT_CARD: ['CREDIT_CARD'],
  IP_ADDRESS: ['IPV4', 'IPV6'],
  DE_IBAN: ['IBAN'],
  DATE: ['DATE', 'DOB'],
  ZIP_CODE: ['ZIP'],
  ADDRESS: ['STREET', 'ZIP', 'CITY'],
};
const MEDDOCAN: Table = {
  NOMBRE_SUJETO_ASISTENCIA: ['PERSON'],
  NOMBRE_PERSONAL_SANITARIO: ['PERSON'],
  CORREO_ELECTRONICO: ['EMAIL'],
  NUMERO_TELEFONO: ['PHONE', 'FAX'],
  NUMERO_FAX: ['FAX', 'PHONE'],
  FECHAS: ['DATE', 'DOB'],
  CALLE: ['STREET'],
  TERRITORIO: ['CITY', 'ZIP'],
  HOSPITAL: ['FACILITY'],
  CENTRO_SALUD: ['FACILITY'],
  ID_SUJETO_ASISTENCIA: ['MRN'],
  ID_CONTACTO_ASISTENCIAL: ['MRN', 'ACCOUNT'],
  ID_ASEGURAMIENTO: ['HEALTH_PLAN_ID'],
  ID_TITULACION_PERSONAL_SANITARIO: ['LICENSE'],
};
const PERSONS: Table = { PERSON: ['PERSON'] };

/**
 * What the labels of corpora are called here; the first is what a finding should be, the others are as good. A label
 * that has no row is not measured: no entity stands for it (`LOCATION` may be a country, which identifies nobody).
 */
const TABLES: Readonly<Record<string, Table>> = {
  presidio: PRESIDIO,
  datafog: DATAFOG,
  meddocan: MEDDOCAN,
  btc: PERSONS,
  wnut17: PERSONS,
};

/** Of the FHIR gold; the labels `STATE` and `NARRATIVE` ask for no entity. */
export const FHIR_LABELS: Table = {
  NAME: ['PERSON'],
  GEO: ['STREET', 'CITY', 'ZIP', 'GEO'],
  ID: ['ACCOUNT', 'MRN', 'HEALTH_PLAN_ID', 'DEVICE_ID'],
  MRN: ['MRN'],
  SSN: ['SSN'],
  LICENSE: ['DRIVER_LICENSE', 'LICENSE'],
  PASSPORT: ['PASSPORT'],
  PHONE: ['PHONE', 'FAX'],
  DOB: ['DOB'],
  NPI: ['NPI'],
  EMAIL: ['EMAIL'],
  DATE: ['DATE', 'DOB'],
};

/** The entities that a label asks for; generated documents are labelled with entities. Empty: it is not measured. */
export function entitiesOf(corpus: string, label: string): readonly EntityName[] {
  const table = TABLES[corpus];
  return table === undefined ? [label as EntityName] : (table[label] ?? []);
}
