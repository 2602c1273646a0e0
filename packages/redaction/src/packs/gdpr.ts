import { NATIONAL_NUMBERS } from './national-numbers.ts';
import type { Pack } from './pack.ts';

/** Regulation (EU) 2016/679: Art. 4(1), what identifies; Art. 9(1), the special categories. */
export const GDPR: Pack = {
  name: 'gdpr',
  title: 'GDPR, Regulation (EU) 2016/679, Art. 4(1) and 9(1)',
  source: 'https://eur-lex.europa.eu/eli/reg/2016/679/oj',
  rows: [
    { identifier: 'Name', clause: 'Art. 4(1)', entities: ['PERSON'], operator: 'label' },
    {
      identifier: 'Identification number',
      clause: 'Art. 4(1)',
      entities: [
        ...NATIONAL_NUMBERS.filter((entity) => entity !== 'UK_NHS'),
        'SSN',
        'ITIN',
        'PASSPORT',
        'DRIVER_LICENSE',
        'LICENSE',
        'NPI',
        'DEA',
        'VIN',
        'PLATE',
      ],
      operator: 'label',
      note: 'National numbers need the packs of rules (locales) of their countries, Art. 87.',
    },
    { identifier: 'Postal address', clause: 'Art. 4(1)', entities: ['STREET'], operator: 'label' },
    {
      identifier: 'Location data',
      clause: 'Art. 4(1)',
      entities: ['GEO', 'ZIP'],
      operator: 'generalize',
      note: 'Whole degrees, and three digits of a postal code of five; one of letters gets a label. Towns stay.',
    },
    {
      identifier: 'Online identifier',
      clause: 'Art. 4(1), recital 30',
      entities: ['IPV4', 'IPV6', 'MAC', 'DEVICE_ID', 'USERNAME'],
      operator: 'label',
    },
    {
      identifier: 'Means to reach a person',
      clause: 'Art. 4(1)',
      entities: ['EMAIL', 'PHONE', 'FAX'],
      operator: 'label',
    },
    {
      identifier: 'Economic identity: accounts and cards',
      clause: 'Art. 4(1)',
      entities: ['IBAN', 'ACCOUNT', 'CREDIT_CARD', 'CARD_SECURITY_CODE', 'BTC'],
      operator: 'label',
    },
    {
      identifier: 'Date of birth',
      clause: 'Art. 4(1)',
      entities: ['DOB'],
      operator: 'generalize',
      note: 'The year. Other dates stay.',
    },
    {
      identifier: 'Data concerning health: numbers given for health purposes',
      clause: 'Art. 9(1), recital 35',
      entities: ['MRN', 'MBI', 'HEALTH_PLAN_ID', 'UK_NHS'],
      operator: 'label',
      note: 'Only numbers. What somebody suffers from is prose and codes, and stays.',
    },
    {
      identifier: 'Genetic and biometric data',
      clause: 'Art. 9(1)',
      entities: [],
      operator: 'label',
      note: 'Not found: sequences, recordings and images have no form that tells them from other data. Do not give tools that return them.',
    },
    {
      identifier:
        'Racial or ethnic origin, political opinions, beliefs, trade union membership, sex life or orientation',
      clause: 'Art. 9(1)',
      entities: [],
      operator: 'label',
      note: 'Not found: these are words in prose, and which of them say something about a person no rule can tell. Write detector rules for the fields and lists of words that you know.',
    },
  ],
  limits: [
    'What it writes is at best pseudonymous, Art. 4(5): with a vault, a key or the rest of a record a person can still be found, and the regulation still applies.',
    'URLs, towns, companies and their tax numbers stay; most are of nobody. Add them under operators.',
    'Names in prose need a `proseDetector`; without one, only keys and titles give names away.',
    'It answers no request of a person: access and erasure are for the systems that hold the data, and for the vault (`erase`).',
  ],
};
