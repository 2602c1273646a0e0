/** Elements of a long list in one part. */
const TOGETHER = 16;

/** An object, its long lists left empty; or what comes next in one of these lists. */
export type CutPart<Kind extends string> =
  | readonly [kind: Kind, value: unknown]
  | readonly ['more', member: string, elements: readonly unknown[]];

/** An object with long lists in parts that are small each. Other values stay in one. `joinPart` puts them together again. */
export function* cutLists<Kind extends string>(
  kind: Kind,
  value: unknown,
): Generator<CutPart<Kind>, void, undefined> {
  const long = Object.entries(value ?? {}).filter((entry): entry is [string, readonly unknown[]] => {
    return Array.isArray(entry[1]) && entry[1].length > TOGETHER;
  });
  const isCut = long.length > 0 && !Array.isArray(value);
  yield [kind, isCut ? { ...(value as object), ...Object.fromEntries(long.map(([m]) => [m, []])) } : value];
  if (!isCut) return;
  for (const [member, list] of long)
    for (let at = 0; at < list.length; at += TOGETHER) yield ['more', member, list.slice(at, at + TOGETHER)];
}

/** Adds what comes next to the object that was left open. @returns whether it belongs there */
export function joinPart(open: unknown, member: unknown, elements: unknown): boolean {
  if (typeof open !== 'object' || open === null || typeof member !== 'string') return false;
  const list: unknown = Object.getOwnPropertyDescriptor(open, member)?.value;
  if (!Array.isArray(list) || !Array.isArray(elements)) return false;
  for (const one of elements as readonly unknown[]) (list as unknown[]).push(one);
  return true;
}
