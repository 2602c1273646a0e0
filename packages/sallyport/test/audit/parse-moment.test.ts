import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../src/audit/parse-moment.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function parse(text: string, edge: 'start' | 'end' = 'start'): string {
  return new Date(parseMoment(text, { option: '--since', now: NOW, edge })).toISOString();
}

describe('a moment', () => {
  test.each([
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31t10:00:00.25z', '2026-01-31T10:00:00.250Z'],
    ['2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00.000Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['30s', '2026-03-01T11:59:30.000Z'],
    ['30m', '2026-03-01T11:30:00.000Z'],
    ['2h', '2026-03-01T10:00:00.000Z'],
    ['3d', '2026-02-26T12:00:00.000Z'],
    ['1w', '2026-02-22T12:00:00.000Z'],
  ])('written as %s is %s', (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test('that is a date ends with its day where an end is asked for', () => {
    expect(parse('2026-01-31', 'end')).toBe('2026-01-31T23:59:59.999Z');
  });

  test.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    '2026-01-31T10:00:00',
    '2026-01-31 10:00',
    '2026-01-31T24:00:00Z',
    '2026-1-3',
    '-2h',
    '2 h',
    '2y',
    '1.5h',
    '1700000000',
  ])('is not %j, and it is said what is', (text) => {
    expect(() => parse(text)).toThrow('--since takes a time such as 2026-01-31T10:00:00Z');
  });

  test('in RFC 3339 is the one that was meant, and any other text is refused', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parse(date.toISOString())).toBe(date.toISOString());
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[0-9]+[smhdw]$|^[0-9]{4}-/.test(text));
        expect(() => parse(text)).toThrow('--since takes');
      }),
    );
  });
});
