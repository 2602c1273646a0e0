import type { Outcome } from './receiver.ts';
import type { Waiting } from './shipping-window.ts';

export interface Rejected {
  readonly one: Waiting;
  readonly reason: string;
}

interface SortedOutcomes {
  /** Accepted. */
  readonly done: Set<Waiting>;
  /** For the dead letters. */
  readonly rejected: readonly Rejected[];
  /** Of those that are sent again, the one that asks for the longest wait. */
  readonly back: Extract<Outcome, { kind: 'retry' }> | undefined;
}

/** What the outcomes of a batch mean, when a record may be sent back so often while others are accepted. */
export function sortOutcomes(
  batch: readonly Waiting[],
  outcomes: readonly Outcome[],
  tries: number,
): SortedOutcomes {
  const isTaking = outcomes.some(({ kind }) => kind === 'accepted');
  const done = new Set<Waiting>();
  const rejected: Rejected[] = [];
  let back: SortedOutcomes['back'];
  for (const [index, one] of batch.entries()) {
    const outcome = outcomes[index];
    switch (outcome?.kind) {
      case undefined:
        break;
      case 'accepted':
        done.add(one);
        break;
      case 'rejected':
        rejected.push({ one, reason: outcome.reason });
        break;
      case 'retry':
        // While nothing is accepted it is the receiver that fails, not the record.
        if (isTaking) one.tries += 1;
        if (one.tries >= tries) rejected.push({ one, reason: `retried_${outcome.code}` });
        else if ((outcome.afterMs ?? 0) >= (back?.afterMs ?? 0)) back = outcome;
        break;
    }
  }
  return { done, rejected, back };
}
