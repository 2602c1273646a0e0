import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameHider } from '../../src/personal/name-hider.ts';

const text = fc.string({ unit: 'binary' });

test('a name of some length is in no text any more, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 4 }), text, text, (name, before, behind) => {
      fc.pre(!name.includes('*'));
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
  ['a.b@c', 'x-a.b@c-y A%2EB@C a.b%40c', 'x-*-y A%2EB@C *', 'x-*-y A%2EB@C *'],
  ['$& (a|b)', '$& (a|b) and $&', '* and $&', '* and $&'],
  ['', 'nothing', 'nothing', 'nothing'],
])('%j in %j', (name, given, anywhere, words) => {
  const hider = nameHider(name, '*');
  expect(hider.anywhere(given)).toBe(anywhere);
  expect(hider.words(given)).toBe(words);
});

test('what stands instead is taken as it is', () => {
  expect(nameHider('name', '$&').anywhere('a name')).toBe('a $&');
});
