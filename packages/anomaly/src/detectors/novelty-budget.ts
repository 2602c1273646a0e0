import { DAY } from '../durations.ts';

const HALF_LIFE = 30 * DAY;
/** In 1,000 days of a principal, so many new things may be told. */
const PER_PRINCIPAL_DAY = 0.0005;

/** How many numbers it keeps. */
export const BUDGET_LENGTH = 2;

/**
 * Whether something new is worth telling where so many new things were seen: what happens often is not odd, though each
 * time it is new. Counts, fading, in two numbers of `state` from `at` on.
 *
 * @param least so many are told of however few principals there are
 */
export function isRare(state: number[], at: number, time: number, principals: number, least = 0.5): boolean {
  const since = state[at + 1] ?? 0;
  const count = (state[at] ?? 0) * 2 ** (-Math.max(0, time - since) / HALF_LIFE);
  state[at] = count + 1;
  state[at + 1] = time;
  return count <= Math.max(least, (PER_PRINCIPAL_DAY * principals * HALF_LIFE) / DAY);
}
