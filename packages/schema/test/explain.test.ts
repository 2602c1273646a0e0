import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CompiledSchema } from '../src/compile-schema.ts';
import { anySchema } from './some-schema.ts';

function explain(schema: object, value: unknown): string {
  const found = new CompiledSchema(schema, { formats: true }).check(value, 100);
  return found === undefined ? 'valid' : `${found.pointer} ${found.text} (${found.rule})`;
}

const of = (schema: object): object => ({ properties: { a: schema } });

describe('an explanation', () => {
  test.each([
    [{ type: 'integer' }, 'x', '/a must be integer (type)'],
    [{ type: ['integer', 'null'] }, 'x', '/a must be integer or null (type)'],
    [{ required: ['b'] }, {}, '/a must have the property "b" (required)'],
    [{ enum: ['x', 'y'] }, 'z', '/a must be one of "x", "y" (enum)'],
    [{ const: 'x' }, 'z', '/a must be "x" (const)'],
    [{ maximum: 100 }, 101, '/a must be <= 100 (maximum)'],
    [{ exclusiveMinimum: 0 }, 0, '/a must be > 0 (exclusiveMinimum)'],
    [{ multipleOf: 5 }, 3, '/a must be a multiple of 5 (multipleOf)'],
    [{ minLength: 2 }, 'x', '/a must have at least 2 characters (minLength)'],
    [{ maxItems: 1 }, [1, 2], '/a must have at most 1 elements (maxItems)'],
    [{ pattern: '^x$' }, 'y', '/a must match the pattern "^x$" (pattern)'],
    [{ format: 'uuid' }, 'y', '/a must be in the format "uuid" (format)'],
    [{ uniqueItems: true }, [1, 1], '/a must not have equal elements (uniqueItems)'],
    [{ items: { type: 'string' } }, ['x', 1], '/a/1 must be string (type)'],
    [
      { prefixItems: [true], items: false },
      [1, 2],
      '/a must not have more elements than the schema describes (items)',
    ],
    [
      { propertyNames: { maxLength: 1 } },
      { bc: 1 },
      '/a must only have property names that the schema allows (propertyNames)',
    ],
    [
      { dependentRequired: { b: ['c'] } },
      { b: 1 },
      '/a must have the property "c" beside "b" (dependentRequired)',
    ],
    [false, 1, '/a must not be there (false schema)'],
    [
      { properties: { b: true }, additionalProperties: false },
      { secret: 1 },
      '/a must not have other properties than the schema declares; declared are "b" (additionalProperties)',
    ],
  ])('of %j names the position, the limit and the rule', (schema, value, expected) => {
    expect(explain(of(schema as object), { a: value })).toBe(expected);
  });

  test.each([
    [
      'the other type of a nullable value',
      { anyOf: [{ type: 'integer', minimum: 3 }, { type: 'null' }] },
      2,
      '/a must be >= 3 (minimum)',
    ],
    [
      'the types where none fits',
      { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      'x',
      '/a must be integer or null (type)',
    ],
    [
      'what is wrong in the alternative that was meant',
      {
        oneOf: [
          { properties: { k: { const: 'x' } } },
          { properties: { k: { const: 'y' }, n: { type: 'number' } } },
        ],
      },
      { k: 'y', n: 'z' },
      '/a/n must be number (type)',
    ],
    [
      'which alternatives there are',
      { oneOf: [{ properties: { k: { const: 'x' } } }, { properties: { k: { const: 'y' } } }] },
      { k: 'z' },
      '/a/k must be one of "x", "y" (const)',
    ],
    [
      'that several hold',
      { oneOf: [{ minimum: 1 }, { maximum: 5 }] },
      3,
      '/a must match exactly one of the alternatives in the schema, and matches several (oneOf)',
    ],
  ])('of alternatives names %s', (_what, schema, value, expected) => {
    expect(explain(of(schema), { a: value })).toBe(expected);
  });

  test('is short, however long the lists of the schema are', () => {
    const values = Array.from({ length: 1_500 }, (_, index) => `value-${index}`.repeat(10));
    expect(explain(of({ enum: values }), { a: 'x' }).length).toBeLessThan(5_000);
  });

  test('never contains a value, nor a name that the schema does not', () => {
    const secret = fc.constantFrom('S3CR3T-1', 's3cr3t 2', 987_654_321);
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        secret,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'S3CR3T-KEY', 's3cr3t/key'), tie('value'), {
          noNullPrototype: true,
        }),
      ),
    })).value;
    let explained = 0;
    fc.assert(
      fc.property(anySchema('2020-12'), value, (schema, given) => {
        const compiled = new CompiledSchema(schema, { formats: true });
        const found = compiled.check(given, 100) ?? compiled.undeclared(given, 100);
        if (found === undefined) return;
        explained += 1;
        expect(JSON.stringify(found)).not.toMatch(/s3cr3t|987654321/i);
      }),
      { numRuns: 1_000 },
    );
    expect(explained).toBeGreaterThan(200);
  });
});
