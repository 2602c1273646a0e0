import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  createDetector,
  HAS_ANYTHING,
  HAS_CAPITAL,
  HAS_DIGIT,
  HAS_MARK,
  HAS_OTHER,
  HAS_RUN,
} from '@sallyport/detection';

const detector = createDetector();
const kindsOf = (text: string): number | undefined => {
  detector.scan(text);
  return detector.kindsOfLast?.();
};
const without = (text: string, bit: number): boolean => ((kindsOf(text) ?? HAS_ANYTHING) & bit) === 0;

const units = fc.oneof(
  fc.constantFrom(
    ...'\n\r{[=;%\\&',
    ' ',
    ':',
    '@',
    '~',
    'a',
    'z',
    'A',
    'Z',
    '0',
    '9',
    '+',
    '/',
    '-',
    '_',
    'é',
    '漢',
  ),
  fc.string({ minLength: 0, maxLength: 40, unit: fc.constantFrom('b', 'Q', '7', '+', '/', '-', '_') }),
);
const texts = fc.array(units, { maxLength: 30 }).map((parts) => parts.join(''));

test('a kind of unit that a text has is told, wherever it stands', () => {
  const patterns: readonly (readonly [number, RegExp])[] = [
    [HAS_MARK, /[\n\r{[=;%\\&]/],
    [HAS_CAPITAL, /[A-Z]/],
    [HAS_DIGIT, /[0-9]/],
    [HAS_OTHER, /[^\0-\x7f]/],
    [HAS_RUN, /[\w+/-]{24}/],
  ];
  fc.assert(
    fc.property(texts, (text) => {
      for (const [bit, pattern] of patterns) {
        if (pattern.test(text)) expect(without(text, bit)).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a kind that a text has not is not told', () => {
  expect(kindsOf('the order was sent, and nobody wrote: (why) @ home')).toBe(0);
  expect(kindsOf('')).toBe(0);
  expect(kindsOf('Order')).toBe(HAS_CAPITAL);
  expect(kindsOf('order 7')).toBe(HAS_DIGIT);
  expect(kindsOf('order=sent')).toBe(HAS_MARK);
  expect(kindsOf('der Straßenname')).toBe(HAS_CAPITAL | HAS_OTHER);
  expect(kindsOf('internationally known')).toBe(0);
});

test('what was in the text before is not told of the next one', () => {
  expect(kindsOf('ORDER=7 and much more after it, {so} it is long')).not.toBe(0);
  expect(kindsOf('order sent')).toBe(0);
});

test('nothing is said of a text that was not read as it is', () => {
  expect(kindsOf('١٢٣ order')).toBe(HAS_ANYTHING);
  expect(kindsOf('order '.repeat(20_000))).toBe(HAS_ANYTHING);
  const own = createDetector({
    rules: [{ id: 'own', entity: 'OWN', pattern: '[a-z]{3}-[a-z]{3}', score: 0.9 }],
  });
  own.scan('order');
  expect(own.kindsOfLast?.()).toBe(HAS_ANYTHING);
});
