import { NATIONAL_NUMBERS } from './national-numbers.ts';
import type { Pack } from './pack.ts';

/** 45 CFR 164.514(e)(2): the 16 direct identifiers that a limited data set does without, (i) to (xvi). */
export const HIPAA_LIMITED_DATA_SET: Pack = {
  name: 'hipaa-limited-data-set',
  title: 'HIPAA limited data set, 45 CFR 164.514(e)(2)',
  source: 'https://www.ecfr.gov/current/title-45/section-164.514#p-164.514(e)(2)',
  rows: [
    { identifier: 'Names', clause: '(i)', entities: ['PERSON'], operator: 'label' },
    {
      identifier: 'Postal address, other than town or city, state and ZIP code',
      clause: '(ii)',
      entities: ['STREET'],
      operator: 'label',
    },
    {
      identifier: 'Coordinates of an address',
      clause: '(ii)',
      entities: ['GEO'],
      operator: 'generalize',
      note: 'Whole degrees say less than the town that may stay.',
    },
    { identifier: 'Telephone numbers', clause: '(iii)', entities: ['PHONE'], operator: 'label' },
    { identifier: 'Fax numbers', clause: '(iv)', entities: ['FAX'], operator: 'label' },
    { identifier: 'Electronic mail addresses', clause: '(v)', entities: ['EMAIL'], operator: 'label' },
    {
      identifier: 'Social security numbers',
      clause: '(vi)',
      entities: ['SSN', 'ITIN', ...NATIONAL_NUMBERS],
      operator: 'label',
      note: 'And what stands in its place: the number of a taxpayer without one, and the numbers of other states.',
    },
    { identifier: 'Medical record numbers', clause: '(vii)', entities: ['MRN'], operator: 'label' },
    {
      identifier: 'Health plan beneficiary numbers',
      clause: '(viii)',
      entities: ['MBI', 'HEALTH_PLAN_ID'],
      operator: 'label',
    },
    {
      identifier: 'Account numbers',
      clause: '(ix)',
      entities: ['ACCOUNT', 'IBAN', 'ABA', 'CREDIT_CARD', 'CARD_SECURITY_CODE', 'BTC'],
      operator: 'label',
    },
    {
      identifier: 'Certificate and license numbers',
      clause: '(x)',
      entities: ['LICENSE', 'DRIVER_LICENSE', 'PASSPORT', 'DEA', 'NPI'],
      operator: 'label',
      note: 'DEA and NPI are of providers, whom the rule does not protect. Keep them under operators where a task needs them.',
    },
    {
      identifier: 'Vehicle identifiers and serial numbers, license plates',
      clause: '(xi)',
      entities: ['VIN', 'PLATE'],
      operator: 'label',
    },
    {
      identifier: 'Device identifiers and serial numbers',
      clause: '(xii)',
      entities: ['DEVICE_ID', 'MAC'],
      operator: 'label',
    },
    { identifier: 'Web URLs', clause: '(xiii)', entities: ['URL'], operator: 'label' },
    { identifier: 'IP addresses', clause: '(xiv)', entities: ['IPV4', 'IPV6'], operator: 'label' },
    {
      identifier: 'Biometric identifiers, finger and voice prints',
      clause: '(xv)',
      entities: [],
      operator: 'label',
      note: 'Not found: they are recordings and templates, and no form tells those from other data. Do not give tools that return them.',
    },
    {
      identifier: 'Full-face photographs and comparable images',
      clause: '(xvi)',
      entities: [],
      operator: 'label',
      note: 'Not found: images are not looked into. Do not give tools that return them.',
    },
    {
      identifier: 'Login names and numbers of employers',
      entities: ['USERNAME', 'EIN'],
      operator: 'label',
      note: 'The rule does not name them. They lead to a person as directly as what it names.',
    },
    {
      identifier: 'What may stay: town or city, ZIP code, dates, ages, facilities',
      entities: ['CITY', 'ZIP', 'DATE', 'DOB', 'AGE_OVER_89', 'FACILITY'],
      operator: 'keep',
      note: 'The state stays too; nothing looks for it.',
    },
  ],
  limits: [
    'A limited data set is still protected health information: 164.514(e)(3) allows it for research, public health and health care operations only, and (e)(4) asks for a data use agreement with whoever receives it.',
    'Names in prose need a `proseDetector`; without one, only keys and titles give names away.',
    'Whatever else the agreement excludes needs an entry under operators.',
  ],
};
