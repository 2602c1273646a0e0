import type { Result } from './call.ts';
import { Refusal } from './refusal.ts';

/**
 * Settles as `answer` does, or rejects with the signal's reason when that comes first. For layers that must see the end
 * of a call even when an inner layer hangs.
 */
export function untilAborted(answer: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(Refusal.from(signal.reason));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    answer.then(
      (result) => {
        signal.removeEventListener('abort', abort);
        resolve(result);
      },
      (refusal: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(Refusal.from(refusal));
      },
    );
  });
}
