import type { Detector } from '../detector.ts';
import { MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Four runs at a time, each: what, how often, since when, last when; then the longest that ended. */
const RUNS = 4;
const WIDTH = 4;
const LONGEST = RUNS * WIDTH;
const FLOOR = 100;
/** After so long without it, a run is over. */
const GAP = 2 * MINUTE;

/** The same call with the same arguments, again and again: an agent that does not notice that it makes no progress. */
export function runAwayLoop({ tolerance }: Tuning): Detector {
  return {
    id: 'run-away-loop',
    name: 'The same call again and again',
    severity: 'high',
    concerns: TRAITS.ok | TRAITS.error | TRAITS.invalid,
    lengths: { own: exactly(LONGEST + 1), group: exactly(1) },
    observe(seen, { own, group }) {
      const { arguments: given, target, time, ripe } = seen;
      if (given === 0 || target === 0) return undefined;
      const at = runOf(own, group, (given ^ target) >>> 0, time);
      const count = own[at + 1] ?? 0;
      const longest = ripe ? (own[LONGEST] ?? 0) : Math.max(own[LONGEST] ?? 0, group[0] ?? 0);
      const limit = Math.max(FLOOR, 3 * longest) * tolerance;
      if (count <= limit) return undefined;
      const windowMs = time - (own[at + 2] ?? time);
      return {
        title: `The same call with the same arguments ${String(count)} times in a row, where more than ${String(Math.round(limit))} is odd.`,
        measure: { name: 'equal calls in a row', observed: count, baseline: limit },
        windowMs,
        aboutTarget: true,
      };
    },
  };
}

/** Counts a call in its run, and gives up the shortest one for a new run. @returns where the run stands */
function runOf(own: number[], group: number[], what: number, time: number): number {
  let least = 0;
  let fewest = Infinity;
  for (let at = 0; at < LONGEST; at += WIDTH) {
    if (own[at] === what) {
      if (time - (own[at + 3] ?? 0) > GAP) begin(own, group, at, what, time);
      own[at + 1] = (own[at + 1] ?? 0) + 1;
      own[at + 3] = time;
      return at;
    }
    const count = time - (own[at + 3] ?? 0) > GAP ? 0 : (own[at + 1] ?? 0);
    if (count >= fewest) continue;
    fewest = count;
    least = at;
  }
  begin(own, group, least, what, time);
  own[least + 1] = 1;
  return least;
}

function begin(own: number[], group: number[], at: number, what: number, time: number): void {
  const ended = own[at + 1] ?? 0;
  const longest = own[LONGEST] ?? 0;
  // A run that was odd is not learned, and one that was not moves the limit by half at most.
  const learned =
    ended > Math.max(FLOOR, 3 * longest) ? 0 : Math.min(ended, Math.max(FLOOR / 2, 1.5 * longest));
  own[LONGEST] = Math.max(longest * 0.999, learned);
  group[0] = Math.max((group[0] ?? 0) * 0.9999, learned);
  own[at] = what;
  own[at + 1] = 0;
  own[at + 2] = time;
  own[at + 3] = time;
}
