import fc from 'fast-check';

import type { CompiledSchema } from '../src/compile-schema.ts';
import type { Dialect } from '../src/keywords.ts';
import { VALUE_BOUNDS } from '../src/limits.ts';
import { measure } from '../src/measure.ts';

type Members = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Whether a value satisfies a schema, its bounds included. */
export function accepts(schema: CompiledSchema, value: unknown): boolean {
  const { size } = measure(value, VALUE_BOUNDS);
  return size !== undefined && schema.check(value, size) === undefined;
}

const name = fc.constantFrom('a', 'b', 'c', 'hasOwnProperty', 'x/y~z');
const names = fc.uniqueArray(name, { maxLength: 2 });
const count = fc.nat(3);

function mapOf<T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(keys, values, { maxKeys: 3, noNullPrototype: true });
}

/** Up to three members, so that most schemas accept something. */
function someOf(members: Members): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .subarray(Object.entries(members), { minLength: 1, maxLength: 3 })
    .chain((some) => fc.record(Object.fromEntries(some), { noNullPrototype: true }));
}

export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1, 2.5, -1, '', 'a', 'abc', 'é😀'),
    fc.array(tie('value'), { maxLength: 3 }),
    mapOf(name, tie('value')),
    mapOf(name, tie('value')),
  ),
})).value;

const assertions: Members = {
  type: fc.constantFrom(
    'string',
    'number',
    'integer',
    'object',
    'array',
    'null',
    ['object', 'null'],
    ['string', 'array'],
  ),
  enum: fc.array(anyValue, { minLength: 1, maxLength: 3 }),
  const: anyValue,
  minimum: fc.constantFrom(0, 1),
  exclusiveMaximum: fc.constantFrom(1, 2.5),
  multipleOf: fc.constantFrom(1, 0.5),
  maxLength: count,
  minLength: count,
  pattern: fc.constantFrom('^a', 'c$', '^.{1,2}$'),
  minItems: count,
  uniqueItems: fc.boolean(),
  maxProperties: count,
  required: names,
};

function applicatorsOf(schema: fc.Arbitrary<unknown>, modern: boolean): Members {
  const list = fc.array(schema, { minLength: 1, maxLength: 3 });
  const map = mapOf(name, schema);
  const both: Members = {
    properties: map,
    patternProperties: mapOf(fc.constantFrom('^a', 'o', '[bc]$'), schema),
    additionalProperties: schema,
    propertyNames: schema,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: schema,
    dependencies: mapOf(name, fc.oneof(schema, names)),
  };
  if (!modern) return { ...both, items: fc.oneof(schema, list), additionalItems: schema };
  return {
    ...both,
    prefixItems: list,
    items: schema,
    dependentSchemas: map,
    dependentRequired: mapOf(name, names),
  };
}

/** Valid schemas of a dialect, without `unevaluated...`, of which ajv loses track. */
export function anySchema(dialect: Dialect): fc.Arbitrary<Record<string, unknown>> {
  const modern = dialect === '2020-12';
  const leaf = fc.oneof(fc.boolean(), someOf(assertions));
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small' },
      leaf,
      someOf(applicatorsOf(tie('schema'), modern)),
      fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }, { noNullPrototype: true }),
      // Without `maxContains`, ajv answers for an empty array what it answered for the one before.
      ...(modern
        ? [
            fc.record(
              { contains: tie('schema'), minContains: count, maxContains: count },
              { noNullPrototype: true },
            ),
          ]
        : []),
      fc.constantFrom({ $ref: '#/$defs/one' }, { $ref: '#/$defs/two' }, { properties: { a: { $ref: '#' } } }),
    ),
  }));
  return fc.record({ base: schema, one: leaf, two: schema }).map(({ base, one, two }) => ({
    ...(typeof base === 'object' ? base : { not: base !== true }),
    // No schema refers to itself for the same value, so that every validation ends.
    $defs: { one, two: JSON.parse(JSON.stringify(two).replaceAll('#/$defs/two', '#/$defs/one')) as unknown },
  }));
}
