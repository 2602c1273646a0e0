import { type Outcome, type Receiver, ReceiverError, type ShippedRecord } from '@sallyport/audit';

/**
 * A receiver that is made when the first batch is there, since its credentials have to be looked up: that they cannot be
 * had holds up neither the start nor a call. It is made anew when `renew` was called, and when the other side no longer
 * takes the credentials.
 */
export class LateReceiver implements Receiver {
  readonly #make: () => Promise<Receiver>;
  #making: Promise<Receiver> | undefined;
  #made: Receiver | undefined;
  #stale = false;

  constructor(make: () => Promise<Receiver>) {
    this.#make = make;
  }

  get owes(): boolean {
    return this.#made?.owes === true;
  }

  get unsure(): number {
    return this.#made?.unsure ?? 0;
  }

  /** Its credentials are others now; the next batch uses them. */
  renew(): void {
    this.#stale = true;
  }

  /** Begins to look up its credentials, so that the first batch does not have to wait. */
  prepare(): void {
    // Why it fails is told with the first batch, which tries again.
    this.#open().catch(() => undefined);
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const receiver = await this.#open();
    try {
      return await receiver.send(batch, signal);
    } catch (error) {
      if (error instanceof ReceiverError && REFUSED.has(error.code)) this.#stale = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    const receiver = await this.#making?.catch(() => undefined);
    this.#making = undefined;
    this.#made = undefined;
    await receiver?.close();
  }

  async #open(): Promise<Receiver> {
    // What the old one may have to send again, it has to send itself.
    if (this.#stale && !this.owes) {
      this.#stale = false;
      await this.close();
    }
    this.#making ??= this.#makeNow();
    return this.#making;
  }

  async #makeNow(): Promise<Receiver> {
    try {
      this.#made = await this.#make();
      return this.#made;
    } catch (cause) {
      this.#making = undefined;
      const code = (cause as Error).name === 'SecretError' ? 'no_credentials' : 'not_configured';
      throw new ReceiverError(code, (cause as Error).message, { cause });
    }
  }
}

/** The other side does not know the credentials. */
const REFUSED: ReadonlySet<string> = new Set(['http_401', 'http_403', 'unauthorized']);
