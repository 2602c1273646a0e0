import type { ReadCheckpoint } from './stored-checkpoint.ts';

/** Looks one checkpoint ahead. */
export class CheckpointQueue {
  readonly name: string;
  /** Bytes of a last line without its end. */
  torn = 0;
  readonly #source: AsyncGenerator<ReadCheckpoint, void, undefined>;
  #next: ReadCheckpoint | undefined;
  #ended = false;

  constructor(source: AsyncGenerator<ReadCheckpoint, void, undefined>, name: string) {
    this.#source = source;
    this.name = name;
  }

  /** Waits only when one was taken: a record does not cost a turn of the loop. */
  peek(): ReadCheckpoint | undefined | Promise<ReadCheckpoint | undefined> {
    return this.#next !== undefined || this.#ended ? this.#next : this.#read();
  }

  take(): void {
    this.#next = undefined;
  }

  /** The largest size that is said to be covered by what is left. */
  async largest(): Promise<number> {
    let size = 0;
    for (let next = await this.peek(); next !== undefined; next = await this.peek()) {
      if (next.status === 'ok') size = Math.max(size, next.checkpoint.size);
      this.take();
    }
    return size;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#source.return();
  }

  async #read(): Promise<ReadCheckpoint | undefined> {
    const next = await this.#source.next();
    this.#next = next.done === true ? undefined : next.value;
    this.#ended = next.done === true;
    if (this.#next?.status === 'torn') this.torn = this.#next.bytes;
    return this.#next;
  }
}
