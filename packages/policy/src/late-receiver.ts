import { type Outcome, type Receiver, ReceiverError, type ShippedRecord } from '@sallyport/audit';

/** A receiver, of records or of something else. */
export interface ReceiverOf<Item> {
  send(batch: readonly Item[], signal: AbortSignal): Promise<readonly Outcome[]>;
  readonly owes?: boolean;
  readonly unsure?: number;
  takeOver?(former: ReceiverOf<Item>): void;
  close(): Promise<void>;
}

/**
 * A receiver that is made when the first batch is there, since its credentials have to be looked up: that they cannot be
 * had holds up neither the start nor a call. It is made anew, with its credentials and certificates read again, when `renew`
 * was called and when the other side may no longer take them. The new one sends what the old one may have to send again.
 */
export class LateReceiverOf<Item> implements ReceiverOf<Item> {
  readonly #make: () => Promise<ReceiverOf<Item>>;
  #making: Promise<ReceiverOf<Item>> | undefined;
  /** The newest one, also when it is closed: it counts what may not have arrived. */
  #made: ReceiverOf<Item> | undefined;
  #stale = true;

  constructor(make: () => Promise<ReceiverOf<Item>>) {
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

  /** Looks up its credentials, so that the first batch does not have to wait. Resolves when that is over; never rejects. */
  async prepare(): Promise<void> {
    // Why it fails is told with the first batch, which tries again.
    await this.#open().catch(() => undefined);
  }

  async send(batch: readonly Item[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const receiver = await this.#open();
    if (signal.aborted) throw new ReceiverError('timeout', 'The credentials were not there in time.');
    try {
      return await receiver.send(batch, signal);
    } catch (error) {
      if (isOverTrust(error)) this.#stale = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#made?.close();
  }

  #open(): Promise<ReceiverOf<Item>> {
    if (this.#made !== undefined && !this.#stale) return Promise.resolve(this.#made);
    this.#making ??= this.#makeAnew().finally(() => (this.#making = undefined));
    return this.#making;
  }

  async #makeAnew(): Promise<ReceiverOf<Item>> {
    // Not later: what changes while it is made makes it stale again.
    this.#stale = false;
    const next = await this.#makeNow();
    const former = this.#made;
    if (former !== undefined) {
      await former.close();
      next.takeOver?.(former);
    }
    this.#made = next;
    return next;
  }

  async #makeNow(): Promise<ReceiverOf<Item>> {
    try {
      return await this.#make();
    } catch (cause) {
      this.#stale = true;
      const code = (cause as Error).name === 'SecretError' ? 'no_credentials' : 'not_configured';
      throw new ReceiverError(code, (cause as Error).message, { cause });
    }
  }
}

/** The same for records. */
export class LateReceiver extends LateReceiverOf<ShippedRecord> implements Receiver {}

/**
 * The other side does not know our credentials, or we do not know its certificate
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes). With TLS 1.3 a client whose certificate is refused learns it
 * behind the handshake, often by a connection that is closed alone (RFC 8446, appendix A.1).
 */
const OVER_TRUST: readonly RegExp[] = [
  /^(http_401|http_403|nats_authorization|nats_user_authentication_expired)$/,
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT|CRL|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERROR_IN)_/,
  /^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/,
  /^(connection_closed|ECONNRESET|EPIPE|EPROTO)$/,
];

function isOverTrust(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && OVER_TRUST.some((codes) => codes.test(code));
}
