import { systemCode } from '../journal/journal-error.ts';
import { ACCEPTED, type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';

export interface StderrReceiverOptions {
  /** Default: `process.stderr`. */
  readonly stream?: Pick<NodeJS.WritableStream, 'write' | 'on'>;
}

/**
 * One line for each record on standard error (never standard output: on a stdio server that is the protocol), for platforms
 * that collect it. A record counts as accepted when it was handed over: what the collector loses is lost.
 */
export class StderrReceiver implements Receiver {
  readonly #stream: Pick<NodeJS.WritableStream, 'write' | 'on'>;
  /** A batch that was given up is still on its way. */
  #isWaiting = false;

  constructor({ stream = process.stderr }: StderrReceiverOptions = {}) {
    this.#stream = stream;
    // Without a listener a reader that goes away would end the process, also when this receiver is closed.
    stream.on('error', () => undefined);
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    // While nobody reads, what is sent again would only pile up behind what was sent before.
    if (this.#isWaiting) throw new ReceiverError('not_read', 'Nobody reads standard error.');
    const text = batch.map(({ line }) => `${line}\n`).join('');
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: unknown): void => {
        const code = systemCode(cause);
        reject(new ReceiverError(code, `Standard error cannot be written (${code}).`, { cause }));
      };
      const onAbort = (): void => fail(signal.reason);
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.#isWaiting = true;
      this.#stream.write(text, (error) => {
        this.#isWaiting = false;
        signal.removeEventListener('abort', onAbort);
        if (error) fail(error);
        else resolve();
      });
    });
    return batch.map(() => ACCEPTED);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
