import type { Subject } from './interleave.ts';

/** How many ask at a time, where a bar speaks of load. */
export const CALLERS = 64;

/** So many callers, each of which begins the next one when its last one is done. The number of the call is given. */
export function callers(one: (index: number) => Promise<unknown>): Subject {
  return {
    async run(times) {
      let next = 0;
      const caller = async (): Promise<void> => {
        for (let index = next; index < times; index = next) {
          next += 1;
          await one(index);
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
    },
  };
}
