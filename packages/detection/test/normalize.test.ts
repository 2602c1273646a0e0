import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClasses } from '../src/engine/classes.ts';
import { normalize, oddUnits } from '../src/engine/normalize.ts';

const classes = createClasses(oddUnits());

/** What a text may be made of, and what is read in its place: nothing of an invisible unit. */
const PARTS: readonly (readonly [given: string, read: string])[] = [
  ['a', 'a'],
  ['é', 'é'],
  ['\u{1f600}', '\u{1f600}'],
  ['\u00a0', ' '],
  ['\u2013', '-'],
  ['\uff11', '1'],
  ['\u{1d7ce}', '0'],
  ['\u{1d400}', 'A'],
  ['\u{1d6b0}', '\u{1d6b0}'],
  ['\u00ad', ''],
  ['\u200b', ''],
  ['\ufeff', ''],
];

test('each unit of a normalized text leads back to what it stands for', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PARTS)), (parts) => {
      const text = parts.map(([given]) => given).join('');
      const plain = normalize(text, classes);
      expect(plain.text).toBe(parts.map(([, read]) => read).join(''));
      let [from, at] = [0, 0];
      for (const [given, read] of parts) {
        if (read !== '') {
          expect(plain.startOf(at)).toBe(from);
          expect(plain.endOf(at + read.length)).toBe(from + given.length);
        }
        from += given.length;
        at += read.length;
      }
    }),
  );
});

test('half of a mathematical digit stands for itself', () => {
  const plain = normalize('1\ud835', classes);
  expect([plain.text, plain.startOf(1), plain.endOf(2)]).toEqual(['1\ud835', 1, 2]);
});
