import type { Restriction } from './restriction.ts';

/** What became of a restriction between two looks. `lifted`: by an admin, before its time. `ended`: by time. */
export interface RestrictionChange {
  readonly change: 'began' | 'prolonged' | 'shortened' | 'lifted' | 'ended';
  /** As it is now; as it was, where it is gone. */
  readonly restriction: Restriction;
}

/**
 * What changed from one list to the next, for whoever records it: what was there first, in its order, and then what began.
 * Give `previous` as `stillStanding` left it, and each end is told once.
 *
 * @param now milliseconds since the epoch: when `current` was looked at
 */
export function restrictionsDiff(
  previous: readonly Restriction[],
  current: readonly Restriction[],
  now: number,
): readonly RestrictionChange[] {
  const changes: RestrictionChange[] = [];
  const known = new Map(previous.map((one) => [one.id, one]));
  const present = new Map(current.map((one) => [one.id, one]));
  for (const before of previous) {
    const after = present.get(before.id);
    const change = after === undefined ? changeOfGone(before, now) : changeOf(before, after, now);
    if (change !== undefined) changes.push({ change, restriction: after ?? before });
  }
  for (const restriction of stillStanding(current, now))
    if (!known.has(restriction.id)) changes.push({ change: 'began', restriction });
  return changes;
}

/** Without what is over, which stays in the file until the next write. */
export function stillStanding(restrictions: readonly Restriction[], now: number): readonly Restriction[] {
  return restrictions.filter(({ until }) => Date.parse(until) > now);
}

function changeOfGone({ until }: Restriction, now: number): RestrictionChange['change'] {
  return Date.parse(until) > now ? 'lifted' : 'ended';
}

function changeOf(
  before: Restriction,
  after: Restriction,
  now: number,
): RestrictionChange['change'] | undefined {
  if (Date.parse(after.until) <= now) return 'ended';
  if (after.until === before.until) return undefined;
  return after.until > before.until ? 'prolonged' : 'shortened';
}
