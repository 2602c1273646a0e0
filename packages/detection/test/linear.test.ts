import { expect, it } from 'vitest';
import { compileRules } from '../src/engine/compile.ts';
import { Scanner } from '../src/engine/scanner.ts';
import { RULES } from '../src/index.ts';
import { attacks } from './adversarial.ts';

const SIZE = 100_000;
/** Units that matchers may read for one of the text: what keeps a megabyte below 100 ms with room to spare. */
const MOST_PER_UNIT = 200;

const scanner = new Scanner(compileRules(RULES, { threshold: () => 0.5, window: undefined, passes: [] }));

function workOf(unit: string, size: number): number {
  scanner.scan(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
  return scanner.work;
}

it.each(attacks())('does work in proportion to the text for %s', (_, unit) => {
  const once = workOf(unit, SIZE);
  const twice = workOf(unit, SIZE * 2);
  // The room is for a URL that covers the first piece: what is behind it is looked at, and it is not.
  expect(twice).toBeLessThanOrEqual(once * 2.5 + SIZE * 2);
  expect(once).toBeLessThanOrEqual(SIZE * MOST_PER_UNIT);
});

it('declares a bound for every form', () => {
  for (const rule of RULES) {
    for (const form of rule.forms) expect('reach' in form ? form.reach : 1, rule.id).toBeGreaterThan(0);
  }
});
