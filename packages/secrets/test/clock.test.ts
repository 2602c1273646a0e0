import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/index.ts';

const DAY = 86_400_000;
const LONGEST = 2 ** 31 - 1;

describe('systemClock', () => {
  describe('with more time than a timer can hold', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('fires once, when the time has come', async () => {
      const action = vi.fn();
      systemClock.after(100 * DAY, action);
      await vi.advanceTimersByTimeAsync(100 * DAY - 1);
      expect(action).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(action).toHaveBeenCalledOnce();
      await vi.advanceTimersByTimeAsync(100 * DAY);
      expect(action).toHaveBeenCalledOnce();
      expect(vi.getTimerCount()).toBe(0);
    });

    it.each([LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST, 2 * LONGEST + 1])(
      'fires after %d ms',
      async (ms) => {
        const action = vi.fn();
        systemClock.after(ms, action);
        await vi.advanceTimersByTimeAsync(ms - 1);
        expect(action).not.toHaveBeenCalled();
        await vi.advanceTimersByTimeAsync(1);
        expect(action).toHaveBeenCalledOnce();
      },
    );

    it('can be cancelled in any of its parts', async () => {
      for (const days of [1, 30, 60]) {
        const action = vi.fn();
        const cancel = systemClock.after(100 * DAY, action);
        await vi.advanceTimersByTimeAsync(days * DAY);
        cancel();
        expect(vi.getTimerCount()).toBe(0);
        await vi.advanceTimersByTimeAsync(100 * DAY);
        expect(action).not.toHaveBeenCalled();
      }
    });
  });

  it('gives no timer more than it can hold, which would fire it at once', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    const action = vi.fn();
    const cancels = [2 ** 31, 2 ** 33, 2 ** 53].map((ms) => systemClock.after(ms, action));
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const cancel of cancels) cancel();
    process.off('warning', note);
    expect(action).not.toHaveBeenCalled();
    expect(warnings).toEqual([]);
  });

  it('fires soon what is due', async () => {
    for (const ms of [0, -5, 1]) {
      await new Promise<void>((resolve) => {
        // A timer of its own keeps the process, as that of the clock does not.
        const keep = setTimeout(() => undefined, 5_000);
        systemClock.after(ms, () => {
          clearTimeout(keep);
          resolve();
        });
      });
    }
    expect(systemClock.now()).toBeGreaterThan(0);
  });
});
