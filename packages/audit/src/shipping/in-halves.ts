import { type Outcome, ReceiverError } from './receiver.ts';

/**
 * Sends both halves of a batch, to find the one that is refused. What the second one throws is said of its own only: the
 * first half is answered already.
 */
export async function inHalves<Item>(
  batch: readonly Item[],
  send: (half: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const middle = Math.ceil(batch.length / 2);
  const first = await send(batch.slice(0, middle));
  const rest = batch.slice(middle);
  const second = await send(rest).catch((error: unknown) => rest.map(() => retryAfter(error)));
  return [...first, ...second];
}

/** What an error of a receiver says of one item that it may not have taken. */
export function retryAfter(error: unknown): Outcome {
  if (!(error instanceof ReceiverError)) return { kind: 'retry', code: 'unknown error' };
  const { code, afterMs } = error;
  return { kind: 'retry', code, ...(afterMs !== undefined && { afterMs }) };
}
