import { setImmediate } from 'node:timers/promises';
import { type Clock, SYSTEM_CLOCK } from '@sallyport/audit';

/** Time and turns, so that tests decide on both. */
export interface LookoutClock extends Clock {
  /** Milliseconds since any moment, of a clock that is never set. */
  elapsed(): number;
  /** Resolves when all others who wait for the event loop had it. */
  turn(): Promise<void>;
}

export const LOOKOUT_CLOCK: LookoutClock = {
  ...SYSTEM_CLOCK,
  elapsed: () => performance.now(),
  turn: async () => {
    await setImmediate();
  },
};
