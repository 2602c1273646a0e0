import type { RedactionPlan } from './redaction-plan.ts';
import type { RedactionChoice } from './redaction-section.ts';

/** The plan of a policy that would say nothing but this, for both directions. */
export function planFor(choice: RedactionChoice): RedactionPlan {
  return {
    choices: [
      { direction: 'results', choice, at: 'here' },
      { direction: 'arguments', choice, at: 'here' },
    ],
    restore: [],
    tokens: { file: undefined, redis: undefined, key: undefined, ttlHours: 24, tenant: undefined },
    key: undefined,
    about: [],
    names: true,
    detection: {},
  };
}
