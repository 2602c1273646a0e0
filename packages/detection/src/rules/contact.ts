import { findEmail } from '../matchers/email.ts';
import { findSpelledEmail } from '../matchers/spelled-email.ts';
import { findIpv4, findIpv6, findMacColons, findMacDashes, findMacDots } from '../matchers/ip.ts';
import {
  findFax,
  findNational,
  findInternational,
  findPhoneBefore,
  findPhoneDigits,
} from '../matchers/phone.ts';
import { findAreaCode, findNanp, findTrunkCall } from '../matchers/nanp.ts';
import { findUrl, findWww } from '../matchers/url.ts';
import type { Form, Rule } from '../rule.ts';
import { CALL_WORDS, FAX_WORDS, OTHER_NUMBERS, PHONE_AFTER, PHONE_WORDS } from './context-words.ts';

const NUMBER_IN_GROUPS: readonly Form[] = [
  { on: 'number', digits: [1, 5], next: ['-', '.', '/', ' ', ')'], find: findPhoneDigits, reach: 40 },
  { on: 'number', digits: [6, 15], next: ['end', '-', '.', '/', ' ', ')'], find: findPhoneDigits, reach: 40 },
];
const NANP: readonly Form[] = [
  { on: 'number', digits: [3, 3], next: [')'], lead: '(', find: findAreaCode, reach: 24 },
  { on: 'number', digits: [3, 3], next: ['-', '.', ' '], find: findNanp, reach: 26 },
  {
    on: 'number',
    digits: [1, 1],
    next: ['-', '.', ' '],
    find: findTrunkCall,
    reach: 26,
  },
];

export const CONTACT_RULES: readonly Rule[] = [
  {
    id: 'email',
    entity: 'EMAIL',
    source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2',
    forms: [{ on: 'at', edges: 'open', find: findEmail, reach: 320 }],
    scores: { alone: 0.98 },
    examples: {
      ok: [
        'Contact ⟦support@example.com⟧ for help.',
        'to ⟦john.doe+tag@company.co.uk⟧, please',
        '(⟦billing-team@sub.domain.com⟧), thanks',
      ],
      ng: [
        'not-an-email@',
        'npm install pkg@1.2.3',
        'git@github.com:owner/name.git',
        'const P = /[a-z]+@[a-z]+/;',
        'icon@2x.png',
      ],
    },
  },
  {
    id: 'email-spelled',
    entity: 'EMAIL',
    source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2',
    forms: [{ on: 'word', words: ['dot'], edges: 'dotted', find: findSpelledEmail, reach: 150 }],
    scores: { alone: 0.9 },
    examples: {
      ok: [
        'mail ⟦jane (at) example dot com⟧ please',
        'to ⟦john.doe [at] example [dot] co [dot] uk⟧.',
        'write ⟦jane at mail dot example dot org⟧',
      ],
      ng: ['look at example dot com', 'a dot product', 'at the dot of noon', 'jane dot com'],
    },
  },
  {
    id: 'phone-international',
    entity: 'PHONE',
    source: 'https://www.itu.int/rec/T-REC-E.164',
    forms: [
      {
        on: 'number',
        digits: [1, 15],
        next: ['end', '-', '.', ' ', ')'],
        lead: '+',
        find: findInternational,
        reach: 40,
      },
    ],
    before: PHONE_WORDS,
    scores: { alone: 0.8, context: 0.95 },
    examples: {
      ok: ['London office ⟦+44 20 7946 0958⟧', 'now ⟦+1-555-123-4567⟧.', 'tel ⟦+34 981 950 501⟧;'],
      ng: ['a change of +12345 units', 'UTC+02:00', '1+1234567'],
    },
  },
  {
    id: 'phone-nanp',
    entity: 'PHONE',
    locale: 'us',
    source: 'https://www.nanpa.com/',
    forms: NANP,
    before: PHONE_WORDS,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.75, context: 0.92 },
    examples: {
      ok: [
        'Call ⟦(555) 123-4567⟧ tomorrow.',
        'Main line ⟦555-123-4567⟧ is active',
        'Use ⟦555.123.4567⟧ now',
        'at ⟦001-748-088-2851x818⟧-Fax',
      ],
      ng: ['Part number: 555-123-4567-A', 'ISBN 978-3-16-148410-0', 'range 100-200-3000-40', '555-12-3456'],
    },
  },
  {
    id: 'phone-labelled',
    entity: 'PHONE',
    source: 'https://www.itu.int/rec/T-REC-E.123',
    forms: NUMBER_IN_GROUPS,
    before: PHONE_WORDS,
    window: 32,
    label: true,
    scores: { alone: 0, context: 0.85 },
    examples: {
      ok: ['Phone: ⟦5551234567⟧ ext 9', 'Tfno: ⟦956 203 145⟧ y', 'Telfs.: ⟦918823884⟧ / x'],
      ng: ['1700000000 seconds', 'Numbers 111222333444 are identifiers', 'call 12 times'],
    },
  },
  {
    id: 'phone-called',
    entity: 'PHONE',
    source: 'https://www.itu.int/rec/T-REC-E.123',
    forms: [
      { on: 'number', digits: [2, 5], next: ['-', '.', ' '], find: findPhoneDigits, reach: 40 },
      { on: 'number', digits: [10, 11], next: ['end', ')'], find: findPhoneDigits, reach: 40 },
    ],
    before: CALL_WORDS,
    unless: OTHER_NUMBERS,
    window: 24,
    label: true,
    scores: { alone: 0, context: 0.7 },
    examples: {
      ok: [
        'Desk: ⟦5551234567⟧ ext 9',
        "They're not answering at ⟦25-62-29-72⟧",
        'call her on ⟦07700 900123⟧',
      ],
      ng: ['call 12 times', 'contact us in 2024', 'text of 12345678 bytes'],
    },
  },
  {
    id: 'phone-national',
    entity: 'PHONE',
    source: 'https://www.itu.int/rec/T-REC-E.123',
    forms: [
      { on: 'number', digits: [2, 5], next: [' '], find: findNational, reach: 24 },
      { on: 'number', digits: [2, 2], next: ['.'], find: findNational, reach: 24 },
      { on: 'number', digits: [3, 4], next: ['/'], find: findNational, reach: 24 },
    ],
    before: [...PHONE_WORDS, ...CALL_WORDS],
    unless: OTHER_NUMBERS,
    scores: { alone: 0.6, context: 0.85 },
    examples: {
      ok: [
        'or ⟦020 7946 0958⟧ today',
        'on ⟦07700 900123⟧.',
        'mein Büro: ⟦030/12345678⟧',
        'au ⟦01 42 68 53 00⟧',
        'from abroad ⟦0044 20 7946 0958⟧',
      ],
      ng: ['0002-8215-01', 'at 09 30 10', '00 00 00', 'item 0123 4', '08 12 2020'],
    },
  },
  {
    id: 'phone-before-word',
    entity: 'PHONE',
    source: 'https://www.itu.int/rec/T-REC-E.123',
    forms: [{ on: 'word', words: PHONE_AFTER, edges: 'open', find: findPhoneBefore, reach: 80 }],
    scores: { alone: 0.85 },
    examples: {
      ok: ['⟦455 6186⟧ office', 'at ⟦06-10446904⟧-Office', '⟦5551234567⟧ ext 9'],
      ng: ['2020-01-01 office', 'in 12 mobile phones', '455 people, office'],
    },
  },
  {
    id: 'fax',
    entity: 'FAX',
    source: 'https://www.itu.int/rec/T-REC-E.123',
    forms: [{ on: 'word', words: FAX_WORDS, edges: 'open', find: findFax, reach: 120 }],
    scores: { alone: 0.96 },
    examples: {
      ok: [
        'Fax: ⟦948 296 500⟧ E-mail',
        'FAX ⟦+1-555-123-4567⟧',
        '⟦166-684-7899⟧ fax',
        '⟦001-846-853-9089x92556⟧-Fax',
        'tel 948 255 400. Fax: ⟦948 296 501⟧',
      ],
      ng: ['Fax 12', 'the fax of 2020-01-01', '2020-01-01 fax', 'phone 555-123-4567'],
    },
  },
  {
    id: 'url',
    entity: 'URL',
    source: 'https://www.rfc-editor.org/rfc/rfc3986',
    forms: [
      { on: 'scheme', edges: 'open', find: findUrl, reach: 16 },
      { on: 'word', words: ['www'], open: true, edges: 'open', find: findWww, reach: 72 },
    ],
    scores: { alone: 0.97 },
    examples: {
      ok: [
        'See [RFC 1918](⟦https://example.com/rfc1918⟧)',
        'site ⟦http://www.visualtrips.hu/⟧',
        'at ⟦www.example.org/a?b=c⟧.',
      ],
      ng: ['a://b', 'file:/etc/passwd', 'std::vector', '://'],
    },
  },
  {
    id: 'ipv4',
    entity: 'IPV4',
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2',
    forms: [{ on: 'number', digits: [1, 3], next: ['.'], edges: 'open', find: findIpv4, reach: 18 }],
    unless: ['version', 'release', 'section', 'chapter', 'oid', 'build', 'ver', 'figure', 'clause'],
    scores: { alone: 0.9 },
    examples: {
      ok: ['Ping ⟦127.0.0.1⟧ for', '[⟦203.0.113.9⟧] in logs', 'http ⟦10.0.0.1⟧:8080', '⟦255.255.255.255⟧'],
      ng: [
        '256.1.1.1',
        '192.168.1 ',
        '10.0.one.2',
        'version 1.2.3.4',
        'Chrome/120.0.0.0',
        'OID 1.2.840.113883.6.96',
        '1.3.6.1.4.1',
      ],
    },
  },
  {
    id: 'ipv6',
    entity: 'IPV6',
    source: 'https://www.rfc-editor.org/rfc/rfc4291#section-2.2',
    forms: [{ on: 'colon', edges: 'open', find: findIpv6, reach: 60 }],
    scores: { alone: 0.9 },
    examples: {
      ok: [
        'address ⟦d80:e4b5:79da:6cf6:71f3:51f7:9161:c319⟧ blocked',
        'at ⟦fe80::1⟧',
        '⟦2001:db8::8a2e:370:7334⟧',
        '⟦::ffff:192.0.2.1⟧',
      ],
      ng: ['12:30:45 UTC', 'std::dec', 'a::b', '1:2:3:4:5:6:7', '::'],
    },
  },
  {
    id: 'mac',
    entity: 'MAC',
    source: 'https://standards.ieee.org/products-programs/regauth/',
    forms: [
      { on: 'colon', edges: 'open', find: findMacColons, reach: 18 },
      { on: 'token', length: [2, 2], next: ['-', '-a'], joined: true, find: findMacDashes, reach: 34 },
      { on: 'number', digits: [2, 2], next: ['-', '-a'], joined: true, find: findMacDashes, reach: 34 },
      { on: 'token', length: [4, 4], next: ['end', '.', '.0'], find: findMacDots, reach: 16 },
      { on: 'number', digits: [4, 4], next: ['.', '.0'], find: findMacDots, reach: 16 },
    ],
    scores: { alone: 0.9 },
    examples: {
      ok: [
        'mac ⟦00:1A:2B:3C:4D:5E⟧',
        '⟦00-1A-2B-3C-4D-5E⟧ up',
        '⟦001a.2b3c.4d5e⟧',
        '⟦EB-5D-0F-DB-35-E1⟧',
        'at ⟦7981.396f.5d57⟧.',
      ],
      ng: [
        '00:1A:2B:3C:4D',
        '00:1A:2B:3C:4D:5E:6F:70',
        '2024-01-02-03-04',
        '550e8400-e29b-41d4-a716-446655440000',
      ],
    },
  },
];
