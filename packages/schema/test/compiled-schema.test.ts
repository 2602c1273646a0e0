import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CompiledSchema } from '../src/compile-schema.ts';
import { accepts, anySchema, anyValue } from './some-schema.ts';

const PLAIN = {
  strict: false,
  ownProperties: true,
  logger: false,
  meta: false,
  validateSchema: false,
} as const;
const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

/** ajv alone, without the tracking of evaluation, where its code throws. */
function plainly(schema: object): (value: unknown) => unknown {
  const ajv = new Ajv2020(PLAIN);
  ajv.opts.unevaluated = false;
  return ajv.compile(schema);
}

describe('a compiled schema', () => {
  test('accepts what ajv accepts, in 2020-12', () => {
    fc.assert(
      fc.property(anySchema('2020-12'), fc.array(anyValue, { minLength: 5 }), (schema, values) => {
        const expected = plainly(schema);
        const actual = new CompiledSchema(schema, { formats: false });
        for (const value of values) expect(accepts(actual, value)).toBe(expected(value));
      }),
      { numRuns: 500 },
    );
  });

  test('accepts what ajv accepts, in draft-07', () => {
    fc.assert(
      fc.property(anySchema('draft-07'), fc.array(anyValue, { minLength: 5 }), (schema, values) => {
        const expected = new Ajv(PLAIN).compile(schema);
        const actual = new CompiledSchema({ $schema: DRAFT_07, ...schema }, { formats: false });
        for (const value of values) expect(accepts(actual, value)).toBe(expected(value));
      }),
      { numRuns: 500 },
    );
  });

  test('never lets strictness accept what the schema rejects, nor reject free-form values below the top', () => {
    fc.assert(
      fc.property(anySchema('2020-12'), anyValue, (schema, value) => {
        const compiled = new CompiledSchema(schema, { formats: false });
        const alone = plainly(schema);
        const strictly = accepts(compiled, value) && compiled.undeclared(value, 100) === undefined;
        if (strictly) expect(alone(value)).toBe(true);
        const inside = new CompiledSchema({ properties: { free: {} } }, { formats: false });
        expect(inside.undeclared({ free: value }, 100)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a pointer', { properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'number' } } }],
    [
      'a pointer into unknown keywords',
      { properties: { a: { $ref: '#/components/n' } }, components: { n: { type: 'number' } } },
    ],
    [
      'a pointer with escapes',
      { properties: { a: { $ref: '#/$defs/x~1y%25' } }, $defs: { 'x/y%': { type: 'number' } } },
    ],
    ['an anchor', { properties: { a: { $ref: '#n' } }, $defs: { n: { $anchor: 'n', type: 'number' } } }],
    [
      'a dynamic anchor',
      { properties: { a: { $dynamicRef: '#n' } }, $defs: { n: { $dynamicAnchor: 'n', type: 'number' } } },
    ],
    [
      'the id of the document',
      {
        $id: 'https://x.example/s',
        properties: { a: { $ref: 'https://x.example/s#/$defs/n' } },
        $defs: { n: { type: 'number' } },
      },
    ],
    [
      'an embedded resource',
      {
        $id: 'https://x.example/s',
        properties: { a: { $ref: 'n' } },
        $defs: { n: { $id: 'n', type: 'number' } },
      },
    ],
    [
      'a reference relative to an embedded resource',
      {
        $id: 'https://x.example/s',
        properties: { a: { $ref: 'n' } },
        $defs: { n: { $id: 'n', $ref: '#/$defs/m', $defs: { m: { type: 'number' } } } },
      },
    ],
    [
      'a draft-07 anchor',
      {
        $schema: DRAFT_07,
        properties: { a: { $ref: '#n' } },
        definitions: { n: { $id: '#n', type: 'number' } },
      },
    ],
  ])('follows %s inside the document', (_what, schema) => {
    const compiled = new CompiledSchema(schema, { formats: true });
    expect(accepts(compiled, { a: 1 })).toBe(true);
    expect(accepts(compiled, { a: 'x' })).toBe(false);
  });

  test('ignores what stands beside a draft-07 reference, and heeds it in 2020-12', () => {
    const schema = { properties: { a: { $ref: '#/$defs/n', minimum: 3 } }, $defs: { n: { type: 'number' } } };
    expect(accepts(new CompiledSchema(schema, { formats: true }), { a: 1 })).toBe(false);
    expect(accepts(new CompiledSchema({ $schema: DRAFT_07, ...schema }, { formats: true }), { a: 1 })).toBe(
      true,
    );
  });

  test('follows recursion', () => {
    const list = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const compiled = new CompiledSchema(list, { formats: true });
    expect(accepts(compiled, { next: { next: {} } })).toBe(true);
    expect(accepts(compiled, { next: { next: { last: 1 } } })).toBe(false);
  });

  test('asserts the formats of the standard where it is told to, and no others', () => {
    const schema = { properties: { at: { format: 'date-time' }, card: { format: 'credit-card' } } };
    const value = { at: 'yesterday', card: 'none' };
    expect(accepts(new CompiledSchema(schema, { formats: true }), value)).toBe(false);
    expect(accepts(new CompiledSchema(schema, { formats: false }), value)).toBe(true);
    expect(
      accepts(new CompiledSchema(schema, { formats: true }), { ...value, at: '2026-11-20T10:00:00Z' }),
    ).toBe(true);
  });

  const cat = { properties: { kind: { const: 'cat' }, purrs: { type: 'boolean' } }, required: ['purrs'] };
  const dog = { properties: { kind: { const: 'dog' }, barks: { type: 'boolean' } }, required: ['barks'] };

  test.each([
    ['what the node names', { properties: { a: true } }, { a: 1 }, { b: 1 }],
    ['what a pattern names', { patternProperties: { '^a': true }, allOf: [{}] }, { ab: 1 }, { b: 1 }],
    [
      'what a satisfied alternative names',
      { anyOf: [cat, dog] },
      { kind: 'cat', purrs: true },
      { kind: 'cat', purrs: true, barks: 1 },
    ],
    [
      'what a condition names',
      { if: cat, then: {}, else: { properties: { name: true } } },
      { name: 1 },
      { name: 1, purrs: 1 },
    ],
    [
      'what a dependent schema names',
      { properties: { a: true }, dependentSchemas: { a: { properties: { b: true } } } },
      { a: 1, b: 1 },
      { b: 1 },
    ],
    [
      'what a reference names',
      { $ref: '#/$defs/x', $defs: { x: { properties: { a: true } } } },
      { a: 1 },
      { b: 1 },
    ],
    [
      'what is additional in an alternative',
      { anyOf: [{ required: ['a'], additionalProperties: true }, {}] },
      { a: 1, b: 1 },
      { b: 1 },
    ],
    [
      'nothing that "not" names',
      { not: { properties: { a: { type: 'number' } }, required: ['a'] } },
      {},
      { a: 'x' },
    ],
  ])('counts as evaluated properties %s', (_what, schema, good, bad) => {
    const compiled = new CompiledSchema({ ...schema, unevaluatedProperties: false }, { formats: true });
    expect(accepts(compiled, good)).toBe(true);
    expect(accepts(compiled, bad)).toBe(false);
  });

  test.each([
    ['what the node lists', { prefixItems: [true] }, [1], [1, 2]],
    [
      'what a satisfied alternative lists',
      { anyOf: [{ prefixItems: [{ type: 'string' }] }, true] },
      ['a'],
      [1],
    ],
    ['what is contained', { contains: { type: 'string' } }, ['a', 'b'], ['a', 1]],
    ['everything where a branch describes all', { allOf: [{ items: { type: 'number' } }] }, [1, 2], ['a']],
  ])('counts as evaluated elements %s', (_what, schema, good, bad) => {
    const compiled = new CompiledSchema({ ...schema, unevaluatedItems: false }, { formats: true });
    expect(accepts(compiled, good)).toBe(true);
    expect(accepts(compiled, bad)).toBe(false);
  });

  test('demands an element that is contained, in each of several arrays', () => {
    const compiled = new CompiledSchema({ items: { contains: { type: 'string' } } }, { formats: true });
    expect(accepts(compiled, [['a'], ['b', 1]])).toBe(true);
    expect(accepts(compiled, [['a'], []])).toBe(false);
  });

  test('takes decimal fractions as people write them', () => {
    const compiled = new CompiledSchema({ multipleOf: 0.01 }, { formats: true });
    expect(accepts(compiled, 19.99)).toBe(true);
    expect(accepts(compiled, 19.995)).toBe(false);
  });
});
