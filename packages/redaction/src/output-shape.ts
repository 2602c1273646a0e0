import { isJsonObject, type JsonObject } from '@sallyport/core';

/** What a schema asks of one string: nothing, a certain form, or one of the values that it lists itself. */
export type Demand = 'none' | 'form' | { readonly values: readonly unknown[] };

/** The step to the elements of an array. */
export const ELEMENT: unique symbol = Symbol('element');

export type Step = string | typeof ELEMENT;

const FORMS = ['pattern', 'format', 'minLength', 'maxLength', 'contentEncoding', 'contentMediaType'] as const;
const ALTERNATIVES = ['allOf', 'anyOf', 'oneOf'] as const;
const CONDITIONS = ['if', 'then', 'else', 'not'] as const;
const MOST_SCHEMAS = 200;

/**
 * What an `outputSchema` asks of the string at the end of a path. Only followed, never compiled: a server's patterns are
 * not run. References are followed within the document.
 */
export function demandOn(schema: unknown, path: readonly Step[]): Demand {
  let current = expanded([schema], schema);
  for (const step of path)
    current = expanded(
      current.flatMap((each) => below(each, step)),
      schema,
    );
  const values = current.flatMap((each) =>
    Array.isArray(each['enum']) ? (each['enum'] as unknown[]) : 'const' in each ? [each['const']] : [],
  );
  if (values.length > 0) return { values };
  return current.some((each) => FORMS.some((name) => name in each)) ? 'form' : 'none';
}

/** The schemas that apply together with these. */
function expanded(schemas: readonly unknown[], root: unknown): readonly JsonObject[] {
  const all = new Set<JsonObject>();
  const queue = [...schemas];
  for (let index = 0; index < queue.length && all.size < MOST_SCHEMAS; index += 1) {
    const next = queue[index];
    if (!isJsonObject(next) || all.has(next)) continue;
    all.add(next);
    for (const name of ALTERNATIVES) if (Array.isArray(next[name])) queue.push(...(next[name] as unknown[]));
    for (const name of CONDITIONS) queue.push(next[name]);
    for (const name of ['$ref', '$dynamicRef']) {
      const reference = next[name];
      if (typeof reference === 'string') queue.push(atPointer(root, reference));
    }
  }
  return [...all];
}

function below(schema: JsonObject, step: Step): readonly unknown[] {
  if (step === ELEMENT) {
    const { items, prefixItems, additionalItems, contains, unevaluatedItems } = schema;
    return [items, prefixItems, additionalItems, contains, unevaluatedItems].flat();
  }
  const properties = schema['properties'];
  const own = isJsonObject(properties) && Object.hasOwn(properties, step) ? [properties[step]] : [];
  const patterns = schema['patternProperties'];
  return [
    ...own,
    // Which of them fit is a matter of patterns, so that all of them count.
    ...(isJsonObject(patterns) ? Object.values(patterns) : []),
    schema['additionalProperties'],
    schema['unevaluatedProperties'],
  ];
}

/** RFC 6901, in a fragment. */
function atPointer(root: unknown, reference: string): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
