import { isSin } from '../checksums/luhn.ts';
import { isNhs, isNie, isNif, isNip, isNir, isPesel, isSteuerId, isTfn } from '../checksums/national.ts';
import { isAadhaar } from '../checksums/verhoeff.ts';
import { findNieDashes, findSpacedNino, findSpacedNir } from '../matchers/place.ts';
import type { Rule } from '../rule.ts';
import { OTHER_NUMBERS } from './context-words.ts';

export const LOCALE_RULES: readonly Rule[] = [
  {
    id: 'uk-nino',
    entity: 'UK_NINO',
    locale: 'uk',
    source: 'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110',
    forms: [
      {
        on: 'token',
        length: [9, 9],
        ignoreCase: true,
        pattern: '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\\d{6}[A-D]',
      },
      { on: 'number', digits: [2, 2], next: [' '], edges: 'closed', find: findSpacedNino, reach: 14 },
    ],
    before: ['nino', 'national insurance', 'ni no'],
    scores: { alone: 0.7, context: 0.97 },
    examples: {
      ok: ['NI number ⟦AB123456C⟧', 'national insurance: ⟦AB 12 34 56 C⟧', 'her ⟦JG103759A⟧ record'],
      ng: ['QQ12345', 'AB123456E', 'DA1234567C'],
    },
  },
  {
    id: 'uk-nhs',
    entity: 'UK_NHS',
    locale: 'uk',
    source: 'https://www.datadictionary.nhs.uk/attributes/nhs_number.html',
    forms: [
      { on: 'number', digits: [3, 3], next: [' '], pattern: '\\d{3} \\d{3} \\d{4}' },
      { on: 'number', digits: [3, 3], next: ['-'], pattern: '\\d{3}-\\d{3}-\\d{4}' },
      { on: 'number', digits: [10, 10], next: ['end', ' ', ')'], pattern: '\\d{10}' },
    ],
    validate: isNhs,
    before: ['nhs'],
    window: 32,
    label: true,
    scores: { alone: 0.3, context: 0.98, contextInvalid: 0.6 },
    examples: {
      ok: ['NHS number ⟦943 476 5919⟧', 'nhs no: ⟦9434765919⟧', 'NHS ⟦943-476-5919⟧'],
      ng: ['943 476 5919', '9434765919', 'NHS 94347659'],
    },
  },
  {
    id: 'ca-sin',
    entity: 'CA_SIN',
    locale: 'ca',
    source: 'https://www.canada.ca/en/employment-social-development/services/sin.html',
    forms: [
      { on: 'number', digits: [3, 3], next: [' ', '-'], pattern: '\\d{3}(?: \\d{3} |-\\d{3}-)\\d{3}' },
      { on: 'number', digits: [9, 9], next: ['end', ' ', ')'], pattern: '\\d{9}' },
    ],
    validate: isSin,
    before: ['sin', 'social insurance', 'nas'],
    window: 32,
    label: true,
    scores: { alone: 0.35, context: 0.95, contextInvalid: 0.5 },
    examples: {
      ok: ['SIN ⟦130 692 544⟧', 'social insurance number: ⟦130-692-544⟧', 'sin=⟦130692544⟧'],
      ng: ['130 692 544', '130692544', 'SIN 13069254'],
    },
  },
  {
    id: 'in-aadhaar',
    entity: 'IN_AADHAAR',
    locale: 'in',
    source: 'https://uidai.gov.in/',
    forms: [
      { on: 'number', digits: [4, 4], next: [' ', '-'], pattern: '[2-9]\\d{3}(?: \\d{4} |-\\d{4}-)\\d{4}' },
      { on: 'number', digits: [12, 12], next: ['end', ' ', ')'], pattern: '[2-9]\\d{11}' },
    ],
    validate: isAadhaar,
    before: ['aadhaar', 'aadhar', 'uidai', 'uid', 'adhaar'],
    unless: OTHER_NUMBERS,
    window: 32,
    label: true,
    scores: { alone: 0.4, context: 0.97, contextInvalid: 0.6 },
    examples: {
      ok: ['Aadhaar ⟦2345 6789 0124⟧', 'aadhar no ⟦234567890124⟧', 'UID: ⟦2345-6789-0124⟧'],
      ng: ['2345 6789 0124', '111222333444', 'Aadhaar 1234 5678 9012'],
    },
  },
  {
    id: 'in-pan',
    entity: 'IN_PAN',
    locale: 'in',
    source: 'https://www.incometax.gov.in/iec/foportal/',
    forms: [{ on: 'token', length: [10, 10], pattern: '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]' }],
    before: ['pan', 'permanent account', 'income tax'],
    scores: { alone: 0.65, context: 0.95 },
    examples: {
      ok: ['PAN ⟦ABCPE1234F⟧', 'pan card: ⟦AAAPL1234C⟧', 'holder ⟦BNZPM2501F⟧'],
      ng: ['ABCDE12345', 'ABCDE1234F', 'XABCPE1234F'],
    },
  },
  {
    id: 'pl-pesel',
    entity: 'PL_PESEL',
    locale: 'pl',
    source: 'https://www.gov.pl/web/gov/czym-jest-numer-pesel',
    forms: [{ on: 'number', digits: [11, 11], next: ['end', ' ', ')'], pattern: '\\d{11}' }],
    validate: isPesel,
    before: ['pesel'],
    unless: OTHER_NUMBERS,
    scores: { alone: 0.4, context: 0.98, contextInvalid: 0.65 },
    examples: {
      ok: ['PESEL ⟦44051401359⟧', 'pesel: ⟦02070803628⟧', 'numer PESEL ⟦44051401458⟧'],
      ng: ['44051401359', '99999999999', 'pesel 4405140135'],
    },
  },
  {
    id: 'pl-nip',
    entity: 'PL_NIP',
    locale: 'pl',
    source: 'https://www.podatki.gov.pl/',
    forms: [
      {
        on: 'number',
        digits: [3, 3],
        next: ['-'],
        pattern: '\\d{3}-\\d{3}-\\d{2}-\\d{2}|\\d{3}-\\d{2}-\\d{2}-\\d{3}',
      },
      { on: 'number', digits: [10, 10], next: ['end', ' ', ')'], pattern: '\\d{10}' },
    ],
    validate: isNip,
    before: ['nip'],
    scores: { alone: 0.35, context: 0.96, contextInvalid: 0.55 },
    examples: {
      ok: ['NIP ⟦123-456-32-18⟧', 'nip: ⟦1234563218⟧', 'NIP=⟦526-000-12-46⟧'],
      ng: ['1234563218', '123-456-32-18-9', 'nip 123456'],
    },
  },
  {
    id: 'es-nif',
    entity: 'ES_NIF',
    locale: 'es',
    source:
      'https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/',
    forms: [
      { on: 'token', length: [9, 9], ignoreCase: true, pattern: '\\d{8}[A-HJ-NP-TV-Z]' },
      { on: 'number', digits: [8, 8], next: ['-a'], ignoreCase: true, pattern: '\\d{8}-[A-HJ-NP-TV-Z]' },
    ],
    validate: isNif,
    before: ['dni', 'nif'],
    scores: { alone: 0.75, context: 0.98, contextInvalid: 0.65 },
    examples: {
      ok: ['DNI ⟦12345678Z⟧', 'NIF: ⟦12345678-Z⟧', 'titular ⟦00000014Z⟧'],
      ng: ['12345678A', '1234567Z', '123456789Z'],
    },
  },
  {
    id: 'es-nie',
    entity: 'ES_NIE',
    locale: 'es',
    source:
      'https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/',
    forms: [
      { on: 'token', length: [9, 9], ignoreCase: true, pattern: '[XYZ]\\d{7}[A-HJ-NP-TV-Z]' },
      { on: 'number', digits: [7, 7], next: ['-a'], joined: true, find: findNieDashes, reach: 12 },
    ],
    validate: isNie,
    before: ['nie', 'extranjero', 'numero de identidad'],
    scores: { alone: 0.75, context: 0.98, contextInvalid: 0.65 },
    examples: {
      ok: ['NIE ⟦X1234567L⟧', 'nie: ⟦X-1234567-L⟧', 'con ⟦Y1234567X⟧'],
      ng: ['X1234567A', 'W1234567L', 'X123456L'],
    },
  },
  {
    id: 'fr-nir',
    entity: 'FR_NIR',
    locale: 'fr',
    source: 'https://www.insee.fr/fr/metadonnees/definition/c1409',
    forms: [
      { on: 'number', digits: [15, 15], next: ['end', ' ', ')'], pattern: '[12]\\d{14}' },
      { on: 'token', length: [15, 15], pattern: '[12]\\d{5}2[ABab]\\d{8}' },
      { on: 'number', digits: [1, 1], next: [' '], find: findSpacedNir, reach: 22 },
    ],
    validate: isNir,
    before: ['nir', 'securite sociale', 'insee', 'numero de securite', 'carte vitale', 'nss'],
    scores: { alone: 0.6, context: 0.98, contextInvalid: 0.6 },
    examples: {
      ok: ['NIR ⟦255081416802538⟧', 'sécurité sociale : ⟦2 55 08 14 168 025 38⟧', 'numéro ⟦180126955222380⟧'],
      ng: ['255081416802539', '25508141680253', '2550814168025388'],
    },
  },
  {
    id: 'de-steuer-id',
    entity: 'DE_STEUER_ID',
    locale: 'de',
    source:
      'https://www.bzst.de/DE/Privatpersonen/SteuerlicheIdentifikationsnummer/steuerlicheidentifikationsnummer_node.html',
    forms: [
      { on: 'number', digits: [11, 11], next: ['end', ' ', ')'], pattern: '[1-9]\\d{10}' },
      { on: 'number', digits: [2, 2], next: [' '], pattern: '[1-9]\\d \\d{3} \\d{3} \\d{3}' },
    ],
    validate: isSteuerId,
    before: [
      'steuer id',
      'steuerid',
      'steueridentifikationsnummer',
      'identifikationsnummer',
      'idnr',
      'tax id',
      'steuernummer',
      'tin',
    ],
    scores: { alone: 0.35, context: 0.97, contextInvalid: 0.55 },
    examples: {
      ok: ['Steuer-ID ⟦86095742719⟧', 'IdNr: ⟦47 036 892 816⟧', 'Steueridentifikationsnummer ⟦65929970489⟧'],
      ng: ['86095742719', '12345678901', 'steuer id 8609574271'],
    },
  },
  {
    id: 'au-tfn',
    entity: 'AU_TFN',
    locale: 'au',
    source: 'https://www.ato.gov.au/individuals-and-families/tax-file-number',
    forms: [
      { on: 'number', digits: [3, 3], next: [' '], pattern: '\\d{3} \\d{3} \\d{3}' },
      { on: 'number', digits: [9, 9], next: ['end', ' ', ')'], pattern: '\\d{9}' },
    ],
    validate: isTfn,
    before: ['tfn', 'tax file'],
    window: 32,
    scores: { alone: 0.3, context: 0.96, contextInvalid: 0.55 },
    examples: {
      ok: ['TFN ⟦123 456 782⟧', 'tax file number: ⟦123456782⟧', 'tfn=⟦876 543 210⟧'],
      ng: ['123 456 782', '123456782', 'tfn 12345678'],
    },
  },
];
