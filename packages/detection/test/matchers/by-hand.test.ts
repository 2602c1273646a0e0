import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/engine/cursor.ts';
import { findIsoDate } from '../../src/matchers/iso-date.ts';
import { findAreaCode, findNanp } from '../../src/matchers/nanp.ts';
import type { Matcher } from '../../src/rule.ts';

/** Pieces of what the matchers read, whole and broken, in any order. */
const PIECES = [
  '2024',
  '1799',
  '03',
  '12',
  '31',
  '00',
  '5',
  '555',
  '001',
  '1234',
  '-',
  '/',
  '.',
  ' ',
  'T',
  ':',
  'Z',
];
const MORE = [
  '+',
  '(',
  ')',
  'x',
  'x818',
  '10:22',
  '10:22:33.123',
  '2024-03-12',
  '555-123-4567',
  '555 123',
  'é',
];

const texts = fc.array(fc.constantFrom(...PIECES, ...MORE), { maxLength: 10 }).map((parts) => parts.join(''));

/** Where `find` ends a match at the first run of digits after `lead`; -1 where it finds none. */
function endOf(find: Matcher, lead: string, text: string): number {
  const codes = new Uint16Array(text.length + 128);
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
  let end = lead.length;
  while ((codes[end] as number) >= 48 && (codes[end] as number) <= 57) end += 1;
  const places = { at: lead.length, end, nameFrom: -1, nameTo: -1, from: -1, to: -1 };
  const cursor: Cursor = { text, codes, length: text.length, valid: undefined, ...places };
  if (!find(cursor)) return -1;
  expect(cursor.from).toBe(0);
  return cursor.to;
}

/** `heads`: a run of digits of the length, followed by a mark, at which the engine asks for the form. */
function expectSame(find: Matcher, lead: string, heads: readonly string[], pattern: RegExp): void {
  fc.assert(
    fc.property(fc.constantFrom(...heads), texts, (head, rest) => {
      const text = lead + head + rest;
      expect(endOf(find, lead, text)).toBe(pattern.exec(text)?.[0].length ?? -1);
    }),
    { numRuns: 3_000 },
  );
}

describe('what is matched by hand is what its grammar says', () => {
  it('a date, with the time of day', () => {
    const month = '(?:0[1-9]|1[0-2])';
    const time = '(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[-+]\\d{2}:?\\d{2})?)?';
    const date = `^(?:1[89]|20|21)\\d{2}(?:-${month}-|/${month}/|\\.${month}\\.)(?:0[1-9]|[12]\\d|3[01])${time}`;
    const heads = [
      '2024-',
      '2024-03-',
      '1999/12/',
      '1800.01.',
      '2024-03-12',
      '2024-03-12T10:22',
      '1799-',
      '2199-12-31 ',
    ];
    expectSame(findIsoDate, '', heads, new RegExp(date));
  });

  it('a number in the American groups', () => {
    const number = '\\d{3}(?:-\\d{3}-|\\.\\d{3}\\.| \\d{3}[- ])\\d{4}|001[- ]\\d{3}[- ]\\d{3}[- ]\\d{4}';
    const heads = [
      '555-',
      '555-123',
      '555.123.',
      '555 123',
      '555 123-4567',
      '001-555-',
      '001 555 123',
      '001-555-123-4567',
    ];
    expectSame(findNanp, '', heads, new RegExp(`^(?:${number})(?:x\\d{1,6})?`));
  });

  it('an area code in brackets', () => {
    const heads = ['555)', '555) ', '555)123', '555) 123-4567', '555).'];
    expectSame(findAreaCode, '(', heads, /^\(\d{3}\)[-. ]?\d{3}[-. ]\d{4}(?:x\d{1,6})?/);
  });
});
