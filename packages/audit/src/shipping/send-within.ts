import type { Clock } from './clock.ts';
import { type Outcome, ReceiverError } from './receiver.ts';

/** What sends a batch, one outcome for each of its items. */
export interface BatchReceiver<Item> {
  send(batch: readonly Item[], signal: AbortSignal): Promise<readonly Outcome[]>;
}

/**
 * Sends a batch to a receiver that may answer too late, or never.
 *
 * @throws ReceiverError `timeout` after so many milliseconds, `stopped` when the signal aborts before, and `bad_answer` for
 *   one that leaves out items
 */
export async function sendWithin<Item>(
  ms: number,
  {
    receiver,
    clock,
    batch,
    stopped,
  }: {
    readonly receiver: BatchReceiver<Item>;
    readonly clock: Clock;
    readonly batch: readonly Item[];
    readonly stopped: AbortSignal;
  },
): Promise<readonly Outcome[]> {
  if (stopped.aborted) throw tooLate(stopped);
  const over = new AbortController();
  const givenUp = new AbortController();
  const onStopped = (): void => over.abort();
  stopped.addEventListener('abort', onStopped, { once: true });
  // Also one that throws at once.
  const sending = Promise.resolve().then(() => receiver.send(batch, givenUp.signal));
  // An answer that comes too late is nobody's.
  sending.catch(() => undefined);
  try {
    const late = clock.sleep(ms, over.signal).then(() => undefined);
    const outcomes = await Promise.race([sending, late]);
    if (outcomes === undefined) throw tooLate(stopped);
    if (outcomes.length !== batch.length)
      throw new ReceiverError('bad_answer', 'The receiver did not answer for all that it was sent.');
    return outcomes;
  } catch (error) {
    givenUp.abort(error);
    throw error;
  } finally {
    stopped.removeEventListener('abort', onStopped);
    over.abort();
  }
}

function tooLate({ aborted }: AbortSignal): ReceiverError {
  return aborted
    ? new ReceiverError('stopped', 'The receiver did not answer before the end.')
    : new ReceiverError('timeout', 'The receiver did not answer in time.');
}
