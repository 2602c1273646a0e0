import { createDetector, SECRET_ENTITIES } from '@sallyport/detection';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodedSpans } from '../../src/engine/encoded-spans.ts';
import { scanText } from '../../src/engine/text-scanner.ts';
import { SAMPLES } from '../support/samples.ts';

const BUDGET = 1 << 22;
const detector = createDetector({ entities: SECRET_ENTITIES });
const password = SAMPLES.find(({ rule }) => rule === 'generic-password')?.secret ?? '';
const { text: secretText = '', secret = '' } = SAMPLES.find(({ rule }) => rule === 'github-pat') ?? {};

describe('encoded text', () => {
  test('is found at any place, in base64 and hexadecimal, and its parts where they stand', () => {
    const words = fc.string({ unit: 'grapheme-ascii', minLength: 40, maxLength: 300 });
    fc.assert(
      fc.property(
        fc.nat(200),
        words,
        fc.constantFrom('base64', 'base64url', 'hex'),
        (before, text, encoding) => {
          const run = Buffer.from(text).toString(encoding).replace(/=+$/, '');
          const [span] = encodedSpans(`${'x '.repeat(before)}"${run}" y`, BUDGET);
          expect(span).toMatchObject({ start: before * 2 + 1, end: before * 2 + 1 + run.length });
          expect(span?.text.startsWith(text.slice(0, -3))).toBe(true);
          const [start = 0, end = 0] = span?.placeOf(10, 20) ?? [];
          const part = run.slice(start - before * 2 - 1, end - before * 2 - 1);
          expect(Buffer.from(part, encoding === 'hex' ? 'hex' : 'base64').toString()).toContain(
            text.slice(10, 20),
          );
        },
      ),
    );
  });

  test('is not what decodes to bytes', () => {
    expect(encodedSpans(`"${Buffer.alloc(300, 0xa7).toString('base64')}"`, BUDGET)).toEqual([]);
    expect(encodedSpans(`sha ${'0f'.repeat(20)}`, BUDGET)).toEqual([]);
  });

  test('hides no credential, twice encoded neither', () => {
    const json = JSON.stringify({ note: 'some configuration', value: secretText });
    const once = Buffer.from(json).toString('base64');
    const twice = Buffer.from(JSON.stringify({ outer: once })).toString('hex');
    const [a] = scanText(detector, `data: ${once}\n`);
    expect(a).toMatchObject({ rule: 'github-pat', secret, encoded: ['base64'] });
    const [b] = scanText(detector, `data: ${twice}\n`);
    expect(b).toMatchObject({ rule: 'github-pat', secret, encoded: ['hex', 'base64'] });
    const [c] = scanText(detector, `https://h.test/?q=${encodeURIComponent(JSON.stringify({ password }))}`);
    expect(c).toMatchObject({ rule: 'generic-password', secret: password, encoded: ['percent'] });
  });

  test('in UTF-16, as PowerShell takes its commands, is read', () => {
    const command = Buffer.from(`$token = "${secretText}"; Invoke-Something`, 'utf16le').toString('base64');
    expect(scanText(detector, `powershell -EncodedCommand ${command}`)).toMatchObject([
      { rule: 'github-pat', secret, encoded: ['base64'] },
    ]);
  });

  test('that was found as it stands is found once', () => {
    const jwt = SAMPLES.find(({ rule }) => rule === 'jwt')?.text ?? '';
    expect(scanText(detector, jwt).map(({ rule }) => rule)).toEqual(['jwt']);
    const url = `https://h.test/?q=a%20b&token=${secret}&r=%3D`;
    expect(scanText(detector, url).filter((hit) => hit.secret.includes(secret))).toHaveLength(1);
  });
});
