import type { Outcome, ShippedRecord } from './receiver.ts';

/** Sends both halves. What the second one throws is said of its records only: the first half is answered already. */
export async function inHalves(
  batch: readonly ShippedRecord[],
  send: (half: readonly ShippedRecord[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const middle = Math.ceil(batch.length / 2);
  const first = await send(batch.slice(0, middle));
  const rest = batch.slice(middle);
  const second = await send(rest).catch((error: unknown): readonly Outcome[] => {
    const { code, afterMs } = error as { readonly code?: string; readonly afterMs?: number };
    const outcome: Outcome = {
      kind: 'retry',
      code: code ?? 'unknown error',
      ...(afterMs !== undefined && { afterMs }),
    };
    return rest.map(() => outcome);
  });
  return [...first, ...second];
}
