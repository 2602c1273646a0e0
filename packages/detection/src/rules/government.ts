import { isEin, isItin, isSsn } from '../checksums/national.ts';
import type { Rule } from '../rule.ts';
import { LICENSE_WORDS, OTHER_NUMBERS, SSN_WORDS } from './context-words.ts';

const NINE_GROUPED = '\\d{3}-\\d{2}-\\d{4}';

export const GOVERNMENT_RULES: readonly Rule[] = [
  {
    id: 'us-ssn',
    entity: 'SSN',
    locale: 'us',
    source: 'https://www.ssa.gov/employer/randomization.html',
    forms: [{ on: 'number', digits: [3, 3], next: ['-'], pattern: NINE_GROUPED }],
    validate: isSsn,
    before: SSN_WORDS,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.85, context: 0.98, invalid: 0.3, contextInvalid: 0.45 },
    examples: {
      ok: ['SSN is ⟦123-45-6789⟧ on file', 'Values ⟦111-22-3333⟧', 'SSN:⟦123-45-6789⟧;DOB:1990-01-01'],
      ng: ['000-00-0000', '123-45-678', '123-45-67890', '978-3-16-148410-0', 'part number 123-45-6789'],
    },
  },
  {
    id: 'us-ssn-unassigned',
    entity: 'SSN',
    locale: 'us',
    source: 'https://www.ssa.gov/employer/randomization.html',
    forms: [{ on: 'number', digits: [3, 3], next: ['-'], pattern: '9\\d{2}-\\d{2}-\\d{4}' }],
    before: SSN_WORDS,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.6, context: 0.95 },
    examples: {
      ok: ['Backup SSN ⟦987-65-4321⟧ recorded', 'value ⟦999-33-5538⟧', 'ssn=⟦900-12-3456⟧'],
      ng: ['order 987-65-4321', '999-33-55380', '99-33-5538'],
    },
  },
  {
    id: 'us-ssn-plain',
    entity: 'SSN',
    locale: 'us',
    source: 'https://www.ssa.gov/employer/randomization.html',
    forms: [
      { on: 'number', digits: [9, 9], next: ['end'], pattern: '\\d{9}' },
      { on: 'number', digits: [3, 3], next: [' '], pattern: '\\d{3} \\d{2} \\d{4}' },
      { on: 'number', digits: [3, 3], next: ['.'], pattern: '\\d{3}\\.\\d{2}\\.\\d{4}' },
    ],
    validate: isSsn,
    before: SSN_WORDS,
    window: 32,
    label: true,
    scores: { alone: 0.2, context: 0.9, contextInvalid: 0.45 },
    examples: {
      ok: ['ssn ⟦123456789⟧', 'social security number is ⟦123 45 6789⟧', 'SSN: ⟦123.45.6789⟧'],
      ng: ['Legacy value 123456789', 'Suspicious token 123 45 6789 appears', 'ssn 1234567890'],
    },
  },
  {
    id: 'us-itin',
    entity: 'ITIN',
    locale: 'us',
    source: 'https://www.irs.gov/individuals/individual-taxpayer-identification-number',
    forms: [
      { on: 'number', digits: [3, 3], next: ['-'], pattern: '9\\d{2}-\\d{2}-\\d{4}' },
      { on: 'number', digits: [9, 9], next: ['end'], pattern: '9\\d{8}' },
    ],
    validate: isItin,
    before: ['itin', 'taxpayer', 'individual taxpayer', 'tax id'],
    scores: { alone: 0.3, context: 0.97, contextInvalid: 0.4 },
    examples: {
      ok: ['ITIN ⟦912-70-1234⟧', 'taxpayer number: ⟦900-88-0001⟧', 'itin=⟦912701234⟧'],
      ng: ['912-70-1234', 'ITIN 812-70-1234', 'itin 912-70-12345'],
    },
  },
  {
    id: 'us-ein',
    entity: 'EIN',
    locale: 'us',
    source:
      'https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes',
    forms: [{ on: 'number', digits: [2, 2], next: ['-'], pattern: '\\d{2}-\\d{7}' }],
    validate: isEin,
    before: ['ein', 'employer identification', 'fein', 'tax id', 'federal tax id', 'employer id', 'tin'],
    scores: { alone: 0.35, context: 0.92, contextInvalid: 0.5 },
    examples: {
      ok: ['EIN ⟦12-3456789⟧', 'Tax ID: ⟦47-1234567⟧', 'FEIN=⟦95-7654321⟧'],
      ng: ['12-3456789', 'EIN 12-345678', 'case 12-34567890'],
    },
  },
  {
    id: 'passport',
    entity: 'PASSPORT',
    source: 'https://www.icao.int/publications/pages/publication.aspx?docnum=9303',
    forms: [
      { on: 'token', length: [7, 10], ignoreCase: true, pattern: '[A-Z]{1,2}\\d{6,8}[A-Z]?' },
      { on: 'token', length: [9, 9], pattern: '[CFGHJKLMNPRTVWXYZ0-9]{9}' },
      { on: 'number', digits: [8, 9], next: ['end'], pattern: '\\d{8,9}' },
    ],
    before: ['passport', 'pasaporte', 'passeport', 'reisepass', 'paszport'],
    window: 32,
    label: true,
    scores: { alone: 0.1, context: 0.88 },
    examples: {
      ok: ['Passport no. ⟦X37176659X⟧', 'passport: ⟦123456789⟧', 'passport number is ⟦C01X00T47⟧'],
      ng: ['X37176659X', 'the passport was issued 2019', 'ref AB123456'],
    },
  },
  {
    id: 'driver-license',
    entity: 'DRIVER_LICENSE',
    source: 'https://www.aamva.org/technology/systems/driver-licensing-systems',
    forms: [
      { on: 'token', length: [6, 16], ignoreCase: true, pattern: '[A-Z]{1,3}\\d{4,14}[A-Z]?' },
      { on: 'token', length: [16, 16], ignoreCase: true, pattern: '[A-Z0-9]{16}' },
      {
        on: 'token',
        length: [4, 4],
        next: ['-'],
        ignoreCase: true,
        pattern: '[A-Z]\\d{3}-\\d{3,4}-\\d{2,4}(?:-\\d{3})?(?:-\\d)?',
      },
      { on: 'number', digits: [6, 12], next: ['end'], pattern: '\\d{6,12}' },
    ],
    before: LICENSE_WORDS,
    window: 32,
    label: true,
    scores: { alone: 0.1, context: 0.87 },
    examples: {
      ok: [
        "My driver's license number is ⟦A56319335⟧",
        'DL: ⟦S99993907⟧',
        'drivers license ⟦425700624⟧',
        'DL ⟦D123-4567-8901⟧',
      ],
      ng: ['A56319335', 'software license MIT', "driver's license expired in 2020"],
    },
  },
  {
    id: 'professional-license',
    entity: 'LICENSE',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'token', length: [5, 14], ignoreCase: true, pattern: '[A-Z]{1,4}\\d{3,10}' },
      { on: 'number', digits: [5, 12], next: ['end'], pattern: '\\d{5,12}' },
      { on: 'number', digits: [2, 2], next: [' ', '-'], pattern: '\\d{2}[- /]{1,3}\\d{2}[- /]{1,3}\\d{4,6}' },
    ],
    before: [
      'certificate number',
      'certificate no',
      'medical license',
      'license no',
      'nºcol',
      'colegiado',
      'ncol',
    ],
    window: 24,
    label: true,
    scores: { alone: 0.1, context: 0.8 },
    examples: {
      ok: ['NºCol: ⟦28 28 70973⟧.', 'Medical license ⟦MD123456⟧', 'Certificate number: ⟦1234567⟧'],
      ng: ['MD123456', 'license MIT 2020', 'certificate expired'],
    },
  },
];
