import { createDetector, createPersonDetector, type Detector } from '@sallyport/detection';
import { compileRedaction } from './compile-redaction.ts';
import type { RedactionPlan } from './redaction-plan.ts';

/** What a policy finds things with. */
export function detectorOf(plan: RedactionPlan): Detector {
  const { detector, findsNames } = compileRedaction(plan);
  return createDetector({ ...detector, ...(findsNames && { proseDetector: createPersonDetector() }) });
}
