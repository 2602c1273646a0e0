import { isDigit } from '../code-units.ts';
import { isVin } from '../checksums/vin.ts';
import { findAgeInWords, findLabelledAge } from '../matchers/age.ts';
import { findIsoDate } from '../matchers/iso-date.ts';
import { findMonthDate, findOrdinalDate, MONTHS } from '../matchers/month.ts';
import {
  findLabelledPlace,
  findTown,
  findTownBeforeState,
  findTownBeforeZip,
  findTownOfResidence,
  findZipAfterState,
  STATE_CODES,
  STATE_NAMES,
  TOWNS,
} from '../matchers/city.ts';
import { findFacility, findPlateLetters, findUserInLog, findUsername } from '../matchers/place.ts';
import {
  findBox,
  findFlat,
  findGermanStreet,
  findLabelledStreet,
  findStreet,
  findStreetLead,
  STREET_LEADS,
} from '../matchers/street.ts';
import type { Form, Rule } from '../rule.ts';
import { ADDRESS_WORDS, BIRTH_WORDS, OTHER_NUMBERS } from './context-words.ts';

const MONTH_NUMBER = '(?:0[1-9]|1[0-2])';
const DATE_FORMS: readonly Form[] = [
  {
    on: 'number',
    digits: [4, 4],
    next: ['-', '/', '.'],
    joined: true,
    edges: 'dotted',
    find: findIsoDate,
    reach: 36,
  },
  {
    on: 'number',
    digits: [1, 2],
    next: ['/', '-', '.'],
    pattern: '\\d{1,2}(?:/\\d{1,2}/|-\\d{1,2}-|\\.\\d{1,2}\\.)(?:1[89]|20|21)\\d{2}',
  },
  { on: 'number', digits: [2, 2], next: ['/'], pattern: `${MONTH_NUMBER}/(?:19|20)\\d{2}` },
  { on: 'word', words: MONTHS, find: findMonthDate, reach: 100 },
  { on: 'token', length: [3, 4], next: [' a'], find: findOrdinalDate, reach: 80 },
];
const LEGACY_FORMS: readonly Form[] = [
  { on: 'number', digits: [1, 2], next: ['-'], pattern: '\\d{1,2}-\\d{1,2}-\\d{2}' },
];
const SLASHED_FORMS: readonly Form[] = [
  { on: 'number', digits: [1, 2], next: ['/'], pattern: '\\d{1,2}/\\d{1,2}/\\d{2}' },
];

/** A day and a month in one order or the other. */
function isDayMonth(value: string): boolean {
  const first = isDigit(value.charCodeAt(1)) ? 2 : 1;
  const mark = value.charCodeAt(first);
  if (!isDigit(value.charCodeAt(0)) || mark < 45 || mark > 47) return true;
  // `03/2019` has no day.
  if (value.length === 7 && value.indexOf('/') === value.lastIndexOf('/')) return mark === 47;
  const second = first + 1;
  // The month is a word.
  if (!isDigit(value.charCodeAt(second))) return true;
  const [a, b] = [numberAt(value, 0), numberAt(value, second)];
  return Math.min(a, b) >= 1 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31;
}

/** The number that the one or two digits at `at` are. */
function numberAt(value: string, at: number): number {
  const tens = value.charCodeAt(at) - 48;
  const ones = value.charCodeAt(at + 1);
  return isDigit(ones) ? tens * 10 + ones - 48 : tens;
}

export const PLACE_RULES: readonly Rule[] = [
  {
    id: 'dob',
    entity: 'DOB',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [...DATE_FORMS, ...LEGACY_FORMS, ...SLASHED_FORMS],
    validate: isDayMonth,
    before: BIRTH_WORDS,
    window: 20,
    label: true,
    scores: { alone: 0, context: 0.95 },
    examples: {
      ok: ['DOB ⟦03/15/1989⟧', 'born on ⟦March 15, 1989⟧', 'Fecha de nacimiento: ⟦03/03/1946⟧.'],
      ng: ['Date 1989-03-15', 'born in 1989', 'DOB unknown'],
    },
  },
  {
    id: 'date',
    entity: 'DATE',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: DATE_FORMS,
    validate: isDayMonth,
    scores: { alone: 0.8 },
    examples: {
      ok: [
        'Date ⟦1989-03-15⟧ recorded',
        'on ⟦March 15, 1989⟧ was',
        'Try ⟦3-5-2020⟧ for',
        'Ingreso: ⟦12/12/2016⟧.',
        'at ⟦2003-06-12T12:26:53-07:00⟧',
        'since ⟦03/2019⟧,',
        'on the ⟦twenty-first of June, nineteen eighty-four⟧.',
        'until ⟦March fifth⟧',
        "in ⟦5 May '19⟧",
        'am ⟦5. Januar 2020⟧',
      ],
      ng: [
        'Release v2026.2.9 fixed',
        'Date 2026-99-99',
        '01/32/2020',
        '120/80',
        'may be',
        'in march',
        '1-2-3',
        '120/2000',
        '5/2000',
      ],
    },
  },
  {
    id: 'date-two-digit-year',
    entity: 'DATE',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: LEGACY_FORMS,
    validate: isDayMonth,
    before: ['date', 'admitted', 'discharged', 'fecha', 'ingreso', 'datum', ...BIRTH_WORDS],
    window: 16,
    label: true,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.4, context: 0.7 },
    examples: {
      ok: ['Date: ⟦12-05-17⟧', 'admitted ⟦3-4-98⟧', 'fecha ⟦12-05-17⟧'],
      ng: ['12-05-17', 'date 99-99-99', 'score 10-2-33'],
    },
  },
  {
    id: 'date-slashed',
    entity: 'DATE',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: SLASHED_FORMS,
    validate: isDayMonth,
    unless: [...OTHER_NUMBERS, 'ratio', 'score', 'strength', 'tnm'],
    scores: { alone: 0.6 },
    examples: {
      ok: ['seen ⟦3/4/19⟧', 'on ⟦12/05/17⟧.', 'DC ⟦11/30/98⟧'],
      ng: ['99/99/99', '12/05/171', 'ratio 1/2/10', '24/7', 'v1/2/10'],
    },
  },
  {
    id: 'age-over-89',
    entity: 'AGE_OVER_89',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'number',
        digits: [2, 3],
        next: [' a', '-a'],
        ignoreCase: true,
        pattern:
          '(?:9\\d|1[01]\\d)[- ](?:years?[- ]old|years of age|yrs?[- ]old|years young|y/?o|y\\.o\\.|a[nñ]os de edad|años|Jahre alt)',
      },
      { on: 'token', length: [4, 5], ignoreCase: true, pattern: '(?:9\\d|1[01]\\d)(?:yo|y/o|yrs)' },
      {
        on: 'word',
        words: ['ninety', 'nonagenarian', 'centenarian'],
        edges: 'dotted',
        find: findAgeInWords,
        reach: 50,
      },
    ],
    scores: { alone: 0.85 },
    examples: {
      ok: [
        'a ⟦92-year-old⟧ woman',
        'Edad: ⟦93 años⟧',
        'is ⟦101 years old⟧',
        '⟦94 y.o.⟧ man',
        'a ⟦ninety-two-year-old⟧ man',
        'aged ⟦ninety-four⟧',
      ],
      ng: ['an 89-year-old man', '95 percent', '92 years in prison', 'ninety percent', 'ninety-two of them'],
    },
  },
  {
    id: 'age-over-89-labelled',
    entity: 'AGE_OVER_89',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'number', digits: [2, 2], next: ['end', ')'], find: findLabelledAge, reach: 20 },
      { on: 'number', digits: [3, 3], next: ['end'], find: findLabelledAge, reach: 20 },
    ],
    before: ['age', 'aged', 'edad', 'alter'],
    window: 6,
    label: true,
    scores: { alone: 0, context: 0.75 },
    examples: {
      ok: ['aged ⟦97⟧', 'Age: ⟦101⟧', 'edad ⟦93⟧.'],
      ng: ['age 45', '95 percent', 'page 97', 'age > 90', 'adults aged 90 or older', 'age 120', 'aged 90+'],
    },
  },
  {
    id: 'us-zip-labelled',
    entity: 'ZIP',
    source: 'https://pe.usps.com/text/pub28/',
    forms: [{ on: 'number', digits: [5, 5], next: ['end', '-', ')'], pattern: '\\d{5}(?:-\\d{4})?' }],
    before: [...ADDRESS_WORDS, ...STREET_LEADS.filter((word) => word !== 'via'), 'domicilio', 'avda'],
    window: 64,
    scores: { alone: 0.2, context: 0.8 },
    examples: {
      ok: ['Ship to ZIP ⟦94105⟧ today', 'zip ⟦94105-1234⟧', 'CP: ⟦28016⟧.'],
      ng: ['Order 12345ABC ships', 'ZIP 1234 is', 'ZIP 12345-123 is', 'ZIP 123456 is', 'paid 94105 dollars'],
    },
  },
  {
    id: 'us-zip-state',
    entity: 'ZIP',
    locale: 'us',
    source: 'https://pe.usps.com/text/pub28/28apb.htm',
    forms: [{ on: 'number', digits: [5, 5], next: ['end', '-', ')'], find: findZipAfterState, reach: 24 }],
    scores: { alone: 0.8 },
    examples: {
      ok: ['Dallas TX ⟦75201⟧', 'Redmond, WA ⟦98052-1234⟧', 'Conflans IL ⟦62507⟧'],
      ng: ['code XX 75201', 'OK 12345', 'TX 123456'],
    },
  },
  {
    id: 'uk-postcode',
    entity: 'ZIP',
    locale: 'uk',
    source: 'https://www.gov.uk/government/publications/bulk-data-transfer-for-sponsors-xml-schema',
    forms: [
      {
        on: 'token',
        length: [2, 4],
        next: [' '],
        pattern: '[A-Z]{1,2}(?:\\d[A-Z]|\\d{1,2}) \\d[ABD-HJLNP-UW-Z]{2}',
      },
    ],
    before: ADDRESS_WORDS,
    scores: { alone: 0.6, context: 0.9 },
    examples: {
      ok: ['London ⟦SW1A 1AA⟧', 'at ⟦M1 1AE⟧.', 'postcode ⟦CR2 6XH⟧'],
      ng: ['SW1A1', 'A1 1CK', 'ABC1 1AA'],
    },
  },
  {
    id: 'ca-postcode',
    entity: 'ZIP',
    locale: 'ca',
    source:
      'https://www.canadapost-postescanada.ca/cpc/en/support/articles/addressing-guidelines/postal-codes.page',
    forms: [
      {
        on: 'token',
        length: [3, 3],
        next: [' ', '-'],
        pattern: '[ABCEGHJ-NPRSTVXY]\\d[ABCEGHJ-NPRSTV-Z][- ]\\d[ABCEGHJ-NPRSTV-Z]\\d',
      },
    ],
    before: ADDRESS_WORDS,
    scores: { alone: 0.7, context: 0.9 },
    examples: {
      ok: ['Ottawa ⟦K1A 0B1⟧', 'postal code ⟦H0H 0H0⟧', '⟦V6B 4Y8⟧'],
      ng: ['D1A 0B1', 'K1A 0O1', 'K1A0B'],
    },
  },
  {
    id: 'street',
    entity: 'STREET',
    source: 'https://pe.usps.com/text/pub28/28apc_002.htm',
    forms: [
      {
        on: 'number',
        digits: [1, 6],
        next: [' a', '-', ' '],
        edges: 'dotted',
        joined: false,
        find: findStreet,
        reach: 170,
      },
      { on: 'number', digits: [2, 3], next: [','], edges: 'dotted', find: findGermanStreet, reach: 60 },
      { on: 'word', words: STREET_LEADS, edges: 'dotted', find: findStreetLead, reach: 110 },
      { on: 'word', words: ['box'], edges: 'dotted', find: findBox, reach: 20 },
    ],
    scores: { alone: 0.75 },
    examples: {
      ok: [
        'to ⟦1600 Pennsylvania Avenue NW⟧.',
        'visit ⟦221B Baker Street⟧ for',
        '⟦1035-116TH AVE NE⟧',
        'Domicilio: ⟦Calle Miguel Benitez 90⟧.',
        '⟦P.O. Box 101⟧',
        '⟦Flat 3, 12 Oak Road⟧, Leeds',
        'at ⟦59b Oak Close⟧,',
        'to ⟦123 main st, apt 4⟧.',
        'à ⟦12 rue de la Paix⟧, 75002 Paris',
        '⟦Avenida de Córdoba s/n⟧, 28041',
        '⟦Calle Mayor 12, 2º dcha⟧.',
        'in der ⟦Hauptstraße 15⟧, 10115 Berlin',
        'wohnt ⟦Berliner Straße 148⟧, Ulm',
      ],
      ng: [
        '2 Main points',
        '5 minutes on the road',
        'Calle sin numero',
        'box 12',
        '10 people on the street.',
        '44 lane road.',
        '12 patients per drive',
      ],
    },
  },
  {
    id: 'street-labelled',
    entity: 'STREET',
    source: 'https://pe.usps.com/text/pub28/28c2_001.htm',
    forms: [
      {
        on: 'word',
        words: [
          'address',
          'street address',
          'domicilio',
          'direccion',
          'anschrift',
          'adresse',
          'adres',
          'indirizzo',
        ],
        edges: 'dotted',
        find: findLabelledStreet,
        reach: 100,
      },
      { on: 'word', words: ['apt', 'suite', 'apartment'], edges: 'dotted', find: findFlat, reach: 16 },
    ],
    scores: { alone: 0.6 },
    examples: {
      ok: [
        'Address: ⟦Hauptstraße 5⟧, 10115 Berlin',
        'Domicilio: ⟦Av. duque de pastrana 96, 2D⟧.',
        '"address": "⟦10 Downing⟧", "x"',
        'lives at ⟦Apt. 441⟧',
      ],
      ng: [
        'IP address: 10.0.0.1',
        'address: jane@example.com',
        'address: 0x7fff',
        'address: string',
        'Office Suite 2019',
      ],
    },
  },
  {
    id: 'city-labelled',
    entity: 'CITY',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'word',
        words: [
          'city',
          'town',
          'localidad',
          'localidad/ provincia',
          'ciudad',
          'municipio',
          'city of birth',
          'birthplace',
        ],
        edges: 'dotted',
        find: findLabelledPlace,
        reach: 120,
      },
    ],
    scores: { alone: 0.65 },
    examples: {
      ok: ['City: ⟦Lake Stevens⟧', 'Localidad/ Provincia: ⟦Madrid⟧.', 'town = ⟦Weimar⟧'],
      ng: ['the city of', 'city: unknown', 'City hall'],
    },
  },
  {
    id: 'city-before-zip',
    entity: 'CITY',
    locale: 'us',
    source: 'https://pe.usps.com/text/pub28/28apb.htm',
    forms: [
      {
        on: 'number',
        digits: [5, 5],
        next: ['end', '-', ')'],
        edges: 'dotted',
        find: findTownBeforeZip,
        reach: 90,
      },
    ],
    scores: { alone: 0.75 },
    examples: {
      ok: ['⟦Dallas⟧ TX 75201', 'in ⟦Salt Lake City⟧, UT 84101-1234', '1 Oak Ave, ⟦Redmond⟧, WA 98052'],
      ng: ['dallas 75201', 'code XX 75201', 'street TX 75201'],
    },
  },
  {
    id: 'city-before-state',
    entity: 'CITY',
    locale: 'us',
    source: 'https://pe.usps.com/text/pub28/28apb.htm',
    forms: [
      {
        on: 'word',
        words: [...STATE_NAMES, ...STATE_CODES],
        edges: 'dotted',
        find: findTownBeforeState,
        reach: 90,
      },
    ],
    scores: { alone: 0.65 },
    examples: {
      ok: ['from ⟦Lake Stevens⟧, Ohio', 'in ⟦Plainview⟧, TX', 'moved to ⟦Bend⟧, Oregon.'],
      ng: ['in Ohio', 'the states of, Texas', 'TX, NY and OH', 'Smith ohio'],
    },
  },
  {
    id: 'city-known',
    entity: 'CITY',
    source: 'https://www.census.gov/programs-surveys/popest.html',
    forms: [{ on: 'word', words: TOWNS, edges: 'dotted', find: findTown, reach: 60 }],
    scores: { alone: 0.6 },
    examples: {
      ok: ['lives in ⟦Chicago⟧ now', '⟦Seattle⟧, WA', 'from ⟦Salt Lake City⟧.'],
      ng: [
        'Boston criteria',
        'Glasgow Coma Scale',
        'the paris agreement',
        'in Boston Scientific',
        'of Toronto classification',
      ],
    },
  },
  {
    id: 'city-of-residence',
    entity: 'CITY',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'word',
        words: [
          'lives in',
          'living in',
          'lived in',
          'live in',
          'resides in',
          'residing in',
          'resident of',
          'born in',
          'hometown of',
          'vivo en',
          'vive en',
          'residente en',
          'natural de',
        ],
        edges: 'dotted',
        find: findTownOfResidence,
        reach: 80,
      },
    ],
    scores: { alone: 0.6 },
    examples: {
      ok: ['lives in ⟦Lake Stevens⟧ with', 'a resident of ⟦Plainview⟧.', 'born in ⟦Weimar⟧ in'],
      ng: ['lives in the city', 'born in March 1980', 'born in Canada', 'lives in 2 rooms'],
    },
  },
  {
    id: 'geo-decimal',
    entity: 'GEO',
    source: 'https://www.rfc-editor.org/rfc/rfc5870',
    forms: [
      {
        on: 'number',
        digits: [1, 2],
        next: ['.0'],
        joined: true,
        edges: 'dotted',
        pattern: '\\d{1,2}\\.\\d{3,15}°?(?: ?[NS])?(?:, ?| )[-+]?\\d{1,3}\\.\\d{3,15}°?(?: ?[EW])?',
      },
    ],
    before: ['lat', 'latitude', 'coordinates', 'gps'],
    scores: { alone: 0.55, context: 0.9 },
    examples: {
      ok: ['at ⟦37.7749, -122.4194⟧', 'gps ⟦40.4168,-3.7038⟧', '⟦37.7749° N, 122.4194° W⟧'],
      ng: ['12.5, 13.5', '3.14159', '1.23, 4.56'],
    },
  },
  {
    id: 'geo-labelled',
    entity: 'GEO',
    source: 'https://www.rfc-editor.org/rfc/rfc5870',
    forms: [{ on: 'number', digits: [1, 3], next: ['.0'], joined: true, pattern: '\\d{1,3}\\.\\d{3,15}' }],
    before: ['lat', 'latitude', 'lon', 'lng', 'longitude', 'latitud', 'longitud'],
    window: 6,
    scores: { alone: 0.1, context: 0.85 },
    examples: {
      ok: ['latitude: ⟦37.7749⟧', '"lng": ⟦122.4194⟧', 'lon=⟦3.7038⟧'],
      ng: ['37.7749', 'lat pulldown 3.5', 'long: 12.5'],
    },
  },
  {
    id: 'facility',
    entity: 'FACILITY',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'word',
        words: [
          'hospital',
          'clinic',
          'medical center',
          'health center',
          'infirmary',
          'hospice',
          'nursing home',
          'clinica',
        ],
        edges: 'dotted',
        find: findFacility,
        reach: 300,
      },
    ],
    scores: { alone: 0.65 },
    examples: {
      ok: [
        '⟦Mayo Clinic⟧ approved',
        'seen at ⟦Northwestern Memorial Hospital⟧.',
        'en ⟦Hospital Universitario de Getafe⟧,',
      ],
      ng: ['the hospital stay', 'a clinic nearby', 'The Hospital was'],
    },
  },
  {
    id: 'vin',
    entity: 'VIN',
    source: 'https://www.ecfr.gov/current/title-49/section-565.15',
    forms: [{ on: 'token', length: [17, 17], ignoreCase: true, pattern: '[A-HJ-NPR-Z0-9]{17}' }],
    validate: isVin,
    before: ['vin', 'vehicle identification', 'chassis'],
    scores: { alone: 0.75, context: 0.98, contextInvalid: 0.65 },
    examples: {
      ok: ['VIN ⟦1HGCM82633A004352⟧', 'car ⟦1M8GDM9AXKP042788⟧', 'chassis: ⟦5GZCZ43D13S812715⟧'],
      ng: ['1HGCM82633A004353', '1HGCM82633A00435', 'OHGCM82633A004352'],
    },
  },
  {
    id: 'plate',
    entity: 'PLATE',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      { on: 'token', length: [4, 8], ignoreCase: true, pattern: '[A-Z0-9]{4,8}' },
      {
        on: 'token',
        length: [2, 4],
        next: [' ', ' a', '-', '-a'],
        ignoreCase: true,
        pattern: '[A-Z0-9]{2,4}[- ][A-Z0-9]{2,4}',
      },
      { on: 'number', digits: [1, 4], next: ['-a', ' a'], pattern: '\\d{1,4}[- ][A-Z]{2,4}' },
      { on: 'number', digits: [3, 4], next: ['end'], joined: true, find: findPlateLetters, reach: 12 },
    ],
    before: ['plate', 'matricula', 'kennzeichen'],
    window: 20,
    label: true,
    scores: { alone: 0.1, context: 0.8 },
    examples: {
      ok: ['license plate ⟦7ABC123⟧', 'plate: ⟦ABC-1234⟧', 'matrícula ⟦1234 BCD⟧'],
      ng: ['7ABC123', 'plate of 12', 'ABC-1234'],
    },
  },
  {
    id: 'username',
    entity: 'USERNAME',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'word',
        words: [
          'username',
          'user name',
          'userid',
          'login',
          'login user',
          'login id',
          'screen name',
          'usuario',
          'benutzername',
          'twitter',
          'instagram',
          'telegram',
          'tiktok',
          'snapchat',
        ],
        edges: 'open',
        find: findUsername,
        reach: 64,
      },
      {
        on: 'word',
        words: [
          'accepted password for',
          'failed password for',
          'failed password for invalid user',
          'invalid user',
          'session opened for user',
          'session closed for user',
          'logged in as',
          'signed in as',
        ],
        edges: 'open',
        find: findUserInLog,
        reach: 60,
      },
    ],
    scores: { alone: 0.7 },
    examples: {
      ok: [
        'username: ⟦jdoe42⟧',
        'login=⟦maria.lopez⟧',
        '"user_name": "⟦kchen⟧"',
        'My username is: ⟦onovak⟧',
        'username is ⟦jdoe42⟧',
        'Twitter: ⟦@jdoe_99⟧',
        'Accepted password for ⟦jdoe⟧ from',
      ],
      ng: [
        'username: null',
        'the username is',
        'login failed',
        'username: getName()',
        'handle: 12',
        'invalid user input',
        'handle: () => {}',
        'the username is required',
      ],
    },
  },
];
