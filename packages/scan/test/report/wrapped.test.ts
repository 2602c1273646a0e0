import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapped } from '../../src/report/wrapped.ts';

const word = fc.stringMatching(/^[!-~]{1,40}$/);

test('a text is broken between words to lines of 80 columns, and no word is lost', () => {
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('', '  '),
      (words, indent) => {
        const text = wrapped(indent + words.join(' '), '    ');
        expect(text.split(/\s+/).filter((part) => part !== '')).toEqual(words);
        expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
      },
    ),
  );
});

test('a word that is longer than a line stands on its own', () => {
  const long = 'x'.repeat(200);
  expect(wrapped(`error ${long} end`, '  ')).toBe(`error\n  ${long}\n  end`);
});
