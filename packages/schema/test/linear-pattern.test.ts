import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { linearPattern } from '../src/linear-pattern.ts';

const LITERALS = ['a', 'b', '.', '-', '{', 'é', '😀'];
const ESCAPES =
  String.raw`\d \w \s \S \W \- \n \t \0 \cJ \_ \/ \. \u0041 \x62 \u{1F600} \ud83d\ude00 \p{L}`.split(' ');
const CLASSES = String.raw`[ab] [^a] [a-c\d] [\s_] [\S] [^\s] [\b] [] [^] [a\-z] [.-9] [\]x] [\w-.]`.split(
  ' ',
);
const GROUPS = ['(?:ab)', '(a|b)', '(?<n>c)'];
const atom = fc.constantFrom(...LITERALS, ...ESCAPES, ...CLASSES, ...GROUPS);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?', '+?');
const sequence = fc
  .array(fc.tuple(atom, quantifier), { maxLength: 4 })
  .map((terms) => terms.map(([what, times]) => what + times).join(''));
const group = fc.tuple(sequence, sequence, quantifier).map(([one, two, times]) => `(${one}|${two})${times}`);
const body = fc.array(fc.oneof(sequence, group, fc.constantFrom('\\b', '\\B', '|')), { maxLength: 3 });
const pattern = fc
  .tuple(fc.constantFrom('', '^', '^(?!a)', '^(?=.*b)', '^(?!.*\\.\\.)'), body, fc.constantFrom('$', ''))
  .map(([start, middle, end]) => start + middle.join('') + end);
const text = fc
  .array(fc.constantFrom(...'abcA.-1_ \n\r\t\u2028\u00a0é{\\/\0\bz]', '😀'), { maxLength: 8 })
  .map((characters) => characters.join(''));

/** The language's own answer; undefined where it is not comparable. */
function native(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u');
  } catch {
    // Without the flag, V8 matches halves of characters outside the basic plane; here patterns never do.
    if (/ud83d|[\ud800-\udfff]/.test(source)) return undefined;
    try {
      return new RegExp(source);
    } catch {
      return undefined;
    }
  }
}

function linear(source: string): ReturnType<typeof linearPattern> | undefined {
  try {
    return linearPattern(source);
  } catch {
    return undefined;
  }
}

describe('a linear pattern', () => {
  test('matches what the RegExp of the language matches', () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 3, maxLength: 8 }), (source, texts) => {
        const expected = native(source);
        const actual = linear(source);
        if (expected === undefined || actual === undefined) return;
        for (const each of texts) {
          // Without the flag, and around \b with it, V8 looks inside such characters.
          if (/[\ud800-\udfff]/.test(each) && (!expected.unicode || /\\b/i.test(source))) continue;
          compared += 1;
          expect(actual.test(each)).toBe(expected.test(each));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(compared).toBeGreaterThan(5_000);
  });

  test.each([
    ['^(?!\\.)(?!.*\\.\\.)[a-z.]+@[a-z.]+$', 'a.b@c.d', 'a..b@c.d'],
    ['^(?=.*[A-Z])(?=.*\\d).{4,}$', 'Abc1', 'abcd'],
    ['^\\d{3}\\-\\d{4}$', '555-1234', '5551234'],
  ])('matches %s as it is written in the wild', (source, good, bad) => {
    expect(linearPattern(source).test(good)).toBe(true);
    expect(linearPattern(source).test(bad)).toBe(false);
  });

  test.each([
    ['a backreference', '(a)\\1'],
    ['a named backreference', '(?<n>a)\\k<n>'],
    ['a lookbehind', '(?<=a)b'],
    ['a lookahead in the middle', 'a(?=b)'],
    ['a lookahead in one alternative', '^(?!a)b|c'],
    ['a quantified lookahead', '^(?=a)*b'],
    ['repetitions that multiply', '((a{100}){100}){100}'],
    ['a syntax error', '(a'],
    ['an endless pattern', 'a'.repeat(2_001)],
  ])('refuses %s', (_what, source) => {
    expect(() => linearPattern(source)).toThrow();
  });

  test.each(['^(a|a)*$', '^(a+)+$', '(x+x+)+y', '^(\\w+\\s?)*$', '([a-z]+)*[0-9]'])(
    'answers for %s on a text on which backtracking never ends',
    (source) => {
      expect(linearPattern(source).test(`${'a'.repeat(100_000)}!`)).toBe(false);
    },
  );
});
