import type { Clock } from './clock.ts';
import { type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';

/**
 * Sends a batch to a receiver that may answer too late, or never.
 *
 * @throws ReceiverError `timeout` after so many milliseconds, and `bad_answer` for one that leaves out records
 */
export async function sendWithin(
  ms: number,
  {
    receiver,
    clock,
    batch,
  }: { readonly receiver: Receiver; readonly clock: Clock; readonly batch: readonly ShippedRecord[] },
): Promise<readonly Outcome[]> {
  const answered = new AbortController();
  const givenUp = new AbortController();
  const sending = receiver.send(batch, givenUp.signal);
  // An answer that comes too late is nobody's.
  sending.catch(() => undefined);
  try {
    const late = clock.sleep(ms, answered.signal).then(() => undefined);
    const outcomes = await Promise.race([sending, late]);
    if (outcomes === undefined) throw new ReceiverError('timeout', 'The receiver did not answer in time.');
    if (outcomes.length !== batch.length)
      throw new ReceiverError('bad_answer', 'The receiver did not answer for every record.');
    return outcomes;
  } catch (error) {
    givenUp.abort(error);
    throw error;
  } finally {
    answered.abort();
  }
}
