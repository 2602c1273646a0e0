import type { Row } from './row.ts';

/** One test of one column. */
interface Atom {
  readonly slot: number;
  readonly test: number;
}

/** When one of the atoms has to pass for the rule to match: what the index looks for. */
interface Guard {
  readonly atoms: readonly Atom[];
  /** How many records of ten thousand pass, as a guess. */
  readonly weight: number;
}

/** A part of a rule, compiled. */
export interface Predicate {
  readonly holds: (row: Row) => boolean;
  /** Absent where a record can match without passing any test of a text. */
  readonly guard?: Guard;
}

export function allOf(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const guard = parts.flatMap((part) => part.guard ?? []).toSorted((a, b) => a.weight - b.weight)[0];
  const tests = parts.map((part) => part.holds);
  const [first, second] = tests;
  const holds =
    tests.length === 2 && first !== undefined && second !== undefined
      ? (row: Row): boolean => first(row) && second(row)
      : (row: Row): boolean => tests.every((test) => test(row));
  return { holds, ...(guard !== undefined && { guard }) };
}

export function anyOf(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const guards = parts.flatMap((part) => part.guard ?? []);
  const tests = parts.map((part) => part.holds);
  return {
    holds: (row) => tests.some((test) => test(row)),
    ...(guards.length === parts.length && {
      guard: {
        atoms: guards.flatMap((guard) => guard.atoms),
        weight: guards.reduce((sum, guard) => sum + guard.weight, 0),
      },
    }),
  };
}

export function not({ holds }: Predicate): Predicate {
  return { holds: (row) => !holds(row) };
}
