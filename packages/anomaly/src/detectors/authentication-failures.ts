import type { Detector } from '../detector.ts';
import { DAY, HOUR, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Failed authentications at one server, whoever tries: a record of one seldom knows who it was. */
export function authenticationFailures({ tolerance }: Tuning): Detector {
  const levels = new OverLevels(
    [
      { windowMs: 5 * MINUTE, floor: 15, memory: 1000, deviations: 5, margin: 2.5, cold: 2 },
      { windowMs: HOUR, floor: 40, memory: 250, deviations: 4.5, margin: 2.2, cold: 2 },
      { windowMs: DAY, floor: 120, memory: 30, deviations: 4, margin: 2.2, cold: 2 },
    ],
    tolerance,
    { unit: 'failed authentications', inWords: amount },
  );
  return {
    id: 'authentication-failures',
    name: 'Burst of failed authentications',
    severity: 'high',
    scope: 'tenant',
    concerns: TRAITS.unauthenticated,
    lengths: { own: levels.length, group: levels.length },
    observe: (seen, state) => levels.add(seen, state, seen.count),
  };
}
