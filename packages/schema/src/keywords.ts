import { isJsonObject } from '@sallyport/core';

export type Dialect = '2020-12' | 'draft-07';

const DIALECTS: ReadonlyMap<unknown, Dialect> = new Map([
  // MCP 2025-11-25, basic, "JSON Schema Usage": no `$schema` means 2020-12.
  [undefined, '2020-12'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
]);

/** The dialect that a `$schema` names, or undefined when it is another one. */
export function dialectOf($schema: unknown): Dialect | undefined {
  return DIALECTS.get(typeof $schema === 'string' ? $schema.replace(/#$/, '') : $schema);
}

interface Assertion {
  readonly isValid: (value: unknown) => boolean;
  /** What to write; ends the sentence `"minimum" has to be ...`. */
  readonly expected: string;
}

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

const number: Assertion = { isValid: isNumber, expected: 'a number' };
const count: Assertion = { isValid: isCount, expected: 'a whole number, zero or more' };
const names: Assertion = { isValid: isNames, expected: 'a list of names' };

/** Keywords that are copied for ajv as they stand, once their value is what the meta-schema asks for. */
export const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  type: {
    isValid: (value) =>
      Array.isArray(value)
        ? value.length > 0 && value.every((type) => TYPES.has(type as string))
        : TYPES.has(value as string),
    expected: 'one of the seven JSON types, or a list of them',
  },
  enum: {
    isValid: (value) => Array.isArray(value) && value.length > 0,
    expected: 'a list of at least one value',
  },
  const: { isValid: (value) => value !== undefined, expected: 'a value' },
  multipleOf: {
    isValid: (value) => isNumber(value) && (value as number) > 0,
    expected: 'a number above zero',
  },
  maximum: number,
  exclusiveMaximum: number,
  minimum: number,
  exclusiveMinimum: number,
  maxLength: count,
  minLength: count,
  maxItems: count,
  minItems: count,
  uniqueItems: { isValid: (value) => typeof value === 'boolean', expected: 'true or false' },
  maxProperties: count,
  minProperties: count,
  required: names,
  dependentRequired: {
    isValid: (value) => isJsonObject(value) && Object.values(value).every(isNames),
    expected: 'an object of lists of names',
  },
};

/** Keywords whose value is a schema, a list of schemas, and an object of schemas. */
export const SCHEMA_KEYWORDS: readonly string[] = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
export const LIST_KEYWORDS: readonly string[] = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
export const MAP_KEYWORDS: readonly string[] = [
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
];

/** Keywords that draft-07 does not know, and so ignores. */
export const NOT_IN_DRAFT_07: ReadonlySet<string> = new Set([
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  'dependentRequired',
  'dependentSchemas',
  'maxContains',
  'minContains',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
