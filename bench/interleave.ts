import { median } from './row.ts';

/** Something that can be timed: `run` does it `times` times over. */
export interface Subject {
  run(times: number): Promise<void> | void;
}

/**
 * Times two subjects in turn, A B A B, so that a noisy machine disturbs both alike.
 *
 * @returns medians in microseconds per repetition, and the median of the ratios of neighbours (a over b)
 */
export async function interleave(
  a: Subject,
  b: Subject,
  options: { readonly rounds: number; readonly times: number; readonly warmup?: number },
): Promise<{ readonly a: number; readonly b: number; readonly ratio: number }> {
  const { rounds, times, warmup = 2 } = options;
  const [as, bs, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = -warmup; round < rounds; round += 1) {
    const first = await timed(a, times);
    const second = await timed(b, times);
    if (round < 0) continue;
    as.push(first);
    bs.push(second);
    ratios.push(first / second);
  }
  return { a: median(as), b: median(bs), ratio: median(ratios) };
}

async function timed(subject: Subject, times: number): Promise<number> {
  const start = performance.now();
  await subject.run(times);
  return ((performance.now() - start) * 1000) / times;
}
