import type { Restricted } from './restriction.ts';

/** Whether both are about the same principal, tool or server. */
export function sameRestricted(one: Restricted, other: Restricted): boolean {
  if ('subject' in one) return 'subject' in other && one.subject === other.subject;
  if ('subject' in other || one.server !== other.server) return false;
  return targetIn(one) === targetIn(other);
}

function targetIn(of: Restricted): string | undefined {
  return 'target' in of ? of.target : undefined;
}
