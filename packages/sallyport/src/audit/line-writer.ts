import type { Output } from '../redact/output.ts';

const BATCH = 64 * 1024;

/** Writes lines in batches: one system call for each would be most of the work. */
export class LineWriter {
  readonly #output: Output;
  #held = '';

  constructor(output: Output) {
    this.#output = output;
  }

  /** @returns nothing to wait for while there is room. @throws the error of the system, such as EPIPE */
  write(line: string): Promise<void> | undefined {
    this.#held += `${line}\n`;
    return this.#held.length >= BATCH ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.#held;
    this.#held = '';
    if (text !== '') await this.#output.write(text);
  }
}
