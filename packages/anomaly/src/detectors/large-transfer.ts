import { Level, LEVEL_LENGTH } from '../baseline/level.ts';
import type { Detector } from '../detector.ts';
import { TRAITS } from '../traits.ts';
import { bytes } from './in-words.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

const SPEC = { windowMs: 0, floor: 512 * 1024, deviations: 5, margin: 4 } as const;

/** One result that is larger than what this principal reads, and larger than what this tool gives. */
export function largeTransfer({ tolerance }: Tuning): Detector {
  const ofPrincipal = new Level({ ...SPEC, memory: 2000 }, tolerance);
  const ofTool = new Level({ ...SPEC, memory: 5000 }, tolerance);
  const length = exactly(LEVEL_LENGTH);
  return {
    id: 'large-transfer',
    name: 'Unusually large result',
    severity: 'high',
    concerns: TRAITS.ok,
    lengths: { own: length, group: length, tool: length },
    observe(seen, { own, group, tool }) {
      const { resultBytes, time } = seen;
      if (resultBytes === 0) return undefined;
      const limit = ofPrincipal.add(own, group, 0, time, resultBytes, seen);
      const toolRipe = seen.tenantRipe && (seen.tool?.calls ?? 0) >= 20;
      const given = ofTool.add(tool, tool, 0, time, resultBytes, { ripe: toolRipe, tenantRipe: true });
      // What a tool gives may be too new to say anything; then the principal alone decides.
      if (limit === 0 || (given === 0 && toolRipe)) return undefined;
      return {
        title: `One result of ${bytes(resultBytes)}, where ${bytes(ofPrincipal.usual(own, 0))} is usual and more than ${bytes(limit)} is odd.`,
        measure: { name: 'bytes of one result', observed: resultBytes, baseline: limit },
        windowMs: 0,
        aboutTarget: true,
      };
    },
  };
}
