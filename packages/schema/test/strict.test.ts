import { describe, expect, test } from 'vitest';

import { CompiledSchema } from '../src/compile-schema.ts';
import type { Violation } from '../src/violation.ts';

function undeclared(schema: object, value: unknown): Violation | undefined {
  const compiled = new CompiledSchema(schema, { formats: true });
  expect(compiled.check(value, 100)).toBeUndefined();
  return compiled.undeclared(value, 100);
}

const person = { type: 'object', properties: { name: { type: 'string' } } };

describe('strictness', () => {
  test.each([
    ['nothing is declared at the top', { type: 'object' }, { a: 1 }],
    ['the schema is silent on other properties', person, { name: 'x', a: 1 }],
    ['the schema allows other properties', { ...person, additionalProperties: true }, { a: 1 }],
    [
      'the schema describes other properties without rules',
      { ...person, additionalProperties: { title: 'Any' } },
      { a: 1 },
    ],
    ['only names are restricted', { ...person, propertyNames: { type: 'string' } }, { a: 1 }],
    ['it is declared elsewhere', { properties: { a: person, b: { type: 'object' } } }, { name: 1 }],
    ['it is in an element', { properties: { list: { items: person } } }, { list: [{ name: 'x' }, { a: 1 }] }],
    ['it is in a map', { additionalProperties: person }, { key: { a: 1 } }],
    [
      'it is behind a reference',
      { properties: { p: { $ref: '#/$defs/p' } }, $defs: { p: person } },
      { p: { a: 1 } },
    ],
    ['it is deep in a recursion', { properties: { next: { $ref: '#' } } }, { next: { next: { a: 1 } } }],
    [
      'only an alternative that does not hold declares it',
      { anyOf: [{ properties: { k: { const: 1 }, a: {} }, required: ['k'] }, person] },
      { name: 'x', a: 1 },
    ],
    [
      'only the branch not taken declares it',
      { if: { required: ['x'] }, then: { properties: { a: {} } }, else: person },
      { a: 1 },
    ],
    [
      'only a schema that must not hold declares it',
      { not: { properties: { a: { const: 2 } }, required: ['a'] } },
      { a: 1 },
    ],
  ])('refuses a property where %s', (_when, schema, value) => {
    expect(undeclared(schema, value)?.rule).toBe('undeclared');
  });

  test.each([
    ['an empty object where nothing is declared', { type: 'object' }, {}],
    ['declared properties', person, { name: 'x' }],
    ['declared properties of any value', { properties: { a: true, b: {} } }, { a: { x: 1 }, b: [{ y: 2 }] }],
    ['what a pattern names', { patternProperties: { '^x-': {} } }, { 'x-a': 1 }],
    ['a map', { additionalProperties: { type: 'string' } }, { any: 'x' }],
    [
      'a map below the top',
      { properties: { env: { additionalProperties: { type: 'string' } } } },
      { env: { PATH: 'x' } },
    ],
    [
      'free-form objects below the top',
      { properties: { metadata: { type: 'object' } } },
      { metadata: { a: { b: 1 } } },
    ],
    [
      'free-form objects that say so',
      { properties: { metadata: { type: 'object', additionalProperties: true } } },
      { metadata: { a: 1 } },
    ],
    ['arrays of anything', { properties: { list: { type: 'array' } } }, { list: [{ a: 1 }] }],
    ['all parts of an intersection', { allOf: [person, { properties: { a: {} } }] }, { name: 'x', a: 1 }],
    [
      'what several schemas say of one object',
      { allOf: [{ properties: { p: person } }, { properties: { p: { properties: { a: {} } } } }] },
      { p: { name: 'x', a: 1 } },
    ],
    [
      'what a condition refines',
      {
        properties: { p: { ...person, properties: { ...person.properties, n: {} } } },
        if: { required: ['p'] },
        then: { properties: { p: { properties: { n: { minimum: 1 } } } } },
      },
      { p: { name: 'x', n: 2 } },
    ],
    [
      'the alternative that holds',
      { anyOf: [person, { properties: { a: { type: 'number' } }, required: ['a'] }] },
      { a: 1 },
    ],
    ['a nullable object', { properties: { p: { anyOf: [person, { type: 'null' }] } } }, { p: { name: 'x' } }],
    [
      'what another property brings along',
      { properties: { a: {} }, dependentSchemas: { a: { properties: { b: {} } } } },
      { a: 1, b: 2 },
    ],
    [
      'what is described as left over',
      { allOf: [person], unevaluatedProperties: { type: 'number' } },
      { name: 'x', a: 1 },
    ],
    [
      'tuples',
      { properties: { list: { prefixItems: [person, { type: 'object' }] } } },
      { list: [{ name: 'x' }, { a: 1 }, { b: 1 }] },
    ],
    ['properties that are undefined, which do not exist on the wire', person, { a: undefined }],
  ])('accepts %s', (_what, schema, value) => {
    expect(undeclared(schema, value)).toBeUndefined();
  });

  test('names the object and what is declared there, and neither the property nor the keys of maps', () => {
    const schema = { properties: { patients: { additionalProperties: person } } };
    const found = undeclared(schema, { patients: { '123-45-6789': { name: 'x', 'secret-key': 1 } } });
    expect(found).toEqual({
      pointer: '/patients/*',
      rule: 'undeclared',
      text: 'must not have properties that the schema does not declare; declared are "name"',
    });
  });
});
