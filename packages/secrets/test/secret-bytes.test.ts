import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference } from '../src/reference.ts';
import { textOf } from '../src/secret-bytes.ts';
import { MAX_SECRET_BYTES } from '../src/secret-provider.ts';

const asText = parseReference('file:///x');
const asBase64 = parseReference('file:///x?encoding=base64');

describe('the bytes of a secret', () => {
  it('are given back unchanged as text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
        expect(textOf(text, asText)).toBe(text);
        expect(textOf(Buffer.from(text), asText)).toBe(text);
      }),
    );
  });

  it('are given back unchanged as base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(Buffer.from(textOf(bytes, asBase64), 'base64')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('keep a byte order mark and line ends', () => {
    expect(textOf(Buffer.from('\uFEFFa\r\n'), asText)).toBe('\uFEFFa\r\n');
  });

  it.each([[Buffer.from([0xff])], [Buffer.from([0xc3])], [Buffer.from([0xed, 0xa0, 0x80])], ['\ud800']])(
    'are refused as text when they are no UTF-8 (%#)',
    (bytes) => {
      expect(() => textOf(bytes, asText)).toThrow(/encoding=base64/);
    },
  );

  it.each([asText, asBase64])('are refused when there are none (%#)', (reference) => {
    expect(() => textOf('', reference)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    expect(() => textOf(new Uint8Array(), reference)).toThrow(
      expect.objectContaining({ code: 'invalid_value' }),
    );
  });

  it('are counted as bytes, not as characters', () => {
    expect(textOf('a'.repeat(MAX_SECRET_BYTES), asText)).toHaveLength(MAX_SECRET_BYTES);
    const tooLarge = expect.objectContaining({ code: 'too_large' });
    expect(() => textOf('é'.repeat(MAX_SECRET_BYTES / 2 + 1), asText)).toThrow(tooLarge);
    expect(() => textOf(Buffer.alloc(MAX_SECRET_BYTES + 1, 0x61), asBase64)).toThrow(tooLarge);
  });
});
