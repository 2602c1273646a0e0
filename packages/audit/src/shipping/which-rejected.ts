import { ACCEPTED, type Outcome, ReceiverError, type ShippedRecord } from './receiver.ts';

type Send = (part: readonly ShippedRecord[]) => Promise<readonly Outcome[]>;

const REJECTED: Outcome = { kind: 'rejected', reason: 'partial_success' };

/**
 * Which records of a batch were rejected, where only their number was told and the others were accepted. The first half is
 * sent again, and its number says that of the second one: of n records with one bad one, n are sent again at most.
 *
 * @param send sends a part; what comes back has an outcome for each of it
 * @throws ReceiverError when there is no answer for the first part, or one that cannot be
 */
export async function whichRejected(
  batch: readonly ShippedRecord[],
  rejected: number,
  send: Send,
): Promise<readonly Outcome[]> {
  if (rejected < 0 || rejected > batch.length)
    throw new ReceiverError('bad_answer', 'The receiver rejected more records than it was sent.');
  if (rejected === 0) return batch.map(() => ACCEPTED);
  if (rejected === batch.length) return batch.map(() => REJECTED);
  const middle = Math.floor(batch.length / 2);
  const first = await send(batch.slice(0, middle));
  const rest = batch.slice(middle);
  if (first.some(({ kind }) => kind === 'retry')) return [...first, ...rest.map(() => UNKNOWN)];
  const left = rejected - first.filter(({ kind }) => kind === 'rejected').length;
  // It does not always reject the same ones: the rest is sent to see.
  const known = left >= 0 && left <= rest.length;
  const second = known ? whichRejected(rest, left, send) : send(rest);
  // The first half is answered already.
  return [...first, ...(await second.catch(() => rest.map(() => UNKNOWN)))];
}

const UNKNOWN: Outcome = { kind: 'retry', code: 'partial_success' };
