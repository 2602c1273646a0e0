import { text } from 'node:stream/consumers';
import { RevealedSecrets } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concealing } from '../src/concealing.ts';

const SECRET = 'correct-hörse-battery';

async function through(pieces: readonly Uint8Array[]): Promise<string> {
  const revealed = new RevealedSecrets();
  revealed.add(SECRET);
  const stream = concealing(revealed);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return text(stream);
}

/** The bytes of a text, cut at the given places. */
function cut(whole: string, places: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(whole);
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

describe('what a server writes to standard error', () => {
  it('passes with every secret replaced, however it is cut into pieces', async () => {
    const whole = `starting with ${SECRET}\nplain line\nkey=${SECRET};${SECRET}`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async (places) => {
        expect(await through(cut(whole, places))).toBe(
          'starting with [secret]\nplain line\nkey=[secret];[secret]',
        );
      }),
    );
  });

  it('passes unchanged when there is none', async () => {
    const whole = 'first\r\nsecond 漢字\n\nno end';
    expect(await through(cut(whole, [3, 17, 18, 19]))).toBe(whole);
  });

  it('is not held for ever when there is no end of a line, and hides a secret on the seam', async () => {
    const whole = `${'x'.repeat(65_530)}${SECRET}${'y'.repeat(140_000)}${SECRET}`;
    const pieces = cut(
      whole,
      Array.from({ length: 60 }, (_, index) => index * 3571),
    );
    expect(await through(pieces)).toBe(`${'x'.repeat(65_530)}[secret]${'y'.repeat(140_000)}[secret]`);
  });
});
