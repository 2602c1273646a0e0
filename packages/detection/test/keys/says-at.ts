import type { KeyReader } from '../../src/keys/key-reader.ts';

/** What a reader says of the leaf at a path: an entity, `keep` or `text`. */
export function saysAt(reader: KeyReader, value: unknown, path: readonly (string | number)[]): string {
  let place = reader.start;
  let current = value;
  for (const part of path) {
    if (typeof part === 'string')
      place = reader.step(place, part, current as Readonly<Record<string, unknown>>);
    current = (current as Readonly<Record<string | number, unknown>>)[part];
  }
  const verdict = reader.verdict(place);
  return typeof verdict === 'object' ? verdict.entity : (verdict ?? 'text');
}
