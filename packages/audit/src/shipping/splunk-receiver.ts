import { type Secret, uuidv7 } from '@sallyport/core';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { type HttpAnswer, HttpLink, type HttpTarget, refusedBy } from './http-link.ts';
import { ACCEPTED, type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';
import { inHalves } from './in-halves.ts';

export interface SplunkReceiverOptions extends HttpTarget {
  /** Of the HTTP Event Collector, with indexer acknowledgement switched on. */
  readonly token: Secret;
  readonly index?: string;
  /** Default: `sallyport:audit`. */
  readonly sourcetype?: string;
  /** What wrote the records; Splunk's `host`. */
  readonly host: string;
  /** How often it is asked whether a batch is indexed, in milliseconds. Default: 1,000. */
  readonly ackPollMs?: number;
  /** Splunk forgets a channel that nobody asks for; one of its own for each receiver. Default: a UUIDv7. */
  readonly channel?: string;
  readonly clock?: Clock;
}

interface HecAnswer {
  readonly code?: number;
  readonly ackId?: number;
  readonly 'invalid-event-number'?: number;
}

/** Codes of HEC that say something of an event: no data, invalid format, no event, blank event, indexed fields. */
const MALFORMED: ReadonlySet<number> = new Set([5, 6, 12, 13, 15]);

/**
 * Splunk's HTTP Event Collector. A 200 comes before anything is indexed, so a batch counts as accepted only when the
 * indexers have acknowledged it
 * (https://docs.splunk.com/Documentation/Splunk/latest/Data/AboutHECIDXAck). `url` is that of the server, without a path.
 */
export class SplunkReceiver implements Receiver {
  readonly #options: SplunkReceiverOptions;
  readonly #link: HttpLink;
  readonly #clock: Clock;
  readonly #ackPollMs: number;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: SplunkReceiverOptions) {
    this.#options = options;
    this.#link = new HttpLink(options);
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#ackPollMs = options.ackPollMs ?? 1000;
    if (!(this.#ackPollMs > 0)) throw new TypeError('ackPollMs of a Splunk receiver has to be over 0.');
    this.#headers = {
      authorization: `Splunk ${options.token.reveal()}`,
      'content-type': 'application/json',
      'x-splunk-request-channel': options.channel ?? uuidv7(),
    };
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    const body = batch.map((shipped) => this.#event(shipped)).join('\n');
    const answer = await this.#post('/services/collector/event', body, signal);
    const { code, ackId, 'invalid-event-number': invalid } = read<HecAnswer>(answer);
    if (answer.status === 200 && ackId !== undefined) {
      await this.#indexed(ackId, signal);
      return batch.map(() => ACCEPTED);
    }
    if (answer.status === 200 || code === 14)
      throw new ReceiverError(
        'ack_disabled',
        'The Splunk token has no indexer acknowledgement; switch useACK on.',
      );
    // Code 6 names the event that is malformed; what became of those before it is not promised.
    if (invalid !== undefined && invalid >= 0 && invalid < batch.length)
      return batch.map((_, index): Outcome =>
        index === invalid
          ? { kind: 'rejected', reason: `hec_${code ?? 'invalid'}` }
          : { kind: 'retry', code: 'hec_other_invalid' },
      );
    const isMalformed = answer.status === 400 && code !== undefined && MALFORMED.has(code);
    if (answer.status !== 413 && !isMalformed) throw refusedBy(answer, this.#clock.now());
    if (batch.length === 1) return [{ kind: 'rejected', reason: isMalformed ? `hec_${code}` : 'http_413' }];
    return inHalves(batch, (half) => this.send(half, signal));
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async #indexed(ackId: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const answer = await this.#post('/services/collector/ack', JSON.stringify({ acks: [ackId] }), signal);
      if (answer.status !== 200) throw refusedBy(answer, this.#clock.now());
      const { acks } = read<{ readonly acks?: Readonly<Record<string, boolean>> }>(answer);
      if (acks?.[String(ackId)] === true) return;
      await this.#clock.sleep(this.#ackPollMs, signal);
      if (signal.aborted) throw new ReceiverError('ack_timeout', 'The indexers did not acknowledge in time.');
    }
  }

  #post(path: string, body: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#link.post(new URL(path, this.#link.url), { headers: this.#headers, body }, signal);
  }

  #event({ id, sequence, time, line, json }: ShippedRecord): string {
    const { index, host, sourcetype = 'sallyport:audit' } = this.#options;
    const head = JSON.stringify({
      time: Date.parse(time) / 1000,
      host,
      source: 'sallyport',
      sourcetype,
      ...(index !== undefined && { index }),
      fields: { record_id: id, record_seq: sequence },
    });
    return `${head.slice(0, -1)},"event":${json ? line : JSON.stringify(line)}}`;
  }
}

function read<T extends object>({ body }: HttpAnswer): Partial<T> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
