import { createDetector } from '@sallyport/detection';
import { StreamRedactor } from '@sallyport/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const detector = createDetector({ entities: ['EMAIL', 'SSN', 'CREDIT_CARD'] });
const PLANTED = ['jane.roe@clinic.com', '219-09-9999', '4111 1111 1111 1111'];

function redactor(holdBack = 64): StreamRedactor {
  return new StreamRedactor({ detector, holdBack, replace: (entity) => `[${entity}]` });
}

function through(stream: StreamRedactor, chunks: readonly string[]): string {
  return chunks.map((chunk) => stream.push(chunk)).join('') + stream.flush();
}

describe('a stream', () => {
  const words = fc.array(fc.constantFrom('lorem', 'ipsum.', 'dolor', '\n', 'sit amet,', ...PLANTED), {
    maxLength: 60,
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

  it('never lets a value go, wherever the chunks are cut, and loses nothing else', () => {
    fc.assert(
      fc.property(words, cuts, (parts, sizes) => {
        const text = parts.join(' | ');
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }
        const written = through(redactor(), chunks);
        for (const value of PLANTED) expect(written).not.toContain(value);
        expect(written).toBe(through(redactor(), [text]));
      }),
    );
  });

  it('lets a text without values go as it came, and holds back no more than it says', () => {
    const stream = redactor(32);
    const chunk = 'some words that mean nothing at all ';
    let written = '';
    for (let turn = 1; turn <= 100; turn += 1) {
      written += stream.push(chunk);
      expect(turn * chunk.length - written.length).toBeLessThanOrEqual(64 + chunk.length);
    }
    expect(written + stream.flush()).toBe(chunk.repeat(100));
  });

  it('begins anew after it was flushed', () => {
    const stream = redactor();
    expect(through(stream, ['219-09', '-9999'])).toBe('[SSN]');
    expect(through(stream, ['plain'])).toBe('plain');
  });

  it('leaves what it is told to leave', () => {
    const stream = new StreamRedactor({ detector, replace: () => undefined });
    expect(through(stream, ['219-09', '-9999'])).toBe('219-09-9999');
  });

  it('refuses a hold-back that cannot work', () => {
    expect(() => redactor(1)).toThrow('holdBack');
  });
});
