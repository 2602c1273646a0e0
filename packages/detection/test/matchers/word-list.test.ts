import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWordList } from '../../src/matchers/word-list.ts';

const WORDS = ['the', 'then', 'ct', 'twenty-first', 's3', 'a'];
const isListed = createWordList(WORDS);
const asked = (text: string, from = 0, to = text.length): boolean =>
  isListed(
    Uint16Array.from(text, (unit) => unit.charCodeAt(0)),
    from,
    to,
  );

it('knows its words in any case, where they are said to stand', () => {
  for (const word of WORDS) {
    expect(asked(word)).toBe(true);
    expect(asked(word.toUpperCase())).toBe(true);
  }
  expect(asked('in The end', 3, 6)).toBe(true);
});

it('takes no part of a word, no longer one, and no other unit for a letter', () => {
  for (const text of ['th', 'thes', 'twenty\rfirst', 'S\u0013', '\u0141', '\u0101', ''])
    expect(asked(text)).toBe(false);
});

it('says of any text what a set of the words says', () => {
  const words = new Set(WORDS);
  const unit = fc.constantFrom(...'theTHEnct-S3aAſİ\u0161');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
      const text = units.join('');
      return asked(text) === words.has(text.toLowerCase());
    }),
  );
});

it.each(['The', 'niño', '', 'two words', 'a'.repeat(32)])(
  'refuses a word it could not find: "%s"',
  (word) => {
    expect(() => createWordList([word])).toThrow(/write it in small letters/);
  },
);
