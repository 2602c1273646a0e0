import type { AuditRecord } from './audit-record.ts';
import type { Sink } from './sink.ts';

/**
 * JSON lines on standard error (never standard output: on a stdio server that is the protocol). For people who watch
 * and for platforms that collect it; a pipe cannot be synced, so `durable` means handed to it.
 */
export class StderrSink implements Sink {
  broken: Error | undefined;
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream = process.stderr) {
    this.#stream = stream;
    // Without a listener a reader that goes away would end the process; here it ends in `broken`.
    stream.on('error', (cause) => {
      this.broken = new Error('Standard error cannot be written.', { cause });
    });
  }

  append(record: AuditRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(`${JSON.stringify(record)}\n`, (error) => {
        this.broken = error ? new Error('Standard error cannot be written.', { cause: error }) : undefined;
        if (this.broken === undefined) resolve();
        else reject(this.broken);
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
