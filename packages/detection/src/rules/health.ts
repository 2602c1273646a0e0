import { isNpi } from '../checksums/luhn.ts';
import { isDea } from '../checksums/national.ts';
import type { Rule } from '../rule.ts';

export const HEALTH_RULES: readonly Rule[] = [
  {
    id: 'mrn',
    entity: 'MRN',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'number', digits: [5, 14], next: ['end'], pattern: '\\d{5,14}' },
      { on: 'number', digits: [2, 6], next: ['-'], pattern: '\\d{2,6}-\\d{2,8}(?:-\\d{1,6})?' },
      { on: 'token', length: [5, 16], ignoreCase: true, pattern: '[A-Z]{1,5}\\d{4,12}' },
    ],
    before: [
      'mrn',
      'medical record',
      'chart',
      'patient id',
      'hospital number',
      'encounter',
      'nhc',
      'cipa',
      'historia clinica',
      'episodio',
      'med rec',
      'patientennummer',
      'fallnummer',
    ],
    window: 20,
    label: true,
    scores: { alone: 0.1, context: 0.9 },
    examples: {
      ok: [
        'MRN: ⟦00123456⟧',
        'medical record number ⟦A123456⟧',
        'NHC: ⟦368503⟧.',
        'CIPA: nhc-⟦915943⟧.',
        'patient id=⟦12-34567⟧',
      ],
      ng: ['00123456', 'LOINC 12345-6', 'Medical record reviewed in 2019', 'chart with 120 rows'],
    },
  },
  {
    id: 'us-mbi',
    entity: 'MBI',
    locale: 'us',
    source: 'https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi.pdf',
    forms: [
      {
        on: 'token',
        length: [11, 11],
        ignoreCase: true,
        pattern:
          '[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d[AC-HJKMNP-RT-Y]{2}\\d{2}',
      },
      {
        on: 'token',
        length: [4, 4],
        next: ['-a'],
        ignoreCase: true,
        pattern:
          '[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d-[AC-HJKMNP-RT-Y]{2}\\d{2}',
      },
    ],
    before: ['mbi', 'medicare', 'beneficiary'],
    scores: { alone: 0.8, context: 0.97 },
    examples: {
      ok: ['MBI ⟦1EG4-TE5-MK73⟧', 'medicare ⟦1EG4TE5MK73⟧', 'id ⟦9AA9AA9AA99⟧'],
      ng: ['1SG4-TE5-MK73', '0EG4TE5MK73', '1EG4-TE5-MK733'],
    },
  },
  {
    id: 'health-plan-id',
    entity: 'HEALTH_PLAN_ID',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'token', length: [6, 18], ignoreCase: true, pattern: '[A-Z]{1,5}\\d{4,14}[A-Z]?' },
      { on: 'number', digits: [6, 14], next: ['end'], pattern: '\\d{6,14}' },
      { on: 'number', digits: [3, 6], next: ['-'], pattern: '\\d{3,6}-\\d{2,8}(?:-\\d{1,6})?' },
    ],
    before: [
      'member id',
      'member number',
      'subscriber',
      'health plan',
      'policy number',
      'policy no',
      'insurance id',
      'medicaid',
      'beneficiary',
      'hicn',
      'payer id',
      'versichertennummer',
      'insurance number',
    ],
    window: 24,
    label: true,
    scores: { alone: 0.1, context: 0.85 },
    examples: {
      ok: ['Member ID: ⟦XYZ123456789⟧', 'subscriber id ⟦123456789⟧', 'policy number ⟦987-654321⟧'],
      ng: ['XYZ123456789', 'member since 2019', 'policy of 12 pages'],
    },
  },
  {
    id: 'es-nass',
    entity: 'HEALTH_PLAN_ID',
    locale: 'es',
    source: 'https://www.seg-social.es/',
    forms: [
      {
        on: 'number',
        digits: [2, 2],
        next: [' ', '-', '/'],
        pattern: '\\d{2}[- /]\\d{7,9}(?:[- /]\\d{1,2})?',
      },
      { on: 'number', digits: [10, 12], next: ['end'], pattern: '\\d{10,12}' },
    ],
    before: ['nass', 'nuss', 'seguridad social', 'afiliacion'],
    window: 24,
    label: true,
    scores: { alone: 0.1, context: 0.92 },
    examples: {
      ok: ['NASS: ⟦26 63514095⟧.', 'NASS:⟦28 76426578 78⟧.', 'nuss ⟦281234567840⟧'],
      ng: ['26 63514095', 'NASS 26', '281234567840'],
    },
  },
  {
    id: 'us-npi',
    entity: 'NPI',
    locale: 'us',
    source:
      'https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf',
    forms: [{ on: 'number', digits: [10, 10], next: ['end'], pattern: '[12]\\d{9}' }],
    validate: isNpi,
    before: ['npi', 'national provider', 'provider id', 'provider number'],
    window: 32,
    scores: { alone: 0.3, context: 0.98, contextInvalid: 0.55 },
    examples: {
      ok: ['NPI ⟦1234567893⟧', 'npi: ⟦1245319599⟧', 'National Provider Identifier ⟦1234567893⟧'],
      ng: ['1234567893', '1700000000', 'NPI 3234567893'],
    },
  },
  {
    id: 'us-dea',
    entity: 'DEA',
    locale: 'us',
    source: 'https://www.deadiversion.usdoj.gov/',
    forms: [{ on: 'token', length: [9, 9], ignoreCase: true, pattern: '[ABCDEFGHJKLMPRSTUX][A-Z9]\\d{7}' }],
    validate: isDea,
    before: ['dea', 'prescriber'],
    scores: { alone: 0.4, context: 0.97, contextInvalid: 0.55 },
    examples: {
      ok: ['DEA ⟦AB1234563⟧', 'prescriber ⟦FA1234563⟧', 'DEA no: ⟦BS1234563⟧'],
      ng: ['AB1234563', 'part AB1234567', 'DEA AB123456'],
    },
  },
  {
    id: 'udi',
    entity: 'DEVICE_ID',
    source:
      'https://www.fda.gov/medical-devices/device-advice-comprehensive-regulatory-assistance/unique-device-identification-system-udi-system',
    forms: [
      {
        on: 'number',
        digits: [2, 2],
        next: [')'],
        lead: '(',
        pattern: '\\(01\\)\\d{14}(?:\\((?:1[017]|2(?:1|40)|30)\\)[A-Za-z0-9./-]{1,20}){0,5}',
      },
    ],
    scores: { alone: 0.9 },
    examples: {
      ok: [
        'UDI ⟦(01)00844588003288(17)141120(10)7654321D(21)10987654d321⟧',
        '⟦(01)00844588003288⟧',
        'device ⟦(01)10884521062856(11)141231⟧',
      ],
      ng: ['(01) 555', '(01)0084458800328', '(02)00844588003288'],
    },
  },
  {
    id: 'device-serial',
    entity: 'DEVICE_ID',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'token', length: [6, 24], ignoreCase: true, pattern: '[A-Z0-9]{6,24}' },
      { on: 'number', digits: [6, 20], next: ['end'], pattern: '\\d{6,20}' },
    ],
    before: [
      'device serial',
      'device id',
      'device identifier',
      'imei',
      'implant serial',
      'pacemaker serial',
      'udi',
    ],
    window: 24,
    label: true,
    scores: { alone: 0.1, context: 0.8 },
    examples: {
      ok: ['device serial number ⟦SN12345678⟧', 'IMEI ⟦490154203237518⟧', 'device id: ⟦A1B2C3D4E5⟧'],
      ng: ['SN12345678', '490154203237518', 'device with 2 ports'],
    },
  },
];
