import { isJsonObject } from '@sallyport/core';

/** Tells whether a value is one of a list. */
export function allowedValues(allowed: readonly unknown[]): (value: unknown) => boolean {
  const scalars = new Set(allowed.filter((each) => !isStructure(each)));
  const structures = allowed.filter(isStructure);
  return (value) =>
    isStructure(value) ? structures.some((each) => areEqual(each, value)) : scalars.has(value);
}

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Equality of JSON values. Looks at no more of the second than the first has. (ajv's own calls `toString` and
 * `valueOf` of the values, which a caller can set.)
 */
function areEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((element, index) => areEqual(element, other[index]));
  }
  if (!isJsonObject(one)) return one === other;
  if (!isJsonObject(other)) return false;
  const names = Object.keys(one);
  for (const name of names) {
    if (!Object.hasOwn(other, name) || !areEqual(one[name], other[name])) return false;
  }
  return Object.keys(other).length === names.length;
}
