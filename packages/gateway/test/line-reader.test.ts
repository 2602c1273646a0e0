import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../src/line-reader.ts';

const LIMIT = 20;

/** Lines as text, and null for one that was too long. */
function read(chunks: readonly Buffer[], maxBytes: number = LIMIT): (string | null)[] {
  const lines: (string | null)[] = [];
  const reader = new LineReader(
    {
      line: (bytes, start, end) => void lines.push(bytes.toString('latin1', start, end)),
      tooLong: () => void lines.push(null),
    },
    maxBytes,
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
}

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index]));
}

describe('LineReader', () => {
  it('finds the same lines wherever the chunks are cut, and never one longer than the limit', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '"', '{', '\r', '\u00ff'), maxLength: 2 * LIMIT });
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'latin1');
        expect(read(cut(bytes, places))).toEqual(lines.map((text) => (text.length > LIMIT ? null : text)));
      }),
    );
  });

  it('takes what follows the last newline as a line', () => {
    expect(read([Buffer.from('a\nb')])).toEqual(['a', 'b']);
    expect(read([Buffer.from(`a\n${'b'.repeat(LIMIT + 1)}`)])).toEqual(['a', null]);
    expect(read([Buffer.from('a\n')])).toEqual(['a']);
  });

  it('keeps a line of exactly the limit, and throws away one byte more', () => {
    for (const chunks of [1, 3, 7]) {
      const bytes = Buffer.from(`${'x'.repeat(LIMIT)}\n${'y'.repeat(LIMIT + 1)}\nz\n`);
      const places = Array.from({ length: chunks }, (_, index) => index * 5);
      expect(read(cut(bytes, places))).toEqual(['x'.repeat(LIMIT), null, 'z']);
    }
  });

  it('holds no more than a line of the limit, however much comes without a newline', () => {
    const before = process.memoryUsage().arrayBuffers;
    const reader = new LineReader({ line: () => undefined, tooLong: () => undefined }, 1_000_000);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    for (let times = 0; times < 500; times += 1) reader.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });
});
