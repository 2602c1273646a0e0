import { expect, it } from 'vitest';

import { expandPack, findPack } from '../../src/packs/index.ts';
import { passData } from './rig.ts';

const PATIENT = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [
    { system: 'http://hl7.org/fhir/sid/us-ssn', value: '219099999' },
    { type: { coding: [{ code: 'MR' }] }, value: 'A77' },
  ],
  name: [{ use: 'official', family: 'Roe', given: ['Jane'] }],
  telecom: [
    { system: 'phone', value: '555-0100' },
    { system: 'email', value: 'jane@clinic.example' },
  ],
  gender: 'female',
  birthDate: '1931-04-05',
  address: [
    { line: ['12 Oak Street'], city: 'Springfield', state: 'IL', postalCode: '62704', country: 'US' },
  ],
};

const OBSERVATION = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
  effectiveDateTime: '2024-02-03T10:00:00Z',
  valueQuantity: { value: 7.2, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  note: [{ text: 'told Jane Roe by phone, (555) 123-4567; ICD-10 E11.9' }],
};

const BUNDLE = {
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [{ resource: PATIENT }, { resource: OBSERVATION }],
};

it('a bundle of FHIR passes Safe Harbor with its codes and values, and without anybody', async () => {
  const rules = expandPack(findPack('hipaa-safe-harbor'), { direction: 'results' });
  const { entry } = (await passData(rules, BUNDLE)) as unknown as {
    readonly entry: readonly { readonly resource: object }[];
  };
  expect(entry.map(({ resource }) => resource)).toEqual([
    {
      ...PATIENT,
      identifier: [
        { system: 'http://hl7.org/fhir/sid/us-ssn', value: '[SSN]' },
        { type: { coding: [{ code: 'MR' }] }, value: '[MRN]' },
      ],
      name: [{ use: 'official', family: '[PERSON]', given: ['[PERSON]'] }],
      telecom: [
        { system: 'phone', value: '[PHONE]' },
        { system: 'email', value: '[EMAIL]' },
      ],
      birthDate: '1936 or earlier',
      address: [{ line: ['[STREET]'], city: '[CITY]', state: 'IL', postalCode: '627', country: 'US' }],
    },
    {
      ...OBSERVATION,
      effectiveDateTime: '2024',
      note: [{ text: 'told [PERSON] [PERSON] by phone, [PHONE]; ICD-10 E11.9' }],
    },
  ]);
});
