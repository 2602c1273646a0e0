import { describe, expect, it } from 'vitest';
import { createDetector } from '../src/index.ts';

const detector = createDetector();
const found = (text: string): string[] =>
  detector.scan(text).map(({ entity, start, end }) => `${entity} ${text.slice(start, end)}`);

describe('text that people read and patterns do not', () => {
  it.each([
    [
      'full-width digits',
      'SSN \uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19',
      'SSN \uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19',
    ],
    [
      'zero-width spaces inside',
      'card 4111\u200b1111\u200b1111\u200b1111',
      'CREDIT_CARD 4111\u200b1111\u200b1111\u200b1111',
    ],
    ['soft hyphens', 'ssn 123\u00ad-45-6789', 'SSN 123\u00ad-45-6789'],
    [
      'no-break spaces',
      'card 4111\u00a01111\u00a01111\u00a01111',
      'CREDIT_CARD 4111\u00a01111\u00a01111\u00a01111',
    ],
    ['non-breaking hyphens', 'ssn 123\u201145\u20116789', 'SSN 123\u201145\u20116789'],
    ['a full-width @', 'to jane\uff20example.com', 'EMAIL jane\uff20example.com'],
    ['mathematical digits', 'ssn \ud835\udfcf23-45-6789', 'SSN \ud835\udfcf23-45-6789'],
    ['Arabic-Indic digits', 'ssn \u0661\u0662\u0663-45-6789', 'SSN \u0661\u0662\u0663-45-6789'],
    ['bidirectional marks', 'iban \u202aDE44500105175407324931\u202c', 'IBAN DE44500105175407324931'],
    ['emoji before', '\u{1f600} a@b.co', 'EMAIL a@b.co'],
    ['Chinese around', '\u8054\u7cfb13\u53f7 a@b.co', 'EMAIL a@b.co'],
  ])('is found behind %s', (_, text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  it('is read around lone surrogates without losing its place', () => {
    expect(found('\ud835 a@b.co \udfce')).toEqual(['EMAIL a@b.co']);
  });
});
