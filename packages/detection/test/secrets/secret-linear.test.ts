import { expect, it } from 'vitest';
import { compileRules } from '../../src/engine/compile.ts';
import { createScanner } from '../../src/engine/scanner.ts';
import { SECRET_RULES } from '../../src/index.ts';
import { secretAttacks } from './secret-attacks.ts';

const SIZE = 8_000;
/** Units that matchers may read for one of the text, as for the rules of personal data. */
const MOST_PER_UNIT = 200;

const scanner = createScanner(
  compileRules(SECRET_RULES, { threshold: () => 0.5, window: undefined, passes: [] }),
);

function workOf(unit: string, size: number): number {
  scanner.scan(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
  return scanner.workOfLast();
}

it('does work in proportion to the text for each attack', () => {
  const steep: unknown[] = [];
  for (const [name, unit] of secretAttacks()) {
    const once = workOf(unit, SIZE);
    const twice = workOf(unit, SIZE * 2);
    if (twice > once * 2.5 + 2_000 || once > SIZE * MOST_PER_UNIT)
      steep.push([name, once / SIZE, twice / once]);
  }
  expect(steep).toEqual([]);
});

it('declares a bound for every form', () => {
  for (const rule of SECRET_RULES) {
    for (const form of rule.forms) expect('reach' in form ? form.reach : 0, rule.id).toBeGreaterThan(0);
  }
});
