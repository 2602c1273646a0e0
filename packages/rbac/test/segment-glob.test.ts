import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Glob, matchesGlob, parseGlob } from '../src/segment-glob.ts';
import { SegmentTrie } from '../src/segment-trie.ts';
import { regexOf } from './glob-regex.ts';
import { problemsOf } from './support.ts';

function glob(text: string): Glob {
  const parsed = parseGlob(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return parsed;
}

const matches = (pattern: string, name: string): boolean => matchesGlob(glob(pattern), name);

/** Patterns and names over few letters, so that they often meet. */
const part = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '.'), { maxLength: 4 })
  .map((pieces) => pieces.join(''));
const pattern = fc
  .array(fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: fc.constant('**') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('/'))
  .filter((text) => !('message' in parseGlob(text)));
const name = fc
  .array(
    fc.array(fc.constantFrom('a', 'b', '.', '\n'), { maxLength: 4 }).map((letters) => letters.join('')),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join('/'));

describe('segment globs', () => {
  it.each([
    ['get_*', 'get_patient', true],
    ['get_*', 'get_', true],
    ['get_*', 'forget_patient', false],
    ['get_*', 'get_/etc', false],
    ['*', 'anything', true],
    ['*', '', false],
    ['*', 'a/b', false],
    ['**', 'a/b/c', true],
    ['**', '', true],
    ['a/**', 'a', false],
    ['a/**', 'a/', true],
    ['a/**', 'a/b/c', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c', false],
    ['files/*/read', 'files/secret/delete', false],
    ['a*c*e', 'abcde', true],
    ['a*a', 'a', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['what\\?', 'what?', true],
    ['get', 'GET', false],
    ['get', 'get ', false],
    ['get', 'ge\u0442', false],
    ['get', 'get\u0000', false],
  ])('%s against %j is %s', (text, subject, expected) => {
    expect(matches(text, subject)).toBe(expected);
  });

  it.each([
    ['tool:get_?', /Write \* for any text.*write \\\?/],
    ['tool:!get', /effect deny/],
    ['tool:{get,put}', /./],
    ['tool:{get}', /one rule for each/],
    ['tool:[ab]', /one rule for each/],
    ['tool:a|b', /one rule for each/],
    ['tool:^get', /whole name/],
    ['tool:get$', /whole name/],
    ['tool:get**', /\*\* stands alone/],
    ['tool:***', /\*\* stands alone/],
    ['resource:a/**/**', /write it once/],
    ['tool:\\d', /backslash/],
    ['tool:', /empty/],
    ['*', /write tool:\*, or \*\* for every object/],
    ['get_*', /write tool:get_\*/],
  ])('refuses %s, and says what to write instead', (object, message) => {
    expect(problemsOf(`p, role:a, ehr, ${object}, call`)[0]).toMatch(message);
  });

  it('matches exactly what an anchored regular expression of it matches', () => {
    fc.assert(
      fc.property(pattern, name, (text, subject) => {
        expect(matches(text, subject)).toBe(regexOf(text).test(subject));
      }),
      { numRuns: 20_000, seed: 5 },
    );
  });

  it('matches the same one by one and many at once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(pattern, { maxLength: 12 }),
        fc.array(name, { maxLength: 6 }),
        (patterns, names) => {
          const trie = new SegmentTrie<string>();
          for (const text of patterns) trie.insert(glob(text).segments, -1, () => text);
          for (const subject of names) {
            const count = trie.find(`kind:${subject}`, 5, false);
            const found = Array.from({ length: count }, (_, i) => trie.found(i) ?? '').toSorted();
            const parsed = new Set(patterns.map((text) => JSON.stringify(glob(text).segments)));
            expect(new Set(found).size).toBe(found.length);
            expect(found.length).toBeLessThanOrEqual(parsed.size);
            expect(found).toEqual(patterns.filter((text) => matches(text, subject)).toSorted());
          }
        },
      ),
      { numRuns: 3000, seed: 6 },
    );
  });

  it('finds a glob that some name with a prefix meets, and only such', () => {
    fc.assert(
      fc.property(pattern, name, fc.nat(12), (text, subject, length) => {
        const trie = new SegmentTrie<string>();
        trie.insert(glob(text).segments, -1, () => text);
        const prefix = subject.slice(0, length);
        const found = trie.someWithPrefix(prefix, -1, 100, () => true);
        if (matches(text, subject)) expect(found).toBe(true);
        // A glob that covers all names with the prefix covers this one.
        if (trie.covering(prefix).length > 0) expect(matches(text, subject)).toBe(true);
      }),
      { numRuns: 20_000, seed: 7 },
    );
  });

  it('takes time in proportion to the name, adversarial or not', () => {
    const steps = (length: number): number => {
      let calls = 0;
      const counting = new Proxy(['a'.repeat(9), 'a'.repeat(9), 'b'], {
        get: (t, k, r) => ((calls += 1), Reflect.get(t, k, r)),
      });
      matchesGlob({ segments: [{ kind: 'wild', chunks: counting }], exact: undefined }, 'a'.repeat(length));
      return calls;
    };
    expect(steps(100_000)).toBe(steps(100));
    const deep = 'a/'.repeat(50_000);
    expect(matches('**/a/**/a/**/b', deep)).toBe(false);
  });
});
