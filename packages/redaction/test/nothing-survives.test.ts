import { OPERATORS, type RedactOptions } from '@sallyport/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deliver, FakeVault } from './rig.ts';

const PLANTED = ['jane.roe@clinic.com', '219-09-9999', '4111-1111-1111-1111', '(212) 555-0142'];
const INNOCENT = [
  'lorem ipsum',
  'E11.9',
  '',
  'a "quoted" text\nof two lines',
  'x'.repeat(40),
  'MTIzNDU2',
  '{',
  '[1',
];

/** Ways to hide a text in another. */
const WRAPPINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `see ${text}, please`,
  (text) => JSON.stringify({ a: [1, { b: text }] }),
  (text) => JSON.stringify([text], undefined, 2),
  (text) => Buffer.from(`to whom it may concern: ${text}`).toString('base64'),
  (text) => `data:text/plain;base64,${Buffer.from(text).toString('base64')}`,
  (text) => `{"a":1}\n${JSON.stringify({ b: text })}`,
];

const wrapping = fc.array(fc.nat(WRAPPINGS.length - 1), { maxLength: 3 });
const hidden = (values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...values), wrapping)
    .map(([value, ways]) => ways.reduce((text, way) => WRAPPINGS[way]?.(text) ?? text, value));

function messages(leaf: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, leaf, fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    object: fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'toString'), leaf), tie('any'), {
      maxKeys: 4,
    }),
  })).any;
  const block = fc.oneof(
    leaf.map((text) => ({ type: 'text', text })),
    leaf.map((text) => ({ type: 'resource', resource: { uri: 'x:/y', text } })),
    leaf.map((text) => ({
      type: 'resource',
      resource: { uri: 'x:/y', blob: Buffer.from(text).toString('base64') },
    })),
    fc
      .tuple(leaf, value)
      .map(([text, _meta]) => ({ type: 'resource_link', uri: 'x:/y', name: text, _meta: { _meta } })),
  );
  return fc.record({ content: fc.array(block, { maxLength: 3 }), structuredContent: value, more: value });
}

/** Everything that a reader can get at: the text, and all base64 and JSON in it, again and again. */
function readable(text: string, levels = 8): string {
  if (levels === 0) return text;
  const decoded = (text.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? [])
    .map((part) => Buffer.from(part, 'base64').toString('utf8'))
    .filter((part) => /^[\t\n\r -~]*$/.test(part));
  const unescaped = text.replaceAll(/\\(["\\/n])/g, (_, kind: string) => (kind === 'n' ? '\n' : kind));
  const more = [...decoded, ...(unescaped === text ? [] : [unescaped])];
  return [text, ...more.map((part) => readable(part, levels - 1))].join('\n');
}

describe('whatever the message', () => {
  it.each(OPERATORS.filter((operator) => operator !== 'keep' && operator !== 'block'))(
    'no value survives %s',
    async (operator) => {
      const options: Partial<RedactOptions> = {
        vault: new FakeVault(),
        rules: [{ direction: 'both', entities: '*', operator }],
      };
      await fc.assert(
        fc.asyncProperty(messages(hidden([...PLANTED, ...INNOCENT])), async (result) => {
          const text = readable(JSON.stringify(await deliver(options, result)));
          for (const value of PLANTED) expect(text).not.toContain(value);
        }),
        { numRuns: 80 },
      );
    },
  );

  it('what has nothing in it is answered as it was given, to the last byte', async () => {
    await fc.assert(
      fc.asyncProperty(messages(hidden(INNOCENT)), async (result) => {
        const before = JSON.stringify(result);
        expect(await deliver({}, result)).toBe(result);
        expect(JSON.stringify(result)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('what was given is never changed, only copied', async () => {
    await fc.assert(
      fc.asyncProperty(messages(hidden(PLANTED)), async (result) => {
        const before = JSON.stringify(result);
        await deliver(
          { vault: new FakeVault(), rules: [{ direction: 'both', entities: '*', operator: 'token' }] },
          result,
        );
        expect(JSON.stringify(result)).toBe(before);
      }),
      { numRuns: 150 },
    );
  });
});
