import type { Detector } from '../detector.ts';
import { DAY, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { remember } from './known.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Own: the last origin and when, changes of late, which fade, and since when; then the newest origins with their age. */
const LAST = 0;
const LAST_AT = 1;
const CHANGES = 2;
const CHANGED_AT = 3;
const ORIGINS = 4;
const MOST_ORIGINS = 6;
const OWN_LENGTH: number = ORIGINS + 2 * MOST_ORIGINS;
const GROUP_MOST = 128;

/** Two calls this close together are by two programs that run at the same time. */
const TOGETHER = 10 * MINUTE;
const HALF_LIFE = 10 * MINUTE;
/** An origin that is older is one of the principal's own. */
const NEW = DAY;
/** There and back, twice: who only changes to another client does not come back. */
const CHANGES_ODD = 3.2;
/** An origin that others have too is more likely a second client of the same person. */
const CHANGES_ODD_KNOWN = 12;

/**
 * One principal that is two at the same time: calls change there and back between clients, agents or ways to authenticate
 * one of which is new. Records hold no addresses, so that a token used by the same client elsewhere does not show here.
 */
export function tokenReuse({ tolerance }: Tuning): Detector {
  return {
    id: 'token-reuse',
    name: 'Token used from two places',
    severity: 'high',
    concerns: TRAITS.call,
    lengths: { own: exactly(OWN_LENGTH), group: { least: 0, most: GROUP_MOST } },
    observe({ origin, time, ripe }, { own, group }) {
      const last = own[LAST] ?? 0;
      const ago = time - (own[LAST_AT] ?? 0);
      own[LAST_AT] = time;
      if (origin === last) return undefined;
      own[LAST] = origin;
      const age = ageOf(own, origin, time);
      if (last === 0) {
        remember(group, 0, GROUP_MOST, origin);
        return undefined;
      }
      const left = 2 ** (-Math.max(0, time - (own[CHANGED_AT] ?? 0)) / HALF_LIFE);
      const changes = (own[CHANGES] ?? 0) * left + (ago >= 0 && ago <= TOGETHER ? 1 : 0);
      own[CHANGES] = changes;
      own[CHANGED_AT] = time;
      if (!ripe || Math.min(age, ageOf(own, last, time)) > NEW) {
        remember(group, 0, GROUP_MOST, origin);
        return undefined;
      }
      const limit =
        (group.includes(origin) && group.includes(last) ? CHANGES_ODD_KNOWN : CHANGES_ODD) * tolerance;
      if (changes < limit) return undefined;
      return {
        title: `Calls changed ${String(Math.ceil(changes))} times between two clients, agents or ways to authenticate within ${String(TOGETHER / MINUTE)} minutes, one of them new, where ${String(Math.ceil(limit))} is odd.`,
        measure: { name: 'changes of origin', observed: changes, baseline: limit },
        windowMs: TOGETHER,
      };
    },
  };
}

/** How long an origin is known; a new one takes the place of the one that came before all others. */
function ageOf(own: number[], origin: number, time: number): number {
  let oldest: number = ORIGINS;
  for (let at: number = ORIGINS; at < OWN_LENGTH; at += 2) {
    if (own[at] === origin) return time - (own[at + 1] ?? time);
    if ((own[at + 1] ?? 0) < (own[oldest + 1] ?? 0)) oldest = at;
  }
  own[oldest] = origin;
  own[oldest + 1] = time;
  return 0;
}
