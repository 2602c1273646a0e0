import type { Sink } from './sink.ts';

/** Several sinks as one: a record is kept when every one of them has it. */
export function allSinks(sinks: readonly [Sink, ...Sink[]]): Sink {
  const [first, ...more] = sinks;
  if (more.length === 0) return first;
  return {
    get broken() {
      return sinks.find((sink) => sink.broken !== undefined)?.broken;
    },
    append: async (record, options) => {
      await Promise.all(sinks.map((sink) => sink.append(record, options)));
    },
    close: async () => {
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}
