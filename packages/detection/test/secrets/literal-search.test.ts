import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLiteralSearch } from '../../src/rules/secrets/literal-search.ts';

const LITERALS = ['exam', 'your', 'xxxx', '0000', '****', 'abcd', 'plac', 'zxcv', '...', '\u2026', '<'];
const search = createLiteralSearch(LITERALS);
/** Asked both ways, with units around it that do not count. */
function mayHold(text: string): boolean {
  const units = Uint16Array.from({ length: text.length + 4 }, (_, at) =>
    at < 2 || at > text.length + 1 ? 0x2e : text.charCodeAt(at - 2),
  );
  const held = search.inText(text);
  expect(search.inUnits(units, 2, text.length + 2)).toBe(held);
  return held;
}

it.each(LITERALS)('finds %j wherever it stands, in either case', (literal) => {
  for (const text of [literal, `a${literal}`, `exaexa${literal}-1`, literal.toUpperCase()]) {
    expect(mayHold(text)).toBe(true);
  }
});

it('says no where only parts of literals stand', () => {
  for (const text of ['', 'exa m', 'you', 'xxx0', '..', 'b7c0d4', '\u00e9\u4e2d\ud835\udfce']) {
    expect(mayHold(text)).toBe(false);
  }
});

it('never says no of a text that holds one', () => {
  const part = fc.oneof(fc.constantFrom(...LITERALS), fc.string({ maxLength: 6, unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      if (LITERALS.some((literal) => text.toLowerCase().includes(literal))) expect(mayHold(text)).toBe(true);
    }),
  );
});
