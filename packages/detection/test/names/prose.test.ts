import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readsLikeProse } from '../../src/engine/prose.ts';
import { createDetector, createPersonDetector } from '../../src/index.ts';

describe('readsLikeProse', () => {
  it.each([
    'Patient seen today by the team, doing well.',
    'John Smith',
    "Ms. Kim's HbA1c is 8.2; Mr. Lee's is 7",
    'Patient: Ann Lee\nMRN: 88213\nDOB: 03/14/1962',
    'hey, are you coming tonight?',
    '| Name | Age |\n|---|---|\n| Maria Garcia | 42 |',
    'El paciente presenta dolor abdominal y fiebre.',
    'Пациент Иванов осмотрен сегодня.',
  ])('is true of %j', (text) => {
    expect(readsLikeProse(text)).toBe(true);
  });

  it.each([
    '',
    '550e8400-e29b-41d4-a716-446655440000',
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
    'id,qty,price\n1,3,9.99\n2,1,19.99\n3,12,4.50',
    'const a = b[0]; if (a === c) { return { d: e_f }; }',
    '127.0.0.1 - - [10/Oct/2020:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326',
    'a1b2c3d4 e5f6a7b8 9c0d1e2f 3a4b5c6d',
    'Widget,Blue,Large,Cotton\nGadget,Red,Small,Steel',
  ])('is false of %j', (text) => {
    expect(readsLikeProse(text)).toBe(false);
  });

  it('is true of a long text when one piece of it is prose, wherever that stands', () => {
    const code = 'a[0]={b:c_d};\n'.repeat(2_000);
    const note = 'The patient was seen by the team today and is doing well. '.repeat(80);
    expect(readsLikeProse(code + code)).toBe(false);
    expect(readsLikeProse(code + note + code)).toBe(true);
  });

  it('answers for any string, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof readsLikeProse(text)).toBe('boolean');
      }),
    );
  });
});

describe('short leaves', () => {
  const detector = createDetector({ entities: ['PERSON'], proseDetector: createPersonDetector() });

  it.each([
    ['Jane Roe', 'Jane Roe'],
    ['Patient Jane Roe', 'Jane Roe'],
    ['Roe, Jane', 'Roe, Jane'],
    ['DR. JANE ROE', 'JANE ROE'],
    ['María del Carmen Ruiz', 'María del Carmen Ruiz'],
  ])('%j is asked about, and its name is found', (text, name) => {
    expect(detector.scan(text).map(({ start, end }) => text.slice(start, end))).toStrictEqual([name]);
  });

  it.each([
    'Active',
    'In Progress',
    'North America',
    'Blood Pressure',
    'Type 2 diabetes',
    'New York',
    'Not Found',
  ])('%j is left alone', (text) => {
    expect(detector.scan(text)).toStrictEqual([]);
  });
});
