import type { Detector } from '../detector.ts';
import { DAY, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Arguments that break a schema, methods that do not exist, messages that are none: of a program that tries things out. */
export function validationFailures({ tolerance }: Tuning): Detector {
  const levels = new OverLevels(
    [
      { windowMs: 10 * MINUTE, floor: 15, memory: 300, deviations: 5, margin: 2.5, cold: 4, rare: true },
      { windowMs: DAY, floor: 60, memory: 30, deviations: 4, margin: 2.5, cold: 5, rare: true },
    ],
    tolerance,
    { unit: 'invalid requests', inWords: amount },
  );
  return {
    id: 'validation-failures',
    name: 'Burst of invalid requests',
    severity: 'medium',
    concerns: TRAITS.invalid,
    lengths: { own: levels.length, group: levels.length },
    observe: (seen, state) => levels.add(seen, state, seen.count),
  };
}
