import { describe, expect, it } from 'vitest';
import {
  createDetector,
  type DetectorOptions,
  ENTITIES,
  type Finding,
  RULES,
  SECRET_ENTITIES,
} from '../src/index.ts';

const found = (text: string, options?: DetectorOptions): string[] =>
  createDetector(options)
    .scan(text)
    .map(({ entity, start, end }) => `${entity} ${text.slice(start, end)}`);

describe('a finding', () => {
  it('carries place, entity, score and rule, and never the value', () => {
    const [finding] = createDetector().scan('write to a@b.co');
    expect(finding).toEqual({ start: 9, end: 15, entity: 'EMAIL', score: 0.98, rule: 'email' });
  });

  it('is absent in the same empty array whenever there is none', () => {
    const detector = createDetector();
    expect(detector.scan('nothing here')).toBe(detector.scan(''));
  });

  it('is found in the piece of a long text in which it stands, wherever the pieces part', () => {
    const detector = createDetector({ entities: ['EMAIL', 'SSN', 'DATE'] });
    const value = 'ssn 123-45-6789 a.b@example.com 2020-01-02 ';
    for (let offset = 0; offset < value.length + 8; offset += 3) {
      const text = `${'x '.repeat((65_536 + 512 - offset) >> 1)}${value}${'y '.repeat(60_000)}`;
      expect(detector.scan(text).map((finding) => finding.entity)).toEqual(['SSN', 'EMAIL', 'DATE']);
    }
  });

  it('is found by its context word across the parting of pieces', () => {
    const text = `${'x '.repeat(32_762)}MRN: 00123456 ${'y '.repeat(60_000)}`;
    expect(found(text, { entities: ['MRN'] })).toEqual(['MRN 00123456']);
  });
});

describe('overlaps', () => {
  it('go to the higher score', () => {
    expect(found('DOB 03/15/1989')).toEqual(['DOB 03/15/1989']);
    expect(found('Fax: 948-296-5000')).toEqual(['FAX 948-296-5000']);
  });

  it('leave what only the loser covers a finding of its own', () => {
    const rules = [
      { id: 'wide', entity: 'WIDE' as const, pattern: 'abcd-\\d{4}-efgh', score: 0.6 },
      { id: 'strong', entity: 'STRONG' as const, pattern: '\\d{4}-efgh', score: 0.9 },
    ];
    expect(found('see abcd-1234-efgh now', { rules, entities: ['WIDE', 'STRONG'] })).toEqual([
      'WIDE abcd',
      'STRONG 1234-efgh',
    ]);
  });
});

describe('options', () => {
  it('look for the entities that are named, and no other', () => {
    expect(found('a@b.co 123-45-6789', { entities: ['SSN'] })).toEqual(['SSN 123-45-6789']);
  });

  it('leave out the rules and the packs that are not wanted', () => {
    expect(found('10.0.0.1', { without: ['ipv4'] })).toEqual([]);
    expect(found('DNI 12345678Z', { locales: ['us'] })).toEqual([]);
    expect(found('DNI 12345678Z', { locales: ['es'] })).toEqual(['ES_NIF 12345678Z']);
  });

  it('move the threshold of all entities or of one', () => {
    expect(found('value 123456789', { entities: ['SSN'], threshold: 0.2 })).toEqual(['SSN 123456789']);
    expect(found('value 123-45-6789', { entities: ['SSN'], thresholds: { SSN: 0.9 } })).toEqual([]);
    expect(found('SSN 123-45-6789', { entities: ['SSN'], thresholds: { SSN: 0.9 } })).toEqual([
      'SSN 123-45-6789',
    ]);
  });

  it('allow a value, in any case, or a pattern that matches all of it', () => {
    const text = 'Help@Example.com or bot-7@example.com or me@example.com';
    const allow = [
      { value: 'help@example.com' },
      { pattern: 'bot-\\d{1,3}@example\\.com', entity: 'EMAIL' as const },
    ];
    expect(found(text, { allow })).toEqual(['EMAIL me@example.com']);
    expect(found('help@example.com', { allow: [{ value: 'help@example.com', entity: 'SSN' }] })).toHaveLength(
      1,
    );
  });

  it('widen or narrow the window of context words', () => {
    const text = 'ssn that was given: 123456789';
    expect(found(text, { entities: ['SSN'] })).toHaveLength(1);
    expect(found(text, { entities: ['SSN'], contextWindow: 4 })).toEqual([]);
  });

  it.each<[string, DetectorOptions, RegExp]>([
    ['an entity that no rule finds', { entities: ['NOTHING'] }, /No rule finds "NOTHING"/],
    ['a threshold for it', { thresholds: { NOTHING: 0.5 } }, /No rule finds/],
    ['a threshold above 1', { threshold: 2 }, /from 0 to 1/],
    ['a pack that there is not', { locales: ['xx' as 'us'] }, /no pack "xx"; write one of us/],
    ['a rule that there is not', { without: ['nope'] }, /no rule "nope"/],
    ['a window that is no number of units', { contextWindow: -1 }, /whole number/],
    ['an empty allow entry', { allow: [{ value: '' }] }, /allow\[0\]/],
    ['an allow pattern that is not linear', { allow: [{ pattern: 'a+' }] }, /allow\[0\]: .*without an end/],
    [
      'an id that is taken',
      { rules: [{ id: 'email', entity: 'X1', pattern: '\\d{4}' }] },
      /Two rules are named "email"/,
    ],
    [
      'a rule with an unknown key',
      { rules: [{ id: 'a', entity: 'X1', regex: 'x' } as never] },
      /knows no "regex"/,
    ],
    [
      'a rule with neither pattern nor words',
      { rules: [{ id: 'a', entity: 'X1' }] },
      /either pattern or words/,
    ],
    [
      'an entity that is not upper case',
      { rules: [{ id: 'a', entity: 'x1' as 'X1', pattern: '\\d{4}' }] },
      /UPPER_CASE/,
    ],
    ['a word without letters', { rules: [{ id: 'a', entity: 'X1', words: ['12'] }] }, /two letters in a row/],
  ])('refuse %s', (_, options, message) => {
    expect(() => createDetector(options)).toThrow(message);
  });
});

describe('a rule of the user', () => {
  it('finds by a literal beginning, without any other pattern being tried', () => {
    const rules = [{ id: 'employee', entity: 'EMPLOYEE_ID' as const, pattern: 'EMP-\\d{6}' }];
    expect(
      found('by EMP-123456, not EMP-1234567 or xEMP-123456', { rules, entities: ['EMPLOYEE_ID'] }),
    ).toEqual(['EMPLOYEE_ID EMP-123456']);
  });

  it('finds by a class at its beginning, at the edges of words only', () => {
    const rules = [{ id: 'badge', entity: 'BADGE' as const, pattern: '[A-Z]{2}\\d{4}' }];
    expect(found('AB1234 xAB1234 AB12345 (CD5678)', { rules, entities: ['BADGE'] })).toEqual([
      'BADGE AB1234',
      'BADGE CD5678',
    ]);
  });

  it('counts only near its context words, when it has some', () => {
    const rules = [{ id: 'badge', entity: 'BADGE' as const, pattern: '[A-Z]{2}\\d{4}', context: ['badge'] }];
    expect(found('badge AB1234', { rules, entities: ['BADGE'] })).toEqual(['BADGE AB1234']);
    expect(found('part AB1234', { rules, entities: ['BADGE'] })).toEqual([]);
  });

  it('finds words and phrases, in any case', () => {
    const rules = [{ id: 'project', entity: 'PROJECT' as const, words: ['blue heron'] }];
    expect(found('the BLUE HERON papers, blue_heron', { rules, entities: ['PROJECT'] })).toEqual([
      'PROJECT BLUE HERON',
      'PROJECT blue_heron',
    ]);
  });

  it('may extend a built-in entity', () => {
    const rules = [{ id: 'own-mrn', entity: 'MRN' as const, pattern: 'HX\\d{5}' }];
    expect(found('see HX12345', { rules, entities: ['MRN'] })).toEqual(['MRN HX12345']);
  });
});

describe('a detector of prose', () => {
  const names = (text: string): readonly Finding[] =>
    [...text.matchAll(/Alice/g)].map((match) => ({
      start: match.index,
      end: match.index + 5,
      entity: 'PERSON',
      score: 0.9,
      rule: 'names',
    }));

  it('is asked about prose, and what it finds is among the findings', () => {
    expect(found('please ask Alice at a@b.co about it', { proseDetector: { find: names } })).toEqual([
      'PERSON Alice',
      'EMAIL a@b.co',
    ]);
  });

  it('may answer in any order, and with names over one another', () => {
    const names = (text: string): readonly Finding[] =>
      ['Roe', 'Alice Roe', 'Bob'].map((name) => ({
        start: text.indexOf(name),
        end: text.indexOf(name) + name.length,
        entity: 'PERSON',
        score: 0.9,
        rule: 'names',
      }));
    const expected = ['PERSON Bob', 'PERSON Alice Roe'];
    expect(found('please ask Bob or Alice Roe', { proseDetector: { find: names } })).toEqual(expected);
    expect(found('please ask Bob or Alice Roe at a@b.co', { proseDetector: { find: names } })).toEqual([
      ...expected,
      'EMAIL a@b.co',
    ]);
  });

  it('is not asked about tables and codes, nor for an entity that is not wanted', () => {
    expect(found('1,2,3;4,5,6;Alice,7,8,9', { proseDetector: { find: names } })).toEqual([]);
    expect(found('please ask Alice', { proseDetector: { find: names }, entities: ['EMAIL'] })).toEqual([]);
  });
});

it('believes a shape unchecked, when a text holds thousands whose check is costly', () => {
  const near = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ';
  const detector = createDetector({ entities: ['BTC'] });
  expect(detector.scan(near.repeat(8_192))).toEqual([]);
  expect(detector.scan(near.repeat(8_200))).toHaveLength(8);
});

it('keeps nothing of one scan for the next', () => {
  const detector = createDetector({ entities: ['MRN'] });
  detector.scan('MRN ');
  expect(detector.scan('12345678')).toEqual([]);
});

it('names a source for each entity that it finds, and PERSON by its prose detector alone', () => {
  const covered = new Set<string>(RULES.map((rule) => rule.entity));
  const missing = [...createDetector().entities].filter((entity) => !covered.has(entity));
  expect(missing).toEqual(['PERSON']);
});

it('finds a credential as what it is, also where it is a part of something else', () => {
  const text = 'GET https://api.example.com/v1/items?token=ab12cd34ef56ab78cd90ef12 done';
  expect(found(text, { entities: [...ENTITIES, ...SECRET_ENTITIES] })).toEqual([
    'URL https://api.example.com/v1/items?token',
    'ACCESS_TOKEN ab12cd34ef56ab78cd90ef12',
  ]);
});
