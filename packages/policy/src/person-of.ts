import type { Call } from '@sallyport/core';

/** The first of the named arguments that names a person: a text, a number, or a list of one. */
export function personOf({ params }: Call, names: readonly string[]): string | undefined {
  const args = params['arguments'];
  if (typeof args !== 'object' || args === null) return undefined;
  for (const name of names) {
    const given = Object.hasOwn(args, name) ? (args as Record<string, unknown>)[name] : undefined;
    // One in a list is one.
    const person = textOf(Array.isArray(given) && given.length === 1 ? (given[0] as unknown) : given);
    if (person !== undefined) return person;
  }
  return undefined;
}

/** A text that says something, or a number as one. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}
