import type { JsonObject } from '@sallyport/core';

import { Pending } from './pending.ts';

/** What will stand on the wire for an object that is more than data: a date, a class with `toJSON`. */
export function plainObject(object: JsonObject): unknown {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return object;
  const text = JSON.stringify(object) as string | undefined;
  return text === undefined ? {} : JSON.parse(text);
}

/** `__proto__` is a member like any other: it is defined, never assigned. */
export function putMember(
  holder: Record<string | number, unknown>,
  key: string | number,
  value: unknown,
): void {
  if (key === '__proto__') {
    Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
  } else holder[key] = value;
}

/** The object with other keys; two that became one are told apart by a number. */
export function renameKeys(
  object: JsonObject,
  names: ReadonlyMap<string, string | Pending>,
): JsonObject | Pending {
  const isLate = [...names.values()].some((name) => name instanceof Pending);
  return isLate ? new Pending(() => renamed(object, names)) : renamed(object, names);
}

function renamed(object: JsonObject, names: ReadonlyMap<string, string | Pending>): JsonObject {
  const result: Record<string, unknown> = {};
  // Keys that stay have their names first.
  const taken = new Set(Object.keys(object).filter((key) => !names.has(key)));
  const counts = new Map<string, number>();
  for (const [key, value] of Object.entries(object)) {
    const name = names.get(key);
    if (name === undefined) {
      putMember(result, key, value);
      continue;
    }
    const wanted = typeof name === 'string' ? name : String(name.settle());
    let free = wanted;
    for (let count = counts.get(wanted) ?? 2; taken.has(free); count += 1) {
      free = `${wanted}_${count}`;
      counts.set(wanted, count + 1);
    }
    taken.add(free);
    putMember(result, free, value);
  }
  return result;
}
