import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemCode } from '../journal/journal-error.ts';
import { ReceiverError } from './receiver.ts';
import { tlsOptions, type TlsSettings } from './tls-settings.ts';

export interface StreamTarget {
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
  /** Default: what Node trusts. */
  readonly tls?: TlsSettings;
  /** Whoever is on the way can read and change every record. */
  readonly dangerouslyWithoutTls?: boolean;
}

/** How long a receiver may take to answer that nothing is left to read. */
const END_MS = 2000;

/** A connection to a receiver that is either sound or gone: any error destroys it. */
export class StreamLink {
  readonly #socket: Socket;
  readonly #ended: Promise<void>;
  #ending = false;
  #inOrder = false;
  /** Why the connection is gone; undefined while it is not. */
  failure: ReceiverError | undefined;

  private constructor(socket: Socket, onData: (bytes: Buffer) => void) {
    this.#socket = socket;
    this.#ended = new Promise((resolve) => {
      socket.once('close', () => {
        this.failure ??= new ReceiverError('connection_closed', 'The receiver closed the connection.');
        resolve();
      });
    });
    socket.on('error', (error) => this.destroy(error));
    // A receiver that ends its side does not read ours for long: what is written from now on may be lost.
    socket.on('end', () => {
      this.#inOrder = this.#ending && this.failure === undefined;
      this.destroy();
    });
    socket.on('data', onData);
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
  }

  /** @throws ReceiverError with the code of the system or of TLS */
  static connect(
    target: StreamTarget,
    onData: (bytes: Buffer) => void,
    signal: AbortSignal,
  ): Promise<StreamLink> {
    return new Promise((resolve, reject) => {
      const socket = open(target);
      const fail = (cause: unknown): void => {
        socket.destroy();
        signal.removeEventListener('abort', onAbort);
        const code = cause === undefined ? 'connection_closed' : systemCode(cause);
        reject(new ReceiverError(code, `The receiver cannot be reached (${code}).`, { cause }));
      };
      const onAbort = (): void => fail(signal.reason);
      const onClose = (): void => fail(undefined);
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('error', fail);
      socket.once('close', onClose);
      socket.once(target.dangerouslyWithoutTls === true ? 'connect' : 'secureConnect', () => {
        signal.removeEventListener('abort', onAbort);
        const link = new StreamLink(socket, onData);
        socket.off('error', fail);
        socket.off('close', onClose);
        resolve(link);
      });
    });
  }

  /** Resolves when the system has taken the bytes, which says nothing of the receiver. @throws ReceiverError */
  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.destroy(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const written = new Promise<void>((resolve) => {
        this.#socket.write(bytes, () => resolve());
      });
      await Promise.race([written, this.#ended]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Resolves when the connection is gone. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  destroy(cause?: unknown): void {
    const code = cause === undefined ? 'connection_closed' : systemCode(cause);
    this.failure ??= new ReceiverError(code, `The connection to the receiver broke (${code}).`, { cause });
    this.#socket.destroy();
  }

  /**
   * Ends our side and waits a moment for the receiver to end its own, which it does when it has read everything.
   *
   * @returns whether it did
   */
  async end(): Promise<boolean> {
    this.#ending = true;
    const timer = setTimeout(() => this.destroy(), END_MS);
    this.#socket.end();
    await this.#ended;
    clearTimeout(timer);
    return this.#inOrder;
  }
}

function open({ host, port, tls = {}, dangerouslyWithoutTls }: StreamTarget): Socket {
  if (dangerouslyWithoutTls === true) return connectPlain({ host, port });
  // SNI must be a name (RFC 6066, section 3); the certificate is checked against the host in any case.
  const name = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  return connectTls({ host, port, ...tlsOptions(tls), ...(name !== undefined && { servername: name }) });
}

/** @throws TypeError for a target that cannot be one */
export function checkTarget({ host, port, tls, dangerouslyWithoutTls }: StreamTarget): void {
  if (host === '') throw new TypeError('host of a receiver is empty; write its name or address.');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new TypeError('port of a receiver has to be a number from 1 to 65535.');
  if (tls !== undefined && dangerouslyWithoutTls === true)
    throw new TypeError('tls and dangerouslyWithoutTls exclude each other; leave one of them out.');
  if (tls !== undefined) tlsOptions(tls);
}
