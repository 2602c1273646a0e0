import type { JsonObject } from '@sallyport/core';
import { describe, expect, it } from 'vitest';

import { expandPack, findPack } from '../../src/packs/index.ts';
import { passData, passText } from './rig.ts';

const pack = findPack('hipaa-safe-harbor');
const rules = expandPack(pack, { direction: 'results' });

/** 45 CFR 164.514(b)(2)(i): what is given, in data and in words, and what is left. */
const IDENTIFIERS: readonly (readonly [string, JsonObject, JsonObject])[] = [
  ['(A) names', { patientName: 'Jane Roe' }, { patientName: '[PERSON]' }],
  [
    '(B) geographic subdivisions smaller than a state',
    {
      street: '12 Oak Street',
      city: 'Springfield',
      zip: '62704-1234',
      sparse: 'ZIP 82190',
      at: 'gps 39.7817, -89.6501',
    },
    { street: '[STREET]', city: '[CITY]', zip: '627', sparse: 'ZIP 000', at: 'gps [GEO]' },
  ],
  [
    '(C) dates but for the year, and ages over 89',
    {
      birthDate: '1989-03-15',
      admissionDate: '2024-02-03T10:00:00Z',
      dischargeDate: 'March 4, 2024',
      age: 93,
      note: 'a 101-year-old man, 45-year-old son',
      older: 'DOB 04/05/1931',
    },
    {
      birthDate: '1989',
      admissionDate: '2024',
      dischargeDate: '2024',
      age: 90,
      note: 'a 90+ man, 45-year-old son',
      older: 'DOB 1936 or earlier',
    },
  ],
  [
    '(D) telephone numbers',
    { homePhone: '555-0100', note: 'Call (555) 123-4567 tomorrow' },
    { homePhone: '[PHONE]', note: 'Call [PHONE] tomorrow' },
  ],
  [
    '(E) fax numbers',
    { faxNumber: '555-0101', note: 'FAX +1-555-123-4567' },
    { faxNumber: '[FAX]', note: 'FAX [FAX]' },
  ],
  [
    '(F) electronic mail addresses',
    { email: 'jane@clinic.example', note: 'to jane@clinic.com, please' },
    { email: '[EMAIL]', note: 'to [EMAIL], please' },
  ],
  [
    '(G) social security numbers',
    { ssn: '219099999', note: 'SSN 219-09-9999', last4: { ssn_last4: '9999' } },
    { ssn: '[SSN]', note: 'SSN [SSN]', last4: { ssn_last4: '[SSN]' } },
  ],
  [
    '(H) medical record numbers',
    { mrn: 'A-77', note: 'MRN: 00123456' },
    { mrn: '[MRN]', note: 'MRN: [MRN]' },
  ],
  [
    '(I) health plan beneficiary numbers',
    { memberId: 'XYZ 1', note: 'MBI 1EG4-TE5-MK73' },
    { memberId: '[HEALTH_PLAN_ID]', note: 'MBI [MBI]' },
  ],
  [
    '(J) account numbers',
    { accountNumber: '12-34', note: 'account number: 000123456789, IBAN DE44 5001 0517 5407 3249 31' },
    { accountNumber: '[ACCOUNT]', note: 'account number: [ACCOUNT], IBAN [IBAN]' },
  ],
  [
    '(K) certificate and license numbers',
    { driversLicense: 'D 100', licenseNumber: 'RN 7', note: 'DEA AB1234563' },
    { driversLicense: '[DRIVER_LICENSE]', licenseNumber: '[LICENSE]', note: 'DEA [DEA]' },
  ],
  [
    '(L) vehicle identifiers, serial numbers and license plates',
    { vin: '1HGCM82633A004352', note: 'license plate 7ABC123' },
    { vin: '[VIN]', note: 'license plate [PLATE]' },
  ],
  [
    '(M) device identifiers and serial numbers',
    { pacemakerSerialNumber: 'P 1', note: 'UDI (01)00844588003288(17)141120(10)7654321D(21)10987654d321' },
    { pacemakerSerialNumber: '[DEVICE_ID]', note: 'UDI [DEVICE_ID]' },
  ],
  ['(N) web URLs', { note: 'site https://jane-roe.example/diary' }, { note: 'site [URL]' }],
  [
    '(O) IP addresses',
    { clientIp: '203.0.113.9', note: 'from fe80::1 to 2001:db8::8a2e:370:7334' },
    { clientIp: '[IPV4]', note: 'from [IPV6] to [IPV6]' },
  ],
  [
    '(R) any other unique identifying number, characteristic or code',
    { username: 'jroe', passportNo: 'X1', note: 'ITIN 912-70-1234, NINO AB123456C' },
    { username: '[USERNAME]', passportNo: '[PASSPORT]', note: 'ITIN [ITIN], NINO [UK_NINO]' },
  ],
];

describe('HIPAA Safe Harbor takes out', () => {
  it.each(IDENTIFIERS)('%s', async (_, given, left) => {
    expect(await passData(rules, given)).toEqual(left);
  });

  it.each(IDENTIFIERS)('%s, when the data comes as JSON in a text', async (_, given, left) => {
    expect(JSON.parse(await passText(rules, JSON.stringify(given)))).toEqual(left);
  });
});

describe('HIPAA Safe Harbor says that it cannot find', () => {
  it.each([
    ['(P)', 'Biometric identifiers, finger and voice prints'],
    ['(Q)', 'Full-face photographs and comparable images'],
  ])('%s %s', (clause, identifier) => {
    const rows = pack.rows.filter((row) => row.clause === clause);
    expect(rows.map(({ entities, note }) => [entities, note?.slice(0, 9)])).toEqual([[[], 'Not found']]);
    expect(rows[0]?.identifier).toBe(identifier);
  });
});

it('HIPAA Safe Harbor has all of its identifiers, (A) to (R)', () => {
  const clauses = new Set(pack.rows.map(({ clause }) => clause));
  expect([...clauses]).toEqual(Array.from('ABCDEFGHIJKLMNOPQR', (letter) => `(${letter})`));
});

it('a limited data set has all of its identifiers, (i) to (xvi)', () => {
  const clauses = new Set(findPack('hipaa-limited-data-set').rows.flatMap(({ clause }) => clause ?? []));
  expect([...clauses]).toEqual(
    '(i) (ii) (iii) (iv) (v) (vi) (vii) (viii) (ix) (x) (xi) (xii) (xiii) (xiv) (xv) (xvi)'.split(' '),
  );
});

it('a limited data set keeps towns, ZIP codes, dates and ages, and nothing direct', async () => {
  const data = {
    patientName: 'Jane Roe',
    street: '12 Oak Street',
    city: 'Springfield',
    state: 'IL',
    zip: '62704',
    birthDate: '1931-04-05',
    age: 93,
    ssn: '219-09-9999',
  };
  const limited = expandPack(findPack('hipaa-limited-data-set'), { direction: 'results' });
  expect(await passData(limited, data)).toEqual({
    ...data,
    patientName: '[PERSON]',
    street: '[STREET]',
    ssn: '[SSN]',
  });
});
