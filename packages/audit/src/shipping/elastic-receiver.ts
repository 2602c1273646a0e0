import type { Secret } from '@sallyport/core';
import { HttpLink, type HttpTarget, refusedBy } from './http-link.ts';
import {
  ACCEPTED,
  dedupKey,
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
} from './receiver.ts';
import { inHalves } from './in-halves.ts';

export interface ElasticReceiverOptions extends HttpTarget {
  /** An index or a data stream. */
  readonly index: string;
  /** The whole value of the header `authorization`, such as `ApiKey ...`. */
  readonly authorization?: Secret;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

interface BulkAnswer {
  readonly items?: readonly {
    readonly create?: { readonly status?: number; readonly error?: { readonly type?: string } };
  }[];
}

/**
 * The bulk API of Elasticsearch and OpenSearch. Every operation is `create`, the only one that data streams take, with an id
 * made of the record's id and number: a record that comes twice is a conflict (409), which is success. A 200 says nothing of
 * the items; each has a status of its own. `url` is that of the server, without a path; the format must be JSON.
 */
export class ElasticReceiver implements Receiver {
  readonly #link: HttpLink;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #now: () => number;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: ElasticReceiverOptions) {
    // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create
    if (!/^(?![-_+.])[^A-Z\\/*?"<>| ,#:\p{Cc}]{1,255}$/u.test(options.index))
      throw new TypeError('index of an Elasticsearch receiver has to be a name like logs-sallyport-default.');
    this.#link = new HttpLink(options);
    this.#url = new URL(`${encodeURIComponent(options.index)}/_bulk`, withSlash(this.#link.url));
    this.#headers = {
      'content-type': 'application/x-ndjson',
      ...(options.authorization !== undefined && { authorization: options.authorization.reveal() }),
    };
    this.#now = options.now ?? Date.now;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    if (batch.some(({ json }) => !json))
      throw new ReceiverError(
        'not_json',
        'Elasticsearch takes JSON only; set the format to ecs, ocsf or json.',
      );
    const body = batch.map(
      (shipped) => `{"create":{"_id":${JSON.stringify(dedupKey(shipped))}}}\n${shipped.line}\n`,
    );
    const answer = await this.#link.post(this.#url, { headers: this.#headers, body: body.join('') }, signal);
    if (answer.status === 413) {
      if (batch.length === 1) return [{ kind: 'rejected', reason: 'http_413' }];
      return inHalves(batch, (half) => this.send(half, signal));
    }
    if (answer.status !== 200) throw refusedBy(answer, this.#now());
    const items = itemsOf(answer.body);
    if (items?.length !== batch.length)
      throw new ReceiverError('bad_answer', 'The receiver did not answer for every record.');
    return items.map((item) => outcomeOf(item.create));
  }

  async close(): Promise<void> {
    this.#link.close();
  }
}

function outcomeOf(item: NonNullable<BulkAnswer['items']>[number]['create']): Outcome {
  const status = item?.status ?? 0;
  if ((status >= 200 && status < 300) || status === 409) return ACCEPTED;
  // A full queue (429), a shard that is away (503) and an index that is closed or missing (403, 404) can pass; 400 cannot.
  if (status !== 400) return { kind: 'retry', code: `item_${status}` };
  const type = item?.error?.type ?? '';
  return { kind: 'rejected', reason: /^[a-z_]{1,64}$/.test(type) ? type : 'item_400' };
}

function itemsOf(body: string): BulkAnswer['items'] {
  try {
    const items = (JSON.parse(body) as BulkAnswer | null)?.items;
    return Array.isArray(items) ? (items as BulkAnswer['items']) : undefined;
  } catch {
    return undefined;
  }
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
