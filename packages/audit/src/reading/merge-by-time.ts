/** Something in the order of time that is opened only when its turn comes. */
export interface TimedSource<T> {
  /** When it begins, about; milliseconds since the epoch. */
  readonly begun: number;
  open(): AsyncGenerator<T, void, undefined>;
}

interface Turn<T> {
  readonly time: number;
  readonly source: TimedSource<T>;
  /** Undefined for a source that is not open yet. */
  readonly next: { readonly item: T; readonly from: AsyncGenerator<T, void, undefined> } | undefined;
}

/**
 * All items by their times. What one source gives stays in its own order, also where its clock went back. At any time only
 * the sources are open whose times overlap.
 */
export async function* mergeByTime<T extends { readonly time: number }>(
  sources: readonly TimedSource<T>[],
): AsyncGenerator<T, void, undefined> {
  // The next one stands at the end.
  const turns: Turn<T>[] = sources
    .map((source): Turn<T> => ({ time: source.begun, source, next: undefined }))
    .toReversed()
    .toSorted((one, other) => other.time - one.time);
  try {
    for (let turn = turns.at(-1); turn !== undefined; turn = turns.at(-1)) {
      const { source, next } = turn;
      if (next !== undefined) yield next.item;
      const from = next?.from ?? source.open();
      const got = await from.next();
      turns.pop();
      if (got.done === true) continue;
      const { time } = got.value;
      turns.splice(placeOf(turns, time), 0, { time, source, next: { item: got.value, from } });
    }
  } finally {
    for (const { next } of turns) await next?.from.return();
  }
}

/** Behind all that come later, and before those of the same time, which have waited longer. */
function placeOf(turns: readonly { readonly time: number }[], time: number): number {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle]?.time ?? 0) > time) low = middle + 1;
    else high = middle;
  }
  return low;
}
