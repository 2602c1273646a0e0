import type { Budget } from './budget.ts';

/** A step is about 5 ns; a value takes 300 ns. */
const STEPS_PER_VALUE = 64;

/**
 * A text that two JSON values share exactly when they are equal (members in any order). Its length is paid
 * for.
 */
export function canonicalText(value: unknown, budget: Budget): string {
  budget.spend(STEPS_PER_VALUE + (typeof value === 'string' ? value.length >> 3 : 0));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map((element) => canonicalText(element, budget)).join(',')}]`;
  const members = Object.keys(value)
    .toSorted()
    .map((name) => {
      const member: unknown = (value as Record<string, unknown>)[name];
      return `${JSON.stringify(name)}:${canonicalText(member, budget)}`;
    });
  return `{${members.join(',')}}`;
}
