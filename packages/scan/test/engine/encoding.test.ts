import { describe, expect, test } from 'vitest';
import { encodingOf } from '../../src/engine/encoding.ts';

const TEXT = 'A text of some lines,\nas people write it.\n'.repeat(20);

describe('the encoding of a file', () => {
  test('is told by its mark', () => {
    expect(encodingOf(Buffer.from(`\ufeff${TEXT}`))).toEqual({ name: 'utf8', mark: 3 });
    expect(encodingOf(Buffer.from(`\ufeff${TEXT}`, 'utf16le'))).toEqual({ name: 'utf16le', mark: 2 });
    expect(encodingOf(Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16())).toEqual({
      name: 'utf16be',
      mark: 2,
    });
  });

  test('is told by where its zeros are', () => {
    expect(encodingOf(Buffer.from(TEXT, 'utf16le'))).toEqual({ name: 'utf16le', mark: 0 });
    expect(encodingOf(Buffer.from(TEXT, 'utf16le').swap16())).toEqual({ name: 'utf16be', mark: 0 });
  });

  test('is UTF-8 without a zero, and none with zeros here and there', () => {
    expect(encodingOf(Buffer.from([0xff, 0xd8, 0xe0]))).toEqual({ name: 'utf8', mark: 0 });
    expect(encodingOf(Buffer.concat([Buffer.from(TEXT), Buffer.alloc(3)]))).toBeUndefined();
    expect(encodingOf(Buffer.from(`\ufeff${TEXT}\0`))).toBeUndefined();
    expect(encodingOf(Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.alloc(100)]))).toBeUndefined();
  });
});
