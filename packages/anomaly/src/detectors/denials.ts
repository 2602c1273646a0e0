import type { Detector } from '../detector.ts';
import { DAY, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Calls that policy denied, or a screen took for an attack. */
export function denials({ tolerance }: Tuning): Detector {
  const levels = new OverLevels(
    [
      { windowMs: 10 * MINUTE, floor: 10, memory: 300, deviations: 5, margin: 3, cold: 3, rare: true },
      { windowMs: DAY, floor: 24, memory: 30, deviations: 4, margin: 3, cold: 4, rare: true },
    ],
    tolerance,
    { unit: 'denied calls', inWords: amount },
  );
  return {
    id: 'denials',
    name: 'Burst of denials',
    severity: 'high',
    concerns: TRAITS.denied,
    lengths: { own: levels.length, group: levels.length },
    observe: (seen, state) => levels.add(seen, state, 1),
  };
}
