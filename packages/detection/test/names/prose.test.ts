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
    'Juan y Ana',
    'Patient:Xzyqo',
    'Dr.Roe',
    'John&nbsp;Smith',
    'Jennifer\nMichael\nRobert',
    '12John Smith34',
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
    'a.b.c(file.name, 12);\nreturn;',
    'A B C',
    '    "node_modules/semver": {\n      "version": "7.6.2",',
  ])('is false of %j', (text) => {
    expect(readsLikeProse(text)).toBe(false);
  });

  it('is true of a long text when one piece of it is prose, wherever that stands', () => {
    const code = 'a[0]={b:c_d};\n'.repeat(2_000);
    const note = 'The patient was seen by the team today and is doing well. '.repeat(80);
    expect(readsLikeProse(code + code)).toBe(false);
    expect(readsLikeProse(code + note + code)).toBe(true);
  });

  it('is true of two words whatever stands on the lines around them, and however much of it', () => {
    const noise = fc.stringMatching(/^[=_{}<>[\]\\$~^/|;,0-9 -]{0,60}$/);
    fc.assert(
      fc.property(noise, fc.nat({ max: 200 }), noise, fc.nat({ max: 200 }), (before, some, after, more) => {
        expect(readsLikeProse(`${before.repeat(some)} John Smith ${after.repeat(more)}`)).toBe(true);
      }),
    );
  });

  it('answers for any string, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof readsLikeProse(text)).toBe('boolean');
      }),
    );
  });
});

describe('names that other things stand around', () => {
  const detector = createDetector({ entities: ['PERSON'], proseDetector: createPersonDetector() });
  const long = 'a'.repeat(60);

  it.each([
    [
      `${'='.repeat(32)}\nProgress note by John Smith\n${'='.repeat(32)}\nWife Mary Jones at bedside.\n`,
      ['John Smith', 'Mary Jones'],
    ],
    [`Signed: John Smith\n${'_'.repeat(28)}\nDate\n`, ['John Smith']],
    [`Seen by John Smith. See https://ehr.example.org/records/2026/03/04/${long}/${long}`, ['John Smith']],
    ['Ordered by John Smith\nNa 138 135-145\nK 4.1 3.5-5.1\nCl 101 98-107\nCO2 24 22-29\n', ['John Smith']],
    ['John Smith seen: Na 138->135->131, K 4.1, Cl 101', ['John Smith']],
    ['RN John Smith: 120/80, 72, 98.6, 16', ['John Smith']],
    ['<p><b>John Smith</b></p>', ['John Smith']],
    ['<tr><td>Mother</td><td>Ana Kowalski</td></tr>', ['Ana Kowalski']],
    ['x {"name":"John Smith","a":"b"}', ['John Smith']],
    ['{"patient":"Smith, John"}', ['Smith, John']],
    ['name,age\nJohn Smith,42\n', ['John Smith']],
    [`${'{'.repeat(5_000)}\nnote by Mary Jones today\n${'}'.repeat(5_000)}`, ['Mary Jones']],
  ])('are found in %j', (text, names) => {
    expect(detector.scan(text).map(({ start, end }) => text.slice(start, end))).toStrictEqual(names);
  });

  it.each([
    'const total = items.map((item) => item.price).reduce((sum, price) => sum + price, 0);',
    'export function readUser(id: string): Promise<User> {\n  return this.users.find(id);\n}',
    '2026-03-04 12:00:01 INFO [http-8080-exec-3] c.e.web.UserController - GET /users/7 200 12ms',
    'Mar  4 12:00:01 host systemd[1]: Started Session 4 of User root.',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
    "  /semver@7.6.2:\n    resolution: {integrity: sha512-abcDEF==}\n    engines: {node: '>=10'}",
    'id,status,city\n1,In Progress,San Jose\n2,On Hold,New York\n3,Shipped Late,Los Angeles',
    '<div class="main wide"><span>Read More</span></div>',
  ])('are not seen in %j', (text) => {
    expect(detector.scan(text)).toStrictEqual([]);
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
