import { afterEach, describe, expect, test, vi } from 'vitest';

import { CompiledSchema } from '../src/compile-schema.ts';
import { VALUE_BOUNDS } from '../src/limits.ts';
import { measure } from '../src/measure.ts';
import { accepts } from './some-schema.ts';

function compile(schema: unknown): CompiledSchema {
  return new CompiledSchema(schema, { formats: true });
}

function rule(schema: unknown, value: unknown): string | undefined {
  const compiled = compile(schema);
  const { size } = measure(value, VALUE_BOUNDS);
  if (size === undefined) return 'unmeasurable';
  return (compiled.check(value, size) ?? compiled.undeclared(value, size))?.rule;
}

/** 2^40 evaluations of one value: each definition refers to the next one twice. */
function billionLaughs(keyword: 'allOf' | 'anyOf' | 'oneOf'): object {
  const definitions: Record<string, unknown> = {};
  for (let level = 0; level < 40; level += 1) {
    const next = { $ref: `#/$defs/d${level + 1}` };
    definitions[`d${level}`] = { [keyword]: [next, next] };
  }
  return { $ref: '#/$defs/d0', $defs: { ...definitions, d40: { type: 'string' } } };
}

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

function manyOf<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const cyclic: Record<string, unknown> = { type: 'object' };
cyclic['properties'] = { self: cyclic };

describe('a schema that nobody vouches for', () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ['is no schema', 'object'],
    ['is larger than the bound', { description: 'x'.repeat(300_000) }],
    ['has too many values', { enum: manyOf(30_000, String) }],
    [
      'has too many subschemas',
      { allOf: manyOf(60, () => ({ allOf: manyOf(60, () => ({ minLength: 1 })) })) },
    ],
    [
      'has too many properties in one object',
      { properties: Object.fromEntries(manyOf(600, (index) => [`p${index}`, {}])) },
    ],
    ['is nested too deep', { not: nested(80) }],
    ['contains itself', cyclic],
    ['declares __proto__', JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')],
    ['refers to another document', { $ref: 'https://evil.example/schema.json' }],
    ['refers to a file', { $ref: 'file:///etc/passwd' }],
    ['refers to a relative document', { properties: { a: { $ref: 'other.json#/x' } } }],
    ['refers to nothing', { $ref: '#/$defs/missing' }],
    ['refers to a prototype', { $ref: '#/constructor/prototype' }],
    ['refers to an anchor that is not there', { $ref: '#missing' }],
    [
      'refers dynamically among several resources',
      { $dynamicRef: '#a', $dynamicAnchor: 'a', $defs: { b: { $id: 'b', $dynamicAnchor: 'a' } } },
    ],
    ['gives two schemas one name', { $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } }],
    ['is of an unknown dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }],
    [
      'changes its dialect inside',
      { properties: { a: { $schema: 'http://json-schema.org/draft-07/schema#' } } },
    ],
    ['takes a rule from the data', { properties: { a: { minimum: { $data: '1/b' } } } }],
    ['has code for a number', { minimum: '0);process.exit(1);(0' }],
    ['has an unknown type', { type: 'string"||true||"' }],
    ['has a pattern with a backreference', { pattern: '(a+)\\1' }],
    ['has such a pattern for names', { patternProperties: { '(a+)\\1': true } }],
  ])('is unusable when it %s', (_what, schema) => {
    expect(() => compile(schema)).toThrow(expect.objectContaining({ name: 'UnusableSchema' }));
  });

  test('is never fetched', () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('fetched'));
    expect(() => compile({ $id: 'https://a.example/', $ref: 'https://b.example/' })).toThrow(
      'another document',
    );
    expect(fetched).not.toHaveBeenCalled();
  });

  test('cannot run asynchronously, or with extensions of ajv', () => {
    const schema = { $async: true, type: 'string', nullable: true, discriminator: { propertyName: 'a' } };
    expect(rule(schema, null)).toBe('type');
    expect(rule(schema, 'x')).toBeUndefined();
  });

  test('cannot put code into names', () => {
    const name = '"];process.exit(1);//${process.exit(1)}`\u2028\n';
    const schema = { properties: { [name]: { const: name, pattern: '^"' } }, required: [name] };
    expect(rule(schema, { [name]: name })).toBeUndefined();
    expect(rule(schema, {})).toBe('required');
  });

  test('cannot count on what every object inherits', () => {
    const schema = { properties: { constructor: { type: 'string' } }, required: ['toString', 'valueOf'] };
    expect(rule(schema, {})).toBe('required');
    expect(rule({ ...schema, required: ['constructor'] }, {})).toBe('required');
    expect(rule({ additionalProperties: false }, { toString: 1 })).toBe('additionalProperties');
    expect(rule({ type: 'object' }, { hasOwnProperty: 1 })).toBe('undeclared');
  });

  test('compares values that redefine what objects inherit', () => {
    const schema = {
      properties: {
        a: { enum: JSON.parse('[{"toString":1},{"constructor":1}]') as unknown },
        b: { uniqueItems: true },
      },
    };
    expect(rule(schema, { a: { toString: 1 } })).toBeUndefined();
    expect(rule(schema, { a: { valueOf: 1 } })).toBe('enum');
    expect(
      rule(schema, {
        b: [
          { toString: 1, valueOf: 2 },
          { valueOf: 2, toString: 1 },
        ],
      }),
    ).toBe('uniqueItems');
  });

  test('never changes a prototype', () => {
    const value: unknown = JSON.parse(
      '{"a":{"__proto__":{"polluted":true}},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(rule({ properties: { a: {} } }, value)).toBe('unmeasurable');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    ['allOf', 'text'],
    ['anyOf', 1],
    ['oneOf', 1],
  ] as const)('gives up on doubled references in %s', (keyword, value) => {
    expect(rule(billionLaughs(keyword), value)).toBe('steps');
  });

  test('gives up on a schema that refers to itself for the same value', () => {
    expect(rule({ $ref: '#' }, {})).toBe('steps');
    expect(rule({ allOf: [{ anyOf: [{ $ref: '#' }] }] }, {})).toBe('steps');
  });

  test('gives up where each level of the value doubles the work', () => {
    const twice = { allOf: [{ properties: { a: { $ref: '#' } } }, { required: ['never'] }] };
    expect(rule({ anyOf: [twice, { ...twice, minProperties: 0 }] }, nested(60))).toBe('steps');
  });

  test.each([
    [
      'many alternatives',
      { items: { anyOf: manyOf(500, (index) => ({ maximum: -1 - index })) } },
      manyOf(50_000, Number),
    ],
    [
      'many lengths',
      { anyOf: manyOf(500, (index) => ({ minLength: 9_000_000 + index })) },
      'x'.repeat(500_000),
    ],
    [
      'many patterns',
      { anyOf: manyOf(500, (index) => ({ pattern: `^[a-z]+${index}$` })) },
      'x'.repeat(500_000),
    ],
    ['a large pattern', { pattern: '[ab]*a[ab]{1000}z$' }, 'ab'.repeat(200_000)],
    [
      'many counts of names',
      { anyOf: manyOf(500, (index) => ({ minProperties: 90_000 + index })) },
      Object.fromEntries(manyOf(20_000, (index) => [`k${index}`, 1])),
    ],
    [
      'many sets',
      { anyOf: manyOf(400, (index) => ({ uniqueItems: true, minItems: 90_000 + index, maxItems: 1 })) },
      manyOf(20_000, String),
    ],
  ])('ends soon with %s', (_what, schema, value) => {
    expect(['steps', 'anyOf', 'pattern', 'undeclared']).toContain(
      rule({ properties: { v: schema } }, { v: value }),
    );
  });

  test('compares a large array with itself in linear time', () => {
    const schema = { properties: { list: { uniqueItems: true } } };
    expect(rule(schema, { list: manyOf(50_000, (index) => [index]) })).toBeUndefined();
    expect(rule(schema, { list: [...manyOf(50_000, (index) => [index]), [7]] })).toBe('uniqueItems');
  });

  test('takes recursive definitions and deep values within the bounds', () => {
    const tree = { type: 'object', properties: { a: { $ref: '#' } } };
    expect(accepts(compile(tree), nested(120))).toBe(true);
    expect(accepts(compile(tree), nested(140))).toBe(false);
    expect(measure(nested(100_000), VALUE_BOUNDS).problem).toBe('too deep');
  });

  test('never takes the stack of its caller', () => {
    const definitions = manyOf(2_000, (level) => [
      `d${level}`,
      { properties: { a: { $ref: `#/$defs/d${level + 1}` } } },
    ]);
    const schema = { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(definitions), d2000: {} } };
    expect(() => compile(schema)).toThrow(expect.objectContaining({ name: 'UnusableSchema' }));
  });
});
