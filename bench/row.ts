/** One measurement, as it stands in `bench/results.json`. */
export interface Row {
  /** The bar it belongs to: `P3`. */
  readonly id: string;
  readonly metric: string;
  /** Ours; a median where it was repeated. */
  readonly value: number;
  readonly unit: string;
  /** What was measured in the same run to compare with: a peer, or the bare floor. */
  readonly peer: string;
  readonly peerValue: number;
  /** As the bar states it: ours over the peer's, or the peer's over ours. */
  readonly ratio: number;
  readonly bar: string;
  readonly holds: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
