/** What a JSON value may be at most. */
export interface Bounds {
  /** Values of all kinds, members and elements included. */
  readonly values: number;
  /** Characters in strings and names. */
  readonly characters: number;
  /** Objects and arrays inside one another. */
  readonly depth: number;
}

/**
 * How much work a JSON value is to look at: its values, and one more for every 64 characters; or why it may
 * not be looked at. `__proto__` is no name for anything: code behind this gate that copies members would set
 * a prototype.
 */
export type Measure =
  | { readonly size: number; readonly problem?: undefined }
  | { readonly size?: undefined; readonly problem: 'too deep' | 'too large' | '__proto__' };

/**
 * Measures without recursing deeper than the bound, so that neither depth nor cycles can exhaust the stack.
 */
export function measure(value: unknown, bounds: Bounds): Measure {
  const tally = { values: 0, characters: 0, problem: undefined as Measure['problem'] };
  add(value, bounds, bounds.depth, tally);
  if (tally.problem !== undefined) return { problem: tally.problem };
  return { size: tally.values + Math.floor(tally.characters / 64) };
}

interface Tally {
  values: number;
  characters: number;
  problem: Measure['problem'];
}

function add(value: unknown, bounds: Bounds, depth: number, tally: Tally): void {
  tally.values += 1;
  if (typeof value === 'string') tally.characters += value.length;
  if (tally.values > bounds.values || tally.characters > bounds.characters) tally.problem = 'too large';
  if (typeof value !== 'object' || value === null || tally.problem !== undefined) return;
  if (depth === 0) {
    tally.problem = 'too deep';
    return;
  }
  if (Array.isArray(value)) {
    for (const element of value) {
      add(element, bounds, depth - 1, tally);
      if (tally.problem !== undefined) return;
    }
    return;
  }
  for (const name in value) {
    if (name === '__proto__') tally.problem = '__proto__';
    tally.characters += name.length;
    add((value as Record<string, unknown>)[name], bounds, depth - 1, tally);
    if (tally.problem !== undefined) return;
  }
}
