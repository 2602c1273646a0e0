import { Level, LEVEL_LENGTH } from '../baseline/level.ts';
import type { Detector } from '../detector.ts';
import { TRAITS } from '../traits.ts';
import { bytes } from './in-words.ts';
import { remember } from './known.ts';
import { BUDGET_LENGTH, isRare } from './novelty-budget.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

const ENTITIES = 24;
/** A tool is known after so many calls. */
const KNOWN_AFTER = 50;

/**
 * Arguments much larger than this tool was ever given, or with something personal or secret in them that was never found
 * in them before: records hold sizes, digests and what was rewritten, not the arguments.
 */
export function argumentShape({ tolerance }: Tuning): Detector {
  const level = new Level(
    { windowMs: 0, floor: 8 * 1024, memory: 5000, deviations: 6, margin: 8 },
    tolerance,
  );
  return {
    id: 'argument-shape',
    name: 'Arguments of a new shape',
    severity: 'medium',
    concerns: TRAITS.ok | TRAITS.error,
    lengths: {
      own: exactly(0),
      group: exactly(BUDGET_LENGTH),
      tool: { least: LEVEL_LENGTH, most: LEVEL_LENGTH + ENTITIES },
    },
    observe(seen, { group, tool }) {
      if (seen.tool === undefined) return undefined;
      const known = seen.tenantRipe && seen.tool.calls >= KNOWN_AFTER;
      let fresh = false;
      for (const entity of seen.entities)
        if (!remember(tool, LEVEL_LENGTH, ENTITIES, entity)) fresh = known || fresh;
      const { argumentBytes, time, principals } = seen;
      const limit =
        argumentBytes === 0
          ? 0
          : level.add(tool, tool, 0, time, argumentBytes, { ripe: known, tenantRipe: true });
      if (limit > 0 && known)
        return {
          title: `Arguments of ${bytes(argumentBytes)}, where this tool is usually given ${bytes(level.usual(tool, 0))} and more than ${bytes(limit)} is odd.`,
          measure: { name: 'bytes of arguments', observed: argumentBytes, baseline: limit },
          windowMs: 0,
          aboutTarget: true,
        };
      if (!fresh || !isRare(group, 0, time, principals)) return undefined;
      return {
        title: `Arguments held a kind of personal or secret value that was found in none of ${String(seen.tool.calls)} calls of this tool before.`,
        measure: { name: 'calls with this kind of value', observed: 1, baseline: 0 },
        windowMs: 0,
        aboutTarget: true,
      };
    },
  };
}
