import type { JournalSettings } from './journal-settings.ts';

/** From a failure until the disk is back: what appends meet meanwhile, by the policy. */
export class Outage {
  readonly #settings: JournalSettings;
  #error: Error | undefined;
  /** Appends are refused now. */
  #refuses = false;
  #timer: NodeJS.Timeout | undefined;
  #over: { readonly promise: Promise<boolean>; readonly end: (recovered: boolean) => void } | undefined;
  #waiting = 0;
  #bytes = 0;
  /** Records may be lost, and that was told. */
  #dropping = false;

  constructor(settings: JournalSettings) {
    this.#settings = settings;
  }

  /** Why the disk does not take records; undefined while it does. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** The same, once appends are refused. */
  get refusal(): Error | undefined {
    return this.#refuses ? this.#error : undefined;
  }

  begin(error: Error): void {
    const began = this.#error === undefined;
    this.#error = error;
    if (!began) return;
    const { onFailure, onEvent } = this.#settings;
    if (onFailure === 'dangerouslyDrop') {
      this.dropping(error);
    } else if (onFailure === 'deny') {
      this.#refuse();
    } else {
      onEvent({ type: 'blocking', error, ms: onFailure.blockMs });
      this.#timer = setTimeout(() => this.#refuse(), onFailure.blockMs);
    }
  }

  /** The disk is back. */
  end(): void {
    this.#error = undefined;
    this.#refuses = false;
    this.#dropping = false;
    this.#settle(true);
  }

  /** Nobody should wait any longer. */
  giveUp(): void {
    this.#settle(false);
  }

  dropping(error: Error): void {
    if (!this.#dropping) this.#settings.onEvent({ type: 'dropping', error });
    this.#dropping = true;
  }

  /**
   * Waits for the disk to come back, as long as the policy says, counted from when it failed.
   *
   * @param bytes size of what waits
   * @throws the reason of the outage when it lasts longer, or too much waits already
   */
  async wait(bytes: number): Promise<void> {
    const error = this.#error;
    if (error === undefined) return;
    const { pendingBytes } = this.#settings;
    if (this.#refuses || this.#waiting >= MAX_WAITING || this.#bytes + bytes > pendingBytes) throw error;
    this.#waiting += 1;
    this.#bytes += bytes;
    try {
      this.#over ??= deferred();
      if (!(await this.#over.promise)) throw error;
    } finally {
      this.#waiting -= 1;
      this.#bytes -= bytes;
    }
  }

  #refuse(): void {
    this.#refuses = true;
    if (this.#error !== undefined) this.#settings.onEvent({ type: 'broken', error: this.#error });
    this.#settle(false);
  }

  #settle(recovered: boolean): void {
    clearTimeout(this.#timer);
    this.#over?.end(recovered);
    this.#over = undefined;
  }
}

/** Appends that may wait at a time; more are refused at once. */
const MAX_WAITING = 10_000;

function deferred(): { readonly promise: Promise<boolean>; readonly end: (recovered: boolean) => void } {
  let end: (recovered: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}
