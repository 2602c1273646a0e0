import type { Detector, DetectorState } from '../detector.ts';
import { HOUR, MINUTE } from '../durations.ts';
import type { Sighting } from '../sighting.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { exactly, OverLevels } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Two fading counts and their time stand behind the levels. */
const CALLS = 0;
const ERRORS = 1;
const SINCE = 2;
/** When the errors began that are not over yet. */
const BEGAN = 3;
const SHARE_LENGTH = 4;
const HALF_LIFE = 5 * MINUTE;
/** Fewer than this share of calls failing is no failure of anything, however many they are. */
const LEAST_SHARE = 0.3;
/** Errors have to go on for so long: until then nobody else may have met them yet. */
const LASTING = 5 * MINUTE;
/** So many calls of others, of late, say how the server does. */
const LEAST_OTHERS = 10;

/** Errors of the server, as one principal meets them; silent while the server fails for all, which is told once. */
export function errorRate({ tolerance }: Tuning): Detector {
  const levels = errorLevels(20, tolerance);
  const at = levels.length.least;
  return {
    id: 'error-rate',
    name: 'Unusually many errors',
    severity: 'medium',
    concerns: TRAITS.call,
    evidence: TRAITS.error,
    lengths: { own: exactly(at + SHARE_LENGTH), group: exactly(at + SHARE_LENGTH) },
    observe(seen, state) {
      const mine = share(state.own, at, seen);
      share(state.group, at, seen);
      if ((seen.traits & TRAITS.error) === 0) return undefined;
      const oddity = levels.add(seen, state, 1);
      const lasting = seen.time - (state.own[at + BEGAN] ?? 0) >= LASTING;
      return lasting && mine >= LEAST_SHARE && isAlone(mine, state, at) ? oddity : undefined;
    },
  };
}

/** Errors of a server, whoever calls. */
export function serverErrors({ tolerance }: Tuning): Detector {
  const levels = errorLevels(60, tolerance);
  const at = levels.length.least;
  return {
    id: 'server-errors',
    name: 'Server fails for everybody',
    severity: 'medium',
    scope: 'tenant',
    concerns: TRAITS.call,
    evidence: TRAITS.error,
    lengths: { own: exactly(at + SHARE_LENGTH), group: exactly(at + SHARE_LENGTH) },
    observe(seen, state) {
      const failing = share(state.own, at, seen);
      if ((seen.traits & TRAITS.error) === 0) return undefined;
      const oddity = levels.add(seen, state, 1);
      return failing < LEAST_SHARE ? undefined : oddity;
    },
  };
}

function errorLevels(floor: number, tolerance: number): OverLevels {
  return new OverLevels(
    [{ windowMs: HOUR, floor, memory: 250, deviations: 4.5, margin: 2.2, cold: 3, rare: true }],
    tolerance,
    { unit: 'errors', inWords: amount },
  );
}

/** The share of calls that failed of late, this one included. */
function share(state: number[], at: number, { time, traits }: Sighting): number {
  const ago = Math.max(0, time - (state[at + SINCE] ?? 0));
  const left = 2 ** (-ago / HALF_LIFE);
  const calls = (state[at + CALLS] ?? 0) * left + 1;
  const errors = (state[at + ERRORS] ?? 0) * left + ((traits & TRAITS.error) === 0 ? 0 : 1);
  state[at + CALLS] = calls;
  state[at + ERRORS] = errors;
  state[at + SINCE] = time;
  if (ago > HALF_LIFE || errors / calls < LEAST_SHARE / 2) state[at + BEGAN] = time;
  return errors / calls;
}

/** Whether others do better; where there are too few of them to say so, it is told of the server, not of this one. */
function isAlone(mine: number, { own, group }: DetectorState, at: number): boolean {
  const calls = (group[at + CALLS] ?? 0) - (own[at + CALLS] ?? 0);
  const errors = (group[at + ERRORS] ?? 0) - (own[at + ERRORS] ?? 0);
  return calls >= LEAST_OTHERS && mine >= 3 * (errors / calls);
}
