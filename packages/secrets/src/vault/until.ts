import { VaultFailure } from './vault-failure.ts';

/**
 * Settles as `work` does, or rejects with `timeout` when the signal is aborted first; the work goes on for
 * others.
 */
export function until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new VaultFailure('timeout', 'Vault gave no answer within the time'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const done = (): void => signal.removeEventListener('abort', stop);
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (thrown: unknown) => {
        done();
        reject(thrown);
      },
    );
  });
}
