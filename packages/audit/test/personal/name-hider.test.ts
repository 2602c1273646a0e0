import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameHider } from '../../src/personal/name-hider.ts';

const text = fc.string({ unit: 'binary' });
/** A mark that follows a name belongs to its last letter, which makes it another name. */
const BEGINS_WITH_MARK = /^\p{M}/u;

test('a name of some length is in no text any more, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 4 }), text, text, (name, before, behind) => {
      fc.pre(!name.includes('*') && !BEGINS_WITH_MARK.test(behind));
      const { anywhere } = nameHider(name, '*');
      expect(anywhere(`${before}${name}${behind}`)).not.toContain(name);
      expect(anywhere(`${before}${encodeURIComponent(name)}`)).not.toContain(encodeURIComponent(name));
    }),
    { numRuns: 500 },
  );
});

test('so is a shorter one, or one that is a word, where it stands by itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      // It stands nowhere else in the text.
      fc.pre(!'p, user:, x'.includes(name.toLowerCase()));
      for (const hide of Object.values(nameHider(name, 'instead')))
        expect(hide(`p, user:${name}, x`)).toBe('p, user:instead, x');
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['ann', 'p, user:ann, annual', 'p, user:*, annual', 'p, user:*, annual'],
  ['read', 'read_file of READ', '*_file of *', 'read_file of *'],
  ['a.b@c', 'x-a.b@c-y A%2EB@C a.b%40c', 'x-*-y * *', 'x-*-y * *'],
  ['$& (a|b)', '$& (a|b) and $&', '* and $&', '* and $&'],
  ['', 'nothing', 'nothing', 'nothing'],
])('%j in %j', (name, given, anywhere, words) => {
  const hider = nameHider(name, '*');
  expect(hider.anywhere(given)).toBe(anywhere);
  expect(hider.words(given)).toBe(words);
});

describe('a name is the same name', () => {
  const NAME = 'Zoë.Strauß@klinik.example';

  test.each([
    ['as it is', NAME],
    ['composed', NAME.normalize('NFC')],
    ['decomposed', NAME.normalize('NFD')],
    ['in capitals, where one letter becomes two', NAME.toUpperCase()],
    ['in capitals, with a capital sharp s', 'ZOË.STRAUẞ@KLINIK.EXAMPLE'],
    ['in capitals and decomposed', NAME.toUpperCase().normalize('NFD')],
    ['encoded as a whole', encodeURIComponent(NAME)],
    ['encoded in part', 'Zoë.Strauß%40klinik.example'],
    ['encoded in small letters', 'Zo%c3%ab.Strau%c3%9f%40klinik.example'],
    ['encoded and decomposed', encodeURIComponent(NAME.normalize('NFD'))],
    ['encoded more than it has to be', '%5a%6Fë.%53trauß@klinik%2eexample'],
    ['encoded twice', encodeURIComponent(encodeURIComponent(NAME))],
  ])('%s', (_, form) => {
    for (const name of [NAME, NAME.normalize('NFD')])
      for (const hide of Object.values(nameHider(name, '*'))) expect(hide(`a ${form}, b`)).toBe('a *, b');
  });

  test.each([
    ['İpek', ['ipek', 'İPEK', 'IPEK', 'i̇pek', '%C4%B0pek']],
    ['Işık', ['ışık', 'IŞIK', 'is\u0327ik']],
    ['Σίσυφος', ['ΣΊΣΥΦΟΣ', 'σίσυφοσ']],
    ['한국인', ['한국인'.normalize('NFD')]],
    ['Ắnh Nguyễn', ['Ắnh Nguyễn'.normalize('NFD'), 'ẮNH NGUYỄN', 'a\u0306\u0301nh nguye\u0302\u0303n']],
    ['q\u0307\u0323abc', ['q\u0323\u0307abc']],
  ])('%s', (name, forms) => {
    for (const form of forms) expect(nameHider(name, '*').anywhere(`a ${form}.`)).toBe('a *.');
  });

  test('in any form of any text', () => {
    const forms: ((name: string) => string)[] = [
      (name) => name.normalize('NFC'),
      (name) => name.normalize('NFD'),
      (name) => encodeURIComponent(name),
      (name) => encodeURIComponent(name.normalize('NFD')).toLowerCase(),
    ];
    const name = fc.string({ unit: 'grapheme', minLength: 4 });
    fc.assert(
      fc.property(name, fc.constantFrom(...forms), (given, form) => {
        fc.pre(!/[ .*]/.test(given) && !BEGINS_WITH_MARK.test(given));
        expect(nameHider(given, '*').anywhere(`a ${form(given)}.`)).toBe('a *.');
      }),
      { numRuns: 500 },
    );
  });

  test('and everything else of a text stays as it was', () => {
    const given = 'Grüße %zz %C3 %c3%28 an\u0308 \u{1F600} %e2%82%ac ẞ und İ';
    expect(nameHider('nobody', '*').anywhere(given)).toBe(given);
    expect(nameHider('und', '*').anywhere(given)).toBe(given.replace('und', '*'));
  });
});

test('a letter that holds the end of a name goes with it', () => {
  expect(nameHider('Strauss', '*').anywhere('der Straußß')).toBe('der *ß');
  expect(nameHider('Straus', '*').anywhere('der Strauß')).toBe('der *');
});

test('a text of many marks, or of many percent signs, is no work', () => {
  const { anywhere } = nameHider('Zoë.Strauß', '*');
  for (const given of [`a${'\u0301\u0323'.repeat(200_000)}`, '%25'.repeat(200_000), '%C3'.repeat(200_000)])
    expect(anywhere(given)).toHaveLength(given.length);
});

test('what stands instead is taken as it is', () => {
  expect(nameHider('name', '$&').anywhere('a name')).toBe('a $&');
});
