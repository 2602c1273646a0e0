import { describe, expect, it } from 'vitest';
import { RestartBudget } from '../src/restart-policy.ts';

describe('RestartBudget', () => {
  it('allows none by default', () => {
    expect(new RestartBudget({}).next(0)).toBeUndefined();
  });

  it('waits twice as long each time, up to the longest wait, and stops at the limit', () => {
    const budget = new RestartBudget({
      mode: 'on-crash',
      maxRestarts: 4,
      backoff: { initialMs: 100, maxMs: 300 },
    });
    expect([0, 1, 2, 3, 4].map((now) => budget.next(now))).toEqual([100, 200, 300, 300, undefined]);
  });

  it('forgets restarts that are older than the window', () => {
    const budget = new RestartBudget({
      mode: 'on-crash',
      maxRestarts: 1,
      windowMs: 1000,
      backoff: { initialMs: 5 },
    });
    expect([0, 999, 1000, 1001].map((now) => budget.next(now))).toEqual([5, undefined, 5, undefined]);
  });

  it('refuses a number that is none', () => {
    expect(() => new RestartBudget({ windowMs: Number.NaN })).toThrow(
      'restart.windowMs must be a number of 0 or more',
    );
  });
});
