import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rulesOfFolder } from '../eval/ready-made-rules.ts';
import { runSeed } from './office/run-seed.ts';
import { SCENARIOS } from './office/scenarios.ts';

const rules = rulesOfFolder(fileURLToPath(new URL('../../../policies/rules', import.meta.url)));
/** One office, whose seed is in no other set; the whole evaluation has a hundred. */
const result = runSeed(5000, { rules: () => rules.compile() });

test('all attacks but one at most are found in an office, and told by default', () => {
  expect(result.attacks.filter(({ found }) => found).length).toBeGreaterThanOrEqual(SCENARIOS.length - 1);
  expect(result.attacks.filter(({ told }) => told).length).toBeGreaterThanOrEqual(SCENARIOS.length - 1);
});

test('an office that nobody attacks hears next to nothing in five weeks', () => {
  expect(result.principalDays).toBe(700);
  expect(result.falseAlerts.length).toBeLessThanOrEqual(2);
  expect(result.told.medium).toBeLessThanOrEqual(2);
});

test('of the ready-made rules only those of low severity alert in an office that nobody attacks', () => {
  expect(result.ruleAlerts).not.toEqual([]);
  expect(result.ruleAlerts.filter(({ severity }) => severity !== 'low')).toEqual([]);
});
