import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import { HttpLink, type HttpTarget, refusedBy } from './http-link.ts';
import { inHalves } from './in-halves.ts';
import { ACCEPTED, dedupKey, type Outcome, type Receiver, type ShippedRecord } from './receiver.ts';

export interface WebhookReceiverOptions extends HttpTarget {
  /** At least 24 bytes, as `whsec_` and Base64 (https://www.standardwebhooks.com). */
  readonly secret: Secret;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Posts `{"records":[{"id","sequence","data"}]}`, signed as Standard Webhooks 1.0.0 says: `webhook-id`,
 * `webhook-timestamp` in seconds, and `webhook-signature`, an HMAC-SHA256 over both and the body. `data` is the JSON of the
 * format, or its line as a text. A batch that is sent again has the same id.
 *
 * 400, 413 and 422 say something of the records: the batch is halved until the one that is meant is alone, and rejected.
 * Every other status says something of the receiver: the batch is sent again later.
 */
export class WebhookReceiver implements Receiver {
  readonly #link: HttpLink;
  readonly #key: Buffer;
  readonly #now: () => number;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: WebhookReceiverOptions) {
    this.#link = new HttpLink(options);
    this.#key = keyOf(options.secret);
    this.#now = options.now ?? Date.now;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    const answer = await this.#link.post(this.#link.url, this.#message(batch), signal);
    const { status } = answer;
    if (status >= 200 && status < 300) return batch.map(() => ACCEPTED);
    if (status !== 400 && status !== 413 && status !== 422) throw refusedBy(answer, this.#now());
    if (batch.length === 1) return [{ kind: 'rejected', reason: `http_${status}` }];
    return inHalves(batch, (half) => this.send(half, signal));
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  #message(batch: readonly ShippedRecord[]): { headers: Record<string, string>; body: string } {
    const records = batch.map(
      ({ id, sequence, line, json }) =>
        `{"id":${JSON.stringify(id)},"sequence":${sequence},"data":${json ? line : JSON.stringify(line)}}`,
    );
    const body = `{"records":[${records.join(',')}]}`;
    const id = `msg_${createHash('sha256').update(batch.map(dedupKey).join('\n')).digest('hex').slice(0, 32)}`;
    const timestamp = Math.floor(this.#now() / 1000);
    const signature = createHmac('sha256', this.#key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    };
    return { headers, body };
  }
}

function keyOf(secret: Secret): Buffer {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal())?.[1];
  const key = Buffer.from(text ?? '', 'base64');
  if (key.length < 24)
    throw new TypeError(
      'The secret of a webhook has to be whsec_ and the Base64 of at least 24 random bytes, as openssl rand -base64 32 gives.',
    );
  return key;
}
