import { expect, test } from 'vitest';
import { runSeed } from './office/run-seed.ts';
import { SCENARIOS } from './office/scenarios.ts';

/** One office, whose seed is in no other set; the whole evaluation has a hundred. */
const result = runSeed(5000);

test('all attacks but one at most are found in an office', () => {
  expect(result.attacks.filter(({ found }) => found).length).toBeGreaterThanOrEqual(SCENARIOS.length - 1);
});

test('an office that nobody attacks hears next to nothing in five weeks', () => {
  expect(result.principalDays).toBe(700);
  expect(result.falseAlerts.length).toBeLessThanOrEqual(2);
});
