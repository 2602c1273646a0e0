import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleJson } from '../../src/reading/visible.ts';

const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

describe('what a terminal may show', () => {
  test('moves nothing, ends no line and turns nothing around, whatever the text', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(visible(given)).not.toMatch(HIDDEN);
      }),
    );
    expect(visible('a\u001b[31mb\r\n\u202e')).toBe('a␛001b[31mb␛000d␛000a␛202e');
  });

  test('tells every text exactly', () => {
    fc.assert(
      fc.property(text, (given) => {
        const back = visible(given).replace(/␛([0-9a-f]{4})/g, (_, unit: string) =>
          String.fromCharCode(Number.parseInt(unit, 16)),
        );
        expect(back).toBe(given);
      }),
    );
  });

  test('is, of JSON, the same value in another spelling', () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = visibleJson(JSON.stringify({ given }));
        expect(shown).not.toMatch(HIDDEN);
        expect(JSON.parse(shown)).toEqual({ given });
      }),
    );
    expect(visibleJson(JSON.stringify('\u009b31m'))).toBe(String.raw`"\u009b31m"`);
  });
});
