import { createHash } from 'node:crypto';
import type { Entity } from '../../src/entity.ts';
import type { Random } from '../../training/random.ts';
import * as checked from './checked.ts';
import { fill } from './checked.ts';
import * as words from './words.ts';

type Maker = (random: Random) => string;

const shape =
  (...shapes: readonly string[]): Maker =>
  (random) =>
    fill(random, random.pick(shapes));

/** Parts digits into groups by one mark. */
function grouped(value: string, sizes: readonly number[], mark: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= value.length) break;
    parts.push(value.slice(at, at + size));
    at += size;
  }
  return parts.join(mark);
}

const FOURS = [4, 4, 4, 4, 4, 4, 4, 4, 4] as const;
const two = (value: number): string => String(value).padStart(2, '0');
const pickName = (random: Random): readonly [string, string] => [
  random.pick(words.GIVEN),
  random.pick(words.SURNAMES),
];

const email: Maker = (random) => {
  const [given, last] = pickName(random).map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, '')) as [
    string,
    string,
  ];
  const domain = random.pick(words.DOMAINS);
  return random.pick([
    `${given}.${last}@${domain}`,
    `${given}_${last}${random.below(99)}@${domain}`,
    `${given[0]}${last}@${domain}`,
    `${given}+${random.pick(['news', 'shop', 'test'])}@${domain}`,
    `${given.toUpperCase()}.${last.toUpperCase()}@${domain.toUpperCase()}`,
    `${last}-${given}@mail.${domain}`,
    `${given}${random.below(9999)}@${domain}`,
  ]);
};
const emailOdd: Maker = (random) => {
  const [given, last] = pickName(random).map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, '')) as [
    string,
    string,
  ];
  return random.pick([
    `${given} (at) example (dot) com`,
    `${given}.${last} [at] example [dot] org`,
    `${given} at example dot com`,
    `${given}.${last}(at)example.com`,
    `josé.${last}@ejemplo.es`,
    `${given}@müller-gmbh.de`,
    `o'${last}@example.ie`,
    `${given}@xn--mller-kva.de`,
    `${given}@例え.jp`,
  ]);
};
const nanp: Maker = (random) =>
  `${2 + random.below(8)}${fill(random, '##')}-${2 + random.below(8)}${fill(random, '##')}-${fill(random, '####')}`;
const phoneBare: Maker = (random) => {
  const [area, exchange, line] = nanp(random).split('-') as [string, string, string];
  return random.pick([
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `+1 (${area}) ${exchange}-${line}`,
    `+1-${area}-${exchange}-${line}`,
    `+1${area}${exchange}${line}`,
    `1-${area}-${exchange}-${line}`,
    `(${area})${exchange}-${line}`,
    `1 (${area}) ${exchange}-${line}`,
    fill(random, '+44 20 7### ####'),
    fill(random, '+44 (0)20 7### ####'),
    fill(random, '+44 7### ######'),
    fill(random, '+34 6## ## ## ##'),
    fill(random, '+34 91# ### ###'),
    fill(random, '+49 30 #######'),
    fill(random, '+33 1 ## ## ## ##'),
    fill(random, '+91 9#### #####'),
    fill(random, '+61 2 9### ####'),
  ]);
};
const phoneLabelled: Maker = (random) =>
  random.pick([
    phoneBare,
    phoneBare,
    (r: Random) => nanp(r).replaceAll('-', ''),
    (r: Random) => nanp(r).replaceAll('-', ' '),
    shape(
      '020 7### ####',
      '07### ######',
      '0121 ### ####',
      '6## ## ## ##',
      '91# ### ###',
      '04## ### ###',
      '01 4# ## ## ##',
    ),
  ])(random);

const ssnAny: Maker = (random) => {
  const value = checked.ssn(random);
  return random.pick([
    value,
    value,
    value.replaceAll('-', ' '),
    value.replaceAll('-', ''),
    value.replaceAll('-', '.'),
  ]);
};
const cardAny: Maker = (random) => {
  const value = checked.card(random);
  const mark = random.pick(['', ' ', '-', '.', ' ']);
  if (mark === '') return value;
  return value.length === 15
    ? grouped(value, [4, 6, 5], mark)
    : value.length === 14
      ? grouped(value, [4, 6, 4], mark)
      : grouped(value, FOURS, mark);
};
const ibanAny: Maker = (random) => {
  const value = checked.iban(random);
  return random.pick([
    value,
    grouped(value, FOURS, ' '),
    value.toLowerCase(),
    grouped(value, FOURS, ' ').toLowerCase(),
    grouped(value, FOURS, '-'),
  ]);
};
const ipv4: Maker = (random) => Array.from({ length: 4 }, () => 1 + random.below(254)).join('.');
const group = (random: Random): string => (1 + random.below(0xfffe)).toString(16);
const ipv6: Maker = (random) =>
  random.pick([
    () => Array.from({ length: 8 }, () => group(random)).join(':'),
    () => `2001:db8::${group(random)}`,
    () => `fe80::${group(random)}:${group(random)}`,
    () => `2001:db8:${group(random)}:${group(random)}::${group(random)}`,
    () => `2001:0DB8:0000:0000:0000:${fill(random, '####')}:0000:0001`,
    () => `::ffff:${ipv4(random)}`,
    () => `fd${fill(random, '##')}:${group(random)}::1`,
  ])();
const mac: Maker = (random) => {
  const pairs = Array.from({ length: 6 }, () => fill(random, '~~'));
  const [a, b, c, d, e, f] = pairs as [string, string, string, string, string, string];
  return random.pick([
    pairs.join(':'),
    pairs.join('-').toUpperCase(),
    `${a}${b}.${c}${d}.${e}${f}`,
    pairs.join(':').toUpperCase(),
  ]);
};
const day = (random: Random): readonly [number, number, number] => [
  1935 + random.below(90),
  1 + random.below(12),
  1 + random.below(28),
];
const date: Maker = (random) => {
  const [year, month, of] = day(random);
  const name = words.MONTHS[month - 1] as string;
  return random.pick([
    `${year}-${two(month)}-${two(of)}`,
    `${month}/${of}/${year}`,
    `${two(month)}/${two(of)}/${year}`,
    `${name} ${of}, ${year}`,
    `${of} ${name} ${year}`,
    `${name.slice(0, 3)} ${of}, ${year}`,
    `${two(of)}-${name.slice(0, 3)}-${year}`,
    `${two(of)}.${two(month)}.${year}`,
    `${year}/${two(month)}/${two(of)}`,
    `${of}th of ${name} ${year}`.replace(/([123]?)1th/, '$11st'),
    `${name} ${of}${of === 1 || of === 21 ? 'st' : of === 2 || of === 22 ? 'nd' : of === 3 || of === 23 ? 'rd' : 'th'}`,
    `${name.slice(0, 3)}. ${of}, ${year}`,
    `${year}-${two(month)}-${two(of)}T${two(random.below(24))}:${two(random.below(60))}:00Z`,
  ]);
};
const street: Maker = (random) => {
  const number = 1 + random.below(9899);
  const name = random.pick(words.STREET_NAMES);
  return random.pick([
    `${number} ${name} ${random.pick(words.STREET_SUFFIXES)}`,
    `${number} ${name} ${random.pick(words.STREET_SUFFIXES)}`,
    `${number} ${random.pick(['N', 'S', 'West', 'East'])} ${name} ${random.pick(words.STREET_SUFFIXES)}`,
    `${number} ${name} ${random.pick(words.STREET_SUFFIXES)}, Apt ${1 + random.below(40)}B`,
    `${number} ${name} ${random.pick(words.STREET_SUFFIXES)} Suite ${100 + random.below(800)}`,
    `${1 + random.below(120)}${random.pick(['', 'A', 'b'])} ${name} ${random.pick(words.UK_SUFFIXES)}`,
    `Flat ${1 + random.below(30)}, ${1 + random.below(90)} ${name} ${random.pick(words.UK_SUFFIXES)}`,
    `${random.pick(['Calle', 'C/', 'Avenida', 'Avda.', 'Plaza', 'Paseo'])} ${random.pick(words.SPANISH_STREETS)}, ${1 + random.below(120)}`,
    `${random.pick(['Calle', 'Calle de', 'Avenida', 'Av.'])} ${random.pick(words.SPANISH_STREETS)} ${1 + random.below(120)}, ${1 + random.below(8)}º ${random.pick(['A', 'B', 'izq'])}`,
    `${fill(random, '##')}th Street`
      .replace(/^0/, '4')
      .replace(/(\d)1th/, '$12nd')
      .replace(/^/, `${number} W `),
    `P.O. Box ${fill(random, '####')}`,
    `${random.pick(words.GERMAN_STREETS)} ${1 + random.below(150)}`,
  ]);
};
const age: Maker = (random) => String(90 + random.below(14));

/** A slot of a sentence: what it is, and how it is written. Those named `X.bare` need no label to be known. */
export const SLOTS: Readonly<Record<string, readonly [Entity, Maker]>> = {
  EMAIL: ['EMAIL', email],
  'EMAIL.odd': ['EMAIL', emailOdd],
  PHONE: ['PHONE', phoneLabelled],
  'PHONE.bare': ['PHONE', phoneBare],
  FAX: ['FAX', phoneLabelled],
  URL: [
    'URL',
    (random) =>
      `${random.pick(['https://', 'http://', 'https://www.', 'www.'])}${random.pick(words.DOMAINS)}/${random.pick(['u', 'profile', 'photos'])}/${random.pick(words.SURNAMES).toLowerCase()}${random.below(99)}`,
  ],
  IPV4: ['IPV4', ipv4],
  IPV6: ['IPV6', ipv6],
  MAC: ['MAC', mac],
  SSN: ['SSN', ssnAny],
  'SSN.bare': ['SSN', checked.ssn],
  ITIN: ['ITIN', checked.itin],
  EIN: ['EIN', checked.ein],
  PASSPORT: ['PASSPORT', shape('#########', '@########', '@@#######', 'C01X00T47')],
  DRIVER_LICENSE: [
    'DRIVER_LICENSE',
    shape('@#######', '########', '@###-####-####', '@@######@', '@############'),
  ],
  LICENSE: ['LICENSE', shape('MD######', '@#####', 'RN#######', '#######')],
  UK_NINO: ['UK_NINO', shape('AB######C', 'AB ## ## ## C', 'JG######A')],
  UK_NHS: ['UK_NHS', checked.nhs],
  CA_SIN: ['CA_SIN', (random) => checked.sin(random).replaceAll('-', random.pick(['-', ' ', '']))],
  IN_AADHAAR: [
    'IN_AADHAAR',
    (random) => checked.aadhaar(random).replaceAll(' ', random.pick([' ', '-', ''])),
  ],
  IN_PAN: ['IN_PAN', shape('ABCP@####@', 'BNZP@####@')],
  PL_PESEL: ['PL_PESEL', checked.pesel],
  PL_NIP: ['PL_NIP', checked.nip],
  ES_NIF: ['ES_NIF', (random) => checked.nif(random).replace(/(\D)$/, random.pick(['$1', '-$1']))],
  ES_NIE: ['ES_NIE', checked.nie],
  FR_NIR: ['FR_NIR', (random) => checked.nir(random).replaceAll(' ', random.pick([' ', '']))],
  DE_STEUER_ID: ['DE_STEUER_ID', checked.steuerId],
  AU_TFN: ['AU_TFN', (random) => checked.tfn(random).replaceAll(' ', random.pick([' ', '']))],
  CREDIT_CARD: ['CREDIT_CARD', cardAny],
  IBAN: ['IBAN', ibanAny],
  ABA: ['ABA', checked.aba],
  ACCOUNT: ['ACCOUNT', shape('############', '########', '####-######', '@@########')],
  BTC: ['BTC', (random) => random.pick(checked.BITCOINS)],
  MRN: [
    'MRN',
    shape('########', '######', '@######', '##-##-##', '###-####', '######', 'H########', '@@-######'),
  ],
  MBI: ['MBI', shape('1EG4-TE5-MK##', '1EG4TE5MK##', '9AA9-AA9-AA##')],
  HEALTH_PLAN_ID: [
    'HEALTH_PLAN_ID',
    shape('@@@#########', '#########', '@########', '@@@-####-####', '##########'),
  ],
  NPI: ['NPI', checked.npi],
  DEA: ['DEA', checked.dea],
  DEVICE_ID: [
    'DEVICE_ID',
    shape(
      'SN########',
      '@@@######@',
      '%%%%-%%%%-1###',
      '(01)00844588003288(17)######(10)@######',
      '################',
    ),
  ],
  PERSON: ['PERSON', (random) => pickName(random).join(' ')],
  'PERSON.given': ['PERSON', (random) => random.pick(words.GIVEN)],
  STREET: ['STREET', street],
  CITY: ['CITY', (random) => random.pick(words.CITIES)],
  ZIP: ['ZIP', shape('9####', '1####-####', '6####')],
  'ZIP.uk': [
    'ZIP',
    (random) => random.pick(['SW1A 1AA', 'M1 1AE', 'CR2 6XH', 'DN55 1PT', 'EC1A 1BB', 'B33 8TH']),
  ],
  'ZIP.ca': ['ZIP', (random) => random.pick(['K1A 0B1', 'V6B 4Y8', 'H0H 0H0', 'M5V 3L9'])],
  GEO: [
    'GEO',
    (random) => `${random.below(80)}.${fill(random, '####')}, -${random.below(170)}.${fill(random, '####')}`,
  ],
  FACILITY: [
    'FACILITY',
    (random) =>
      `${random.pick(words.FACILITY_LEADS)} ${random.pick(['Hospital', 'Medical Center', 'Clinic', 'General Hospital', 'Memorial Hospital', 'Health Center'])}`,
  ],
  DATE: ['DATE', date],
  DOB: [
    'DOB',
    (random) =>
      date(random)
        .replace(/^(\D+ \d+)(?:st|nd|rd|th)$/, '$1, 1961')
        .replace(/T.*Z$/, ''),
  ],
  AGE: ['AGE_OVER_89', age],
  'AGE.phrase': [
    'AGE_OVER_89',
    (random) =>
      random.pick([
        (n: string) => `${n}-year-old`,
        (n: string) => `${n} years old`,
        (n: string) => `${n} year old`,
        (n: string) => `${n} y.o.`,
        (n: string) => `${n} yo`,
        () => 'ninety-two-year-old',
        () => 'ninety-five years old',
      ])(age(random)),
  ],
  VIN: ['VIN', checked.vin],
  PLATE: ['PLATE', shape('7@@@###', '@@@-####', '@@## @@@', '@@@ ####', '####-@@@')],
  USERNAME: [
    'USERNAME',
    (random) => {
      const [given, last] = pickName(random).map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, '')) as [
        string,
        string,
      ];
      return random.pick([
        `${given[0]}${last}`,
        `${given}.${last}`,
        `${given}_${random.below(99)}`,
        `${last}${1950 + random.below(60)}`,
      ]);
    },
  ],
};

/** What is no personal data, for the sentences that have to stay as they are. */
export const PLAIN_SLOTS: Readonly<Record<string, Maker>> = {
  icd: (random) =>
    random.pick([
      'E11.9',
      'I10',
      'Z79.4',
      'J45.909',
      'M54.50',
      'S72.001A',
      'C50.911',
      'F32.1',
      'O80',
      'K21.9',
      'E11.65',
      'N18.30',
    ]),
  loinc: (random) =>
    random.pick(['4548-4', '2345-7', '718-7', '33914-3', '13457-7', '2160-0', '8480-6', '30525-0', '777-3']),
  rxnorm: (random) => random.pick(['860975', '197361', '314076', '1049502', '308136', '310965', '261551']),
  snomed: (random) =>
    random.pick(['44054006', '38341003', '195967001', '73211009', '22298006', '840539006', '271737000']),
  cpt: (random) => random.pick(['99213', '99214', '93000', '80053', '45378', '36415', '71046', '97110']),
  ndc: (random) => random.pick(['0002-8215-01', '50580-449-02', '0093-7146-56', '68180-513-01']),
  hcpcs: (random) => random.pick(['J1885', 'G0438', 'A4253', 'E0601']),
  drug: (random) => random.pick(words.DRUGS),
  dose: (random) =>
    random.pick([
      '500 mg',
      '5 mg',
      '0.5 mg',
      '10 units',
      '2 puffs',
      '1,000 mg',
      '40 mg/0.4 mL',
      '81 mg',
      '12.5 mg',
      '75 mcg',
    ]),
  lab: (random) =>
    random.pick([
      '7.2 %',
      '169 mg/dL',
      '4.1 mmol/L',
      '206,000/mm3',
      '13.4 g/dL',
      '1.02',
      '98 %',
      '42 mL/min/1.73 m2',
      '0.9-1.1',
      '140/90 mmHg',
      '36.6 C',
    ]),
  age: (random) => String(18 + random.below(70)),
  n: (random) => String(1 + random.below(60)),
  order: (random) =>
    fill(random, random.pick(['10######', 'ORD-#####', '2####-###', 'SO-2024-#####', '########'])),
  uuid: (random) => fill(random, '~~~~~~~~-~~~~-4~~~-a~~~-~~~~~~~~~~~~'),
  sha: (random) =>
    createHash('sha256')
      .update(String(random.below(1_000_000)))
      .digest('hex'),
  commit: (random) =>
    createHash('sha1')
      .update(String(random.below(1_000_000)))
      .digest('hex')
      .slice(0, random.pick([7, 8, 40])),
  version: (random) => `${random.below(20)}.${random.below(30)}.${random.below(20)}`,
  epoch: (random) => `17${fill(random, '########')}`,
  hex: (random) => `0x${fill(random, '~~~~~~~~')}`,
  big: (random) => fill(random, '1########'),
  money: (random) => random.pick(['$1,234.56', '€99', '12,450 USD', '$1234567890', '£3.20']),
  isbn: (random) => random.pick(['978-3-16-148410-0', '978-0-306-40615-7', '9780262033848']),
};
