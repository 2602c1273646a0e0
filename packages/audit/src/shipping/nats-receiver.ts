import { connectNats, natsCode, type NatsLink } from './nats-link.ts';
import { checkNatsTarget, type NatsTarget } from './nats-target.ts';
import {
  ACCEPTED,
  dedupKey,
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
} from './receiver.ts';

export interface NatsReceiverOptions extends NatsTarget {
  /** Where records are published, such as `audit.sallyport`; a stream has to take it. */
  readonly subject: string;
  /** The stream that has to take them. Default: whichever takes the subject. */
  readonly stream?: string;
  /** How long the server may take to acknowledge a record, in milliseconds. Default: 10,000. */
  readonly ackMs?: number;
}

/** JetStream's code for a message over the stream's own limit. */
const TOO_LARGE = 10_054;

/**
 * NATS JetStream: one message for each record, with its line, and `Nats-Msg-Id` made of id and sequence. A record counts as
 * accepted when the stream has acknowledged it, also as a duplicate. The stream knows duplicates for its `duplicate_window`
 * (2 minutes by default): let it be longer than a receiver may be away. An acknowledged message survives a crash of the
 * server, and a power cut only with `sync_interval: always` or replicas.
 */
export class NatsReceiver implements Receiver {
  readonly #options: NatsReceiverOptions;
  readonly #ackMs: number;
  #server = 0;
  #link: NatsLink | undefined;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: NatsReceiverOptions) {
    checkNatsTarget(options);
    if (!/^(?!\$)[^\s.*>\p{Cc}]+(\.[^\s.*>\p{Cc}]+)*$/u.test(options.subject))
      throw new TypeError(
        'subject of a NATS receiver has to be one without wildcards, like audit.sallyport.',
      );
    if (options.stream !== undefined && !/^[\w-]{1,255}$/.test(options.stream))
      throw new TypeError('stream of a NATS receiver has to be a name like AUDIT.');
    this.#ackMs = options.ackMs ?? 10_000;
    if (!(this.#ackMs > 0)) throw new TypeError('ackMs of a NATS receiver has to be a number over 0.');
    this.#options = options;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    const link = await this.#connected(signal);
    const gone = link.gone.then((): Outcome => ({ kind: 'retry', code: 'connection_closed' }));
    const onAbort = (): void => void link.close().catch(() => undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const outcomes = await Promise.all(
        batch.map((shipped) => Promise.race([this.#publish(link, shipped), gone])),
      );
      const [first] = outcomes;
      if (first?.kind === 'retry' && outcomes.every(({ kind }) => kind === 'retry'))
        throw new ReceiverError(first.code, inWords(first.code));
      return outcomes;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    await link?.close();
  }

  async #connected(signal: AbortSignal): Promise<NatsLink> {
    if (this.#link?.isGone() === false) return this.#link;
    this.#link = undefined;
    const { servers } = this.#options;
    const server = servers[this.#server % servers.length] ?? '';
    // The next one is tried when this one fails, or is lost later.
    this.#server += 1;
    this.#link = await connectNats(this.#options, server, signal);
    return this.#link;
  }

  async #publish({ jetstream, maxPayload, headersOf }: NatsLink, shipped: ShippedRecord): Promise<Outcome> {
    const payload = Buffer.from(shipped.line);
    const members = this.#headers(shipped);
    if (payload.length + headerBytes(members) > maxPayload) return { kind: 'rejected', reason: 'too_large' };
    try {
      const options = { timeout: this.#ackMs, headers: headersOf(members) };
      await jetstream.publish(this.#options.subject, payload, options);
      return ACCEPTED;
    } catch (error) {
      return outcomeOf(error);
    }
  }

  #headers(shipped: ShippedRecord): Readonly<Record<string, string>> {
    const { stream } = this.#options;
    return {
      'Nats-Msg-Id': printable(dedupKey(shipped)),
      ...(stream !== undefined && { 'Nats-Expected-Stream': stream }),
      'Sallyport-Record-Id': printable(shipped.id),
      'Sallyport-Record-Sequence': String(shipped.sequence),
    };
  }
}

function outcomeOf(error: unknown): Outcome {
  const { name, code } = error as { readonly name?: string; readonly code?: unknown };
  // Nobody answers on the subject: no stream takes it, or JetStream is switched off.
  if (name === 'JetStreamNotEnabled') return { kind: 'retry', code: 'no_stream' };
  if (typeof code !== 'number') return { kind: 'retry', code: natsCode(error) };
  if (code === TOO_LARGE) return { kind: 'rejected', reason: 'too_large' };
  return { kind: 'retry', code: `jetstream_${code}` };
}

function inWords(code: string): string {
  return code === 'no_stream'
    ? 'No stream of the NATS server takes the subject; make one: nats stream add AUDIT --subjects SUBJECT.'
    : `The receiver did not take any record (${code}).`;
}

/** A header holds printable ASCII; an id that we write has nothing else. */
function printable(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '_');
}

/** https://docs.nats.io/reference/reference-protocols/nats-protocol#hpub */
function headerBytes(members: Readonly<Record<string, string>>): number {
  const lines = Object.entries(members).map(([name, value]) => `${name}: ${value}\r\n`);
  return `NATS/1.0\r\n${lines.join('')}\r\n`.length;
}
