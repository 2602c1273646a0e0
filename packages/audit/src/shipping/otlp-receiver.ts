import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { Secret } from '@sallyport/core';
import { HttpLink, type HttpTarget, refusedBy } from './http-link.ts';
import { inHalves } from './in-halves.ts';
import { rejectedCount } from './otlp-answer.ts';
import { ExportLogsServiceRequestSchema } from './otlp-proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts';
import {
  type InstrumentationScope,
  InstrumentationScopeSchema,
} from './otlp-proto/opentelemetry/proto/common/v1/common_pb.ts';
import { type Resource, ResourceSchema } from './otlp-proto/opentelemetry/proto/resource/v1/resource_pb.ts';
import { ResourceLogsSchema, ScopeLogsSchema } from './otlp-proto/opentelemetry/proto/logs/v1/logs_pb.ts';
import { keyValues, otlpRecord } from './otlp-record.ts';
import { ACCEPTED, type Outcome, type Receiver, type ShippedRecord } from './receiver.ts';
import { whichRejected } from './which-rejected.ts';

export interface OtlpReceiverOptions extends HttpTarget {
  /** The header `authorization: Bearer ...`. */
  readonly bearer?: Secret;
  /** More headers, such as `x-scope-orgid`. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** `service.name` of the resource. Default: `sallyport`. */
  readonly serviceName?: string;
  /** `service.version` of the resource, and the version of the scope. Default: none. */
  readonly serviceVersion?: string;
  /** More attributes of the resource, such as `deployment.environment.name`. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Bodies over 1 KiB are compressed. Default: true. */
  readonly gzip?: boolean;
  /** A request with a longer body, before it is compressed, is sent in halves. In bytes. Default: 4 MiB. */
  readonly requestBytes?: number;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const GZIP_OVER = 1024;
const compress = promisify(gzip);

/**
 * Logs over OTLP/HTTP 1.10 as binary protobuf (https://opentelemetry.io/docs/specs/otlp/#otlphttp), to `/v1/logs` unless
 * `url` has a path of its own.
 *
 * 400, 413 and 422 say something of the records: the batch is halved until the one that is meant is alone, and rejected.
 * Every other status says something of the receiver: the batch is sent again later, also where the protocol would have it
 * dropped. Of a partial success only the number of rejected records is told: which ones they are is found by sending parts
 * again. What comes twice by that has the same `sallyport.dedup_id`.
 */
export class OtlpReceiver implements Receiver {
  readonly #link: HttpLink;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #resource: Resource;
  readonly #scope: InstrumentationScope;
  readonly #gzip: boolean;
  readonly #requestBytes: number;
  readonly #now: () => number;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: OtlpReceiverOptions) {
    this.#link = new HttpLink(options);
    this.#url = new URL(this.#link.url);
    if (this.#url.pathname === '/') this.#url.pathname = '/v1/logs';
    this.#headers = headersOf(options);
    const { serviceName = 'sallyport', serviceVersion } = options;
    const attributes = {
      ...options.resource,
      'service.name': serviceName,
      'service.version': serviceVersion,
    };
    this.#resource = create(ResourceSchema, { attributes: keyValues(attributes) });
    this.#scope = create(InstrumentationScopeSchema, {
      name: '@sallyport/audit',
      ...(serviceVersion !== undefined && { version: serviceVersion }),
    });
    this.#gzip = options.gzip ?? true;
    this.#requestBytes = options.requestBytes ?? 4 * 1024 * 1024;
    if (!(this.#requestBytes > 0))
      throw new TypeError('requestBytes of an OTLP receiver has to be a number over 0.');
    this.#now = options.now ?? Date.now;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    const again = (part: readonly ShippedRecord[]): Promise<readonly Outcome[]> => this.send(part, signal);
    const body = this.#request(batch);
    if (body.length > this.#requestBytes)
      return batch.length === 1 ? [rejected('too_large')] : inHalves(batch, again);
    const answer = await this.#post(body, signal);
    const { status } = answer;
    if (status >= 200 && status < 300) {
      const count = rejectedCount(answer);
      if (count === 0) return batch.map(() => ACCEPTED);
      return whichRejected(batch, count, again);
    }
    if (status !== 400 && status !== 413 && status !== 422) throw refusedBy(answer, this.#now());
    return batch.length === 1 ? [rejected(`http_${status}`)] : inHalves(batch, again);
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  #request(batch: readonly ShippedRecord[]): Uint8Array {
    const observed = this.#now();
    const logRecords = batch.map((shipped) => otlpRecord(shipped, observed));
    const scopeLogs = [create(ScopeLogsSchema, { scope: this.#scope, logRecords })];
    const resourceLogs = [create(ResourceLogsSchema, { resource: this.#resource, scopeLogs })];
    return toBinary(ExportLogsServiceRequestSchema, create(ExportLogsServiceRequestSchema, { resourceLogs }));
  }

  async #post(body: Uint8Array, signal: AbortSignal): ReturnType<HttpLink['post']> {
    if (!this.#gzip || body.length <= GZIP_OVER)
      return this.#link.post(this.#url, { headers: this.#headers, body }, signal);
    const headers = { ...this.#headers, 'content-encoding': 'gzip' };
    return this.#link.post(this.#url, { headers, body: await compress(body) }, signal);
  }
}

function rejected(reason: string): Outcome {
  return { kind: 'rejected', reason };
}

/** What the receiver itself has to say. */
const OURS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
]);

function headersOf({ bearer, headers = {} }: OtlpReceiverOptions): Record<string, string> {
  const all: Record<string, string> = { 'content-type': 'application/x-protobuf' };
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key) || OURS.has(key))
      throw new TypeError(
        'headers of an OTLP receiver has a name that cannot be set; write one like x-scope-orgid.',
      );
    all[key] = headerValue(value);
  }
  if (bearer !== undefined) {
    if (all['authorization'] !== undefined)
      throw new TypeError('bearer and the header authorization exclude each other; leave one of them out.');
    all['authorization'] = `Bearer ${headerValue(bearer)}`;
  }
  return all;
}

/** @throws TypeError for what cannot stand in a header, such as a secret that ends with a line feed */
function headerValue(value: string | Secret): string {
  const text = value instanceof Secret ? value.reveal() : value;
  if (!/^[\t\x20-\x7e]*$/.test(text) || text !== text.trim())
    throw new TypeError('A header of an OTLP receiver holds a line feed, a space at its end or no ASCII.');
  return text;
}
