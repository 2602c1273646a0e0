import { isJsonObject, type JsonObject, type Principal } from '@sallyport/core';
import type { List } from './access.ts';
import type { Rbac } from './rbac.ts';

export interface Filtered {
  /** The same object where nothing was removed. */
  readonly result: JsonObject;
  readonly removed: number;
  readonly total: number;
}

/**
 * Leaves in a list what some rule could let the principal use. What is not shaped like a list of named things
 * cannot be checked, and goes.
 */
export function filterList(
  rbac: Rbac,
  list: List,
  who: { readonly principal: Principal; readonly server: string },
  result: JsonObject,
): Filtered {
  const entries = result[list.member];
  if (entries === undefined) return { result, removed: 0, total: 0 };
  if (!Array.isArray(entries)) return { result: { ...result, [list.member]: [] }, removed: 1, total: 1 };
  const kept = entries.filter((entry: unknown) => {
    const name = isJsonObject(entry) && Object.hasOwn(entry, list.key) ? entry[list.key] : undefined;
    if (typeof name !== 'string') return false;
    const { of, action } = list;
    if (!list.templates) return rbac.couldPermit({ ...who, object: `${of}:${name}`, action });
    const expression = name.indexOf('{');
    // A template without expressions is one resource (RFC 6570, section 3.2.1).
    return expression === -1
      ? rbac.couldPermit({ ...who, object: `${of}:${name}`, action })
      : rbac.couldPermit({ ...who, object: `${of}:${name.slice(0, expression)}`, action, prefix: true });
  });
  const removed = entries.length - kept.length;
  return {
    result: removed === 0 ? result : { ...result, [list.member]: kept },
    removed,
    total: entries.length,
  };
}
