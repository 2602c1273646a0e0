import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, valueIn } from '../src/json-field.ts';
import { parseReference } from '../src/reference.ts';
import type { SecretErrorCode } from '../src/secret-error.ts';

const field = (text: string, name: string): string =>
  fieldOf(text, { ...parseReference('file:///x'), field: name });

function codeOf(action: () => unknown): SecretErrorCode | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as { code: SecretErrorCode }).code;
  }
}

describe('a field of a JSON value', () => {
  it('gives any text back unchanged, whatever its name', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (name, value) => {
          const text = `{"first":1,${JSON.stringify(name)}:${JSON.stringify(value)}}`;
          expect(field(text, name)).toBe(value);
        },
      ),
    );
  });

  it.each([
    ['5432', '5432'],
    ['-7', '-7'],
    ['9007199254740991', '9007199254740991'],
    ['true', 'true'],
    ['false', 'false'],
  ])('gives %s as text', (json, text) => {
    expect(field(`{"a":${json}}`, 'a')).toBe(text);
  });

  it.each([
    'null',
    '{}',
    '[]',
    '""',
    '12345678901234567890',
    '1e400',
    '1.10',
    '-0.5',
    '0.12345678901234567890',
    '-0',
    '9007199254740992',
    '"\\ud800"',
  ])('refuses the member %s', (json) => {
    expect(codeOf(() => field(`{"a":${json}}`, 'a'))).toBe('invalid_value');
  });

  it.each(['plain', '"text"', '[1]', 'null', '{"a":', '7'])('refuses %s, which has no fields', (text) => {
    expect(codeOf(() => field(text, 'a'))).toBe('invalid_value');
  });

  it.each(['b', 'toString', '__proto__', 'constructor'])('finds no "%s" where there is none', (name) => {
    expect(codeOf(() => field('{"a":"b"}', name))).toBe('not_found');
  });

  it('never shows the value in the error', () => {
    expect(() => field('hunter2', 'a')).not.toThrow(/hunter2/);
    expect(() => field('{"b":{"c":"hunter2"}}', 'b')).not.toThrow(/hunter2/);
  });

  it('reads past a byte order mark', () => {
    expect(field('\uFEFF{"a":"b"}', 'a')).toBe('b');
  });

  it('is the whole value without a name, and base64 of the member when asked for', () => {
    expect(valueIn('{"a":"b"}', parseReference('awssm://x'))).toBe('{"a":"b"}');
    expect(valueIn(Buffer.from('{"a":"b"}'), parseReference('awssm://x?encoding=base64#a'))).toBe('Yg==');
  });
});
