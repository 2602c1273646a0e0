import type { Detector } from '../detector.ts';
import { DAY, HOUR, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Calls of a principal in a minute, an hour and a day. */
export function callRate({ tolerance }: Tuning): Detector {
  const levels = new OverLevels(
    [
      { windowMs: MINUTE, floor: 40, memory: 2000, deviations: 5, margin: 2.5 },
      { windowMs: HOUR, floor: 200, memory: 250, deviations: 4.5, margin: 2.5 },
      { windowMs: DAY, floor: 200, memory: 30, deviations: 3.5, margin: 2.2 },
    ],
    tolerance,
    { unit: 'calls', inWords: amount },
  );
  return {
    id: 'call-rate',
    name: 'Unusually many calls',
    severity: 'medium',
    concerns: TRAITS.call,
    lengths: { own: levels.length, group: levels.length },
    observe: (seen, state) => levels.add(seen, state, 1),
  };
}
