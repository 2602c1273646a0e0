import { createContext, Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinearPattern } from '../../src/sigma/pattern/linear-pattern.ts';
import { UnusablePattern } from '../../src/sigma/pattern/unusable-pattern.ts';

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };

/** Patterns of the subset, as the engine of the language reads them too. */
const pattern = fc.letrec<Record<'either' | 'sequence' | 'repeat' | 'atom', string>>((tie) => ({
  either: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((parts) => parts.join('|')),
  sequence: fc.array(tie('repeat'), { maxLength: 3 }).map((parts) => parts.join('')),
  repeat: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '*?'))
    .map(([atom, count]) => `${atom}${count}`),
  atom: fc.oneof(
    { maxDepth: 1 },
    fc.constantFrom(
      'a',
      'b',
      'A',
      'é',
      '.',
      '\\.',
      '[ab]',
      '[^a]',
      '[a-b\\n]',
      '\\d',
      '\\W',
      '\\n',
      '[]]'.replace(']]', '\\]]'),
    ),
    tie('either').map((inner) => `(${inner})`),
    tie('either').map((inner) => `(?:${inner})`),
  ),
})).either;
const anchored = fc
  .tuple(fc.constantFrom('', '^'), pattern, fc.constantFrom('', '$'))
  .map((parts) => parts.join(''));
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', 'B', 'é', 'É', '\n', '.', ']', '1'), { maxLength: 8 })
  .map((parts) => parts.join(''));

const place = createContext({});
const asked = new Script('new RegExp(source, flags).test(text)');

/** What the engine of the language says; undefined when it takes too long, or finds the expression too large. */
function engine(question: { source: string; flags: string; text: string }): boolean | undefined {
  Object.assign(place, question);
  try {
    return asked.runInContext(place, { timeout: 50 }) as boolean;
  } catch {
    return undefined;
  }
}

describe('a regular expression', () => {
  test('matches what the engine of the language matches', () => {
    fc.assert(
      fc.property(
        anchored,
        text,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (source, text, ignoreCase, multiline, dotAll) => {
          // A longer one is refused.
          fc.pre(source.length <= 1000);
          const flags = `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}${dotAll ? 's' : ''}`;
          const ours = new LinearPattern(source, { ignoreCase, multiline, dotAll });
          const theirs = engine({ source, flags, text });
          // It can take for ever, which is why there is ours.
          fc.pre(theirs !== undefined);
          expect(ours.test(text)).toBe(theirs);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('answers the same when its states are forgotten in between', () => {
    const source = '(a|b)*a(a|b){12}';
    const ours = new LinearPattern(source, PLAIN);
    const theirs = new RegExp(source);
    for (let seed = 1; seed < 400; seed += 1) {
      const text = Array.from({ length: 40 }, (_, at) => ((seed * 7919) >>> (at % 13)) & 1)
        .map((bit) => 'ab'[bit])
        .join('');
      expect(ours.test(text)).toBe(theirs.test(text));
    }
  });

  test.each(['(a+)+$', '(a|a)*b', '(.*a){12}b', 'a*a*a*a*a*b', '(a?){50}a{50}b'])(
    '%s reads a text once, however it is made',
    (source) => {
      const ours = new LinearPattern(source, PLAIN);
      // A backtracking engine would take longer than the universe is old.
      expect(ours.test(`${'a'.repeat(100_000)}!`)).toBe(false);
    },
  );

  test('whatever is written, it works or says why not', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[ab()[\]{}*+?|\\^$.,0-9-]{0,20}$/)),
        text,
        (source, text) => {
          try {
            expect(typeof new LinearPattern(source, PLAIN).test(text)).toBe('boolean');
          } catch (error) {
            expect(error).toBeInstanceOf(UnusablePattern);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
