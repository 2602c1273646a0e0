import { ACCEPTED, type Outcome, type Receiver, type ShippedRecord } from './receiver.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { checkTarget, StreamLink, type StreamTarget } from './stream-link.ts';
import { syslogMessages, type SyslogOptions } from './syslog-message.ts';

export interface SyslogReceiverOptions extends StreamTarget, SyslogOptions {
  /**
   * The last so many bytes that were sent are kept in memory, and sent again after the connection broke. It has to be more
   * than both systems hold in their socket buffers. Default: 16 MiB, over what Linux allows by default for both (4 and 6).
   */
  readonly windowBytes?: number;
  /**
   * What is sent first on a connection counts as accepted when the connection lives so long after it, in milliseconds:
   * with TLS 1.3 a receiver refuses our certificate only after we could write (RFC 8446, appendix A.1). Default: 500.
   */
  readonly settleMs?: number;
  readonly clock?: Clock;
}

/**
 * Syslog over TLS: RFC 5424 messages with octet counting (RFC 5425), so that a line feed in a field ends no message.
 *
 * The protocol acknowledges nothing: a record counts as accepted when the system took it. After a broken connection the
 * window is sent again, and the cursor stays in front of the window, so that the next process sends it where this one died.
 * That loses nothing that fits in the window and sends much twice. What can be lost: what the receiver read and lost with
 * more than a window behind it, and what it lost before the connection was ended in good order. Use RELP where that is too
 * much.
 */
export class SyslogReceiver implements Receiver {
  readonly #options: SyslogReceiverOptions;
  readonly #messageOf: (shipped: ShippedRecord) => Buffer | undefined;
  readonly #windowBytes: number;
  readonly #settleMs: number;
  readonly #clock: Clock;
  /** What was sent and may not have arrived, oldest first. */
  readonly #window: { readonly bytes: Buffer; readonly records: number }[] = [];
  #held = 0;
  #unsure = 0;
  #link: StreamLink | undefined;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: SyslogReceiverOptions) {
    checkTarget(options);
    this.#options = options;
    this.#messageOf = syslogMessages(options);
    this.#windowBytes = options.windowBytes ?? 16 * 1024 * 1024;
    this.#settleMs = options.settleMs ?? 500;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    for (const [name, value] of Object.entries({
      windowBytes: this.#windowBytes,
      settleMs: this.#settleMs,
    })) {
      if (!(value > 0)) throw new TypeError(`${name} of a syslog receiver has to be a number over 0.`);
    }
  }

  get owes(): boolean {
    return this.#window.length > 0 && (this.#link === undefined || this.#link.failure !== undefined);
  }

  get unsure(): number {
    return this.#unsure;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const known = this.#link?.failure === undefined ? this.#link : undefined;
    const link = known ?? (await this.#reconnect(signal));
    const frames: Buffer[] = [];
    const outcomes = batch.map((shipped): Outcome => {
      const message = this.#messageOf(shipped);
      if (message === undefined) return { kind: 'rejected', reason: 'too_large' };
      frames.push(Buffer.from(`${message.length} `), message);
      return ACCEPTED;
    });
    const bytes = Buffer.concat(frames);
    if (bytes.length > 0) await link.write(bytes, signal);
    if (known === undefined) await this.#settled(link, signal);
    this.#link = link;
    this.#keep(bytes, frames.length / 2);
    return outcomes;
  }

  takeOver(former: Receiver): void {
    if (!(former instanceof SyslogReceiver)) return;
    for (const { bytes, records } of former.#window.splice(0)) this.#keep(bytes, records);
    former.#forget();
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    // A receiver that ends its side after we ended ours has read everything.
    if ((await link?.end()) === true) this.#forget();
  }

  /** A new connection, with the window sent on it. */
  async #reconnect(signal: AbortSignal): Promise<StreamLink> {
    this.#link = undefined;
    // A syslog receiver has nothing to say; what it says is not read.
    const link = await StreamLink.connect(this.#options, () => undefined, signal);
    for (const { bytes } of this.#window.slice()) await link.write(bytes, signal);
    return link;
  }

  async #settled(link: StreamLink, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const onAbort = (): void => link.destroy(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    await Promise.race([this.#clock.sleep(this.#settleMs, over.signal), link.ended]);
    over.abort();
    signal.removeEventListener('abort', onAbort);
    if (link.failure !== undefined) throw link.failure;
  }

  #forget(): void {
    this.#window.length = 0;
    this.#held = 0;
    this.#unsure = 0;
  }

  #keep(bytes: Buffer, records: number): void {
    if (records === 0) return;
    this.#window.push({ bytes, records });
    this.#held += bytes.length;
    this.#unsure += records;
    while (this.#held > this.#windowBytes && this.#window.length > 1) {
      const oldest = this.#window.shift();
      this.#held -= oldest?.bytes.length ?? 0;
      this.#unsure -= oldest?.records ?? 0;
    }
  }
}
