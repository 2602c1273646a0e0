import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShape, shapeEnd, unitsOf } from '../../src/rules/secrets/shape.ts';
import { expandExample } from './expand-example.ts';

function codesOf(text: string): Uint16Array {
  return Uint16Array.from([...text, ...'\0'.repeat(8)], (unit) => unit.charCodeAt(0));
}

describe('a shape', () => {
  it('reads literals, classes, escapes and counts', () => {
    const end = (shape: string, text: string): number => shapeEnd(readShape(shape), codesOf(text), 0);
    expect(end('ab\\.[0-9]{2}', 'ab.12x')).toBe(5);
    expect(end('[a-f0-9]{2,4}={0,2}', 'abcd12')).toBe(4);
    expect(end('[a-z]{3,}', 'abcdefg1')).toBe(7);
    expect(end('\\d{3}', '12')).toBe(-1);
    expect(end('[A-Z]x', 'Ay')).toBe(-1);
  });

  it.each(['', '[abc', 'a{2', 'a[{3}'])('that is none of these is refused: "%s"', (shape) => {
    expect(() => readShape(shape)).toThrow(TypeError);
  });

  it('ends where the same regular expression ends', () => {
    const shapes = ['ghp_[A-Za-z0-9]{36}', 'sk-[a-f0-9]{2,8}', 'x[0-9]{1,}-[a-z]{2}={0,2}'];
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.string({ unit: fc.constantFrom(...'ghp_xsk-09af='), maxLength: 20 }),
        (shape, tail) => {
          for (const text of [tail, expandExample(`‹${shape}›`, tail) + tail]) {
            const match = new RegExp(`^(?:${shape})`).exec(text);
            expect(shapeEnd(readShape(shape), codesOf(text), 0)).toBe(match === null ? -1 : match[0].length);
          }
        },
      ),
    );
  });
});

it('a class holds its ranges and single units', () => {
  const units = unitsOf('a-c9_-');
  expect(
    [...units.keys()]
      .filter((code) => units[code] === 1)
      .map((code) => String.fromCharCode(code))
      .join(''),
  ).toBe('-9_abc');
});
