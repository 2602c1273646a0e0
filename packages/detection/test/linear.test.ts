import { expect, it } from 'vitest';
import { compileRules } from '../src/engine/compile.ts';
import { createScanner } from '../src/engine/scanner.ts';
import { RULES } from '../src/index.ts';
import { SECRET_RULES } from '../src/rules/secrets/index.ts';
import { type Attack, attacksOn, commonAttacks } from './adversarial.ts';

/** Twice as much is more than one piece of the scan; what is made against one rule is tried within a piece. */
const LONG = 40_000;
const SIZE = 6_000;
/** Units that matchers may read for one of the text: what keeps a megabyte below 100 ms with room to spare. */
const MOST_PER_UNIT = 200;
/** Below that, twice the text may cost more than twice: a URL covers a piece, and what is behind it is looked at. */
const CHEAP_PER_UNIT = 8;

const rules = [...RULES, ...SECRET_RULES];
const scanner = createScanner(compileRules(rules, { threshold: () => 0.5, window: undefined, passes: [] }));

function workOf(unit: string, size: number): number {
  scanner.scan(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
  return scanner.workOfLast();
}

/** Attacks that cost more than they may; empty where all is well. */
function costly(attacks: readonly Attack[], size: number): readonly string[] {
  return attacks.flatMap(({ name, unit }) => {
    const once = workOf(unit, size);
    const twice = workOf(unit, size * 2);
    const linear = twice <= Math.max(once * 2.5, size * 2 * CHEAP_PER_UNIT);
    return linear && once <= size * MOST_PER_UNIT ? [] : [`${name}: ${once} units, then ${twice}`];
  });
}

it('does work in proportion to the text, whatever is repeated', () => {
  expect(costly(commonAttacks(), LONG)).toEqual([]);
});

it.each(rules)('does work in proportion to texts made against $id', (rule) => {
  const attacks = attacksOn(rule);
  expect(attacks.length).toBeGreaterThan(10);
  expect(costly(attacks, SIZE)).toEqual([]);
});

it('declares a bound for every form', () => {
  for (const rule of rules) {
    for (const form of rule.forms) expect('reach' in form ? form.reach : 1, rule.id).toBeGreaterThan(0);
  }
});
