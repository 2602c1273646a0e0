import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Level, LEVEL_LENGTH } from '../src/baseline/level.ts';
import { DAY, HOUR } from '../src/durations.ts';

const SPEC = { windowMs: HOUR, floor: 10, memory: 100, deviations: 4, margin: 2 };
const RIPE = { ripe: true, tenantRipe: true };
const SUM = 1;
const zeros = (): number[] => Array.from({ length: LEVEL_LENGTH }, () => 0);

const NEW = { ripe: false, tenantRipe: false };

/** The limit that a value exceeds after buckets of these values were learned; 0: none. */
function limitAfter(values: readonly number[], then: number, ripeness = RIPE): number {
  const level = new Level(SPEC, 1);
  const [own, group] = [zeros(), zeros()];
  for (const [n, value] of values.entries()) level.add(own, group, 0, (n + 1) * HOUR, value, NEW);
  return level.add(own, group, 0, (values.length + 1) * HOUR, then, ripeness);
}

describe('a level', () => {
  test('is not exceeded by what is usual, nor by anything below its floor', () => {
    expect(
      limitAfter(
        Array.from({ length: 50 }, (_, n) => 20 + (n % 7)),
        40,
      ),
    ).toBe(0);
    expect(limitAfter([1, 1, 1, 1, 1, 1, 1], 10)).toBe(0);
  });

  test('is exceeded by what is far above the mean and above all that was', () => {
    expect(
      limitAfter(
        Array.from({ length: 50 }, (_, n) => 20 + (n % 7)),
        500,
      ),
    ).toBeGreaterThan(40);
  });

  test('says nothing before anything is known', () => {
    expect(limitAfter([1, 1], 1e9, NEW)).toBe(0);
  });

  test('rises by a hundredth a day at most, whatever is done to it', () => {
    const level = new Level({ ...SPEC, windowMs: DAY }, 1);
    const [own, group] = [zeros(), zeros()];
    let first = 0;
    for (let day = 1; day <= 100; day++) {
      const limit = level.add(own, group, 0, day * DAY, day <= 30 ? 20 : 1e12, day <= 30 ? NEW : RIPE);
      if (day <= 30) continue;
      first ||= limit;
      expect(limit).toBeLessThanOrEqual((first + 1) * Math.exp(0.01 * (day - 31)));
      // As if the day had held just as much as is not told.
      own[SUM] = Math.floor(limit);
    }
    expect(first).toBeGreaterThan(0);
  });

  test('holds finite numbers, whatever it is given', () => {
    const amounts = fc.oneof(fc.nat(), fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }));
    const steps = fc.array(fc.tuple(fc.nat(1e10), amounts, fc.boolean(), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.constantFrom(0, HOUR), (given, windowMs) => {
        const level = new Level({ ...SPEC, windowMs }, 1);
        const [own, group] = [zeros(), zeros()];
        for (const [time, amount, ripe, tenantRipe] of given)
          level.add(own, group, 0, time, amount, { ripe, tenantRipe });
        expect([...own, ...group].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
