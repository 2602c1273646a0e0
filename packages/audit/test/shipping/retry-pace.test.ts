import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RetryPace } from '../../src/shipping/retry-pace.ts';

function paced(random: () => number): { pace: RetryPace; clock: { time: number } } {
  const clock = { time: 1_000_000 };
  const sleep = (): Promise<void> => Promise.resolve();
  const pace = new RetryPace(
    { now: () => clock.time, random, sleep },
    { firstMs: 100, longestMs: 1000, openMs: 5000 },
  );
  return { pace, clock };
}

describe('the pace of retries', () => {
  test('is a random share of a wait that doubles up to the longest', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 3 }), (share, failures) => {
        const { pace } = paced(() => share);
        for (let count = 0; count <= failures; count += 1) pace.failed();
        expect(pace.wait()).toBeCloseTo(share * Math.min(1000, 100 * 2 ** failures), 6);
      }),
    );
  });

  test('opens the breaker after five failures in a row, lets one try through after a while, and closes it', () => {
    const { pace, clock } = paced(() => 0.5);
    expect([1, 2, 3, 4, 5].map(() => pace.failed())).toEqual([false, false, false, false, true]);
    expect(pace.state).toBe('open');
    expect(pace.wait()).toBe(3750);
    clock.time += 3750;
    expect(pace.wait()).toBe(0);
    expect(pace.state).toBe('half_open');
    expect(pace.failed()).toBe(false);
    expect(pace.state).toBe('open');
    clock.time += 5000;
    pace.wait();
    expect(pace.succeeded()).toBe(true);
    expect([pace.state, pace.wait()]).toEqual(['closed', 0]);
  });

  test('leaves a receiver alone as long as it asks, but never longer than five minutes', () => {
    const { pace } = paced(() => 0);
    pace.failed(7000);
    expect(pace.wait()).toBe(7000);
    pace.failed(86_400_000);
    expect(pace.wait()).toBe(300_000);
  });

  test('does not wait for a clock that was set back to catch up', () => {
    const { pace, clock } = paced(() => 0.9);
    pace.failed();
    clock.time -= 86_400_000;
    expect(pace.wait()).toBe(0);
  });
});
