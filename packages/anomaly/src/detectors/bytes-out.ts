import type { Detector } from '../detector.ts';
import { DAY, HOUR, MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { bytes } from './in-words.ts';
import { OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

const MIB = 1024 * 1024;

/** Bytes of results that a principal was given in ten minutes, an hour and a day. */
export function bytesOut({ tolerance }: Tuning): Detector {
  const levels = new OverLevels(
    [
      { windowMs: 10 * MINUTE, floor: 1.5 * MIB, memory: 600, deviations: 5, margin: 3.5 },
      { windowMs: HOUR, floor: 2 * MIB, memory: 250, deviations: 4.5, margin: 4 },
      { windowMs: DAY, floor: 3 * MIB, memory: 30, deviations: 3.5, margin: 2.5 },
    ],
    tolerance,
    { unit: 'of results', inWords: bytes },
  );
  return {
    id: 'bytes-out',
    name: 'Unusually much data read',
    severity: 'high',
    concerns: TRAITS.ok,
    lengths: { own: levels.length, group: levels.length },
    observe: (seen, state) => (seen.resultBytes > 0 ? levels.add(seen, state, seen.resultBytes) : undefined),
  };
}
