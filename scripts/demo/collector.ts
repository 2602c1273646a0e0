import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a collector kept of a record. */
export interface Collected {
  readonly class_name?: string;
  readonly activity_name?: string;
  readonly status?: string;
  readonly metadata?: { readonly event_code?: string };
  readonly unmapped?: unknown;
}

/** A receiver of signed webhooks in this process, in place of a SIEM: it checks each signature, and can be away. */
export class Collector {
  readonly records: Collected[] = [];
  readonly #key: Buffer;
  #server: Server | undefined;

  /** @param secret `whsec_` and Base64 */
  constructor(secret: string) {
    this.#key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  }

  async start(port = 0): Promise<number> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const {
          'webhook-id': id,
          'webhook-timestamp': time,
          'webhook-signature': signature,
        } = request.headers;
        const expected = createHmac('sha256', this.#key)
          .update(`${String(id)}.${String(time)}.${body}`)
          .digest('base64');
        if (signature !== `v1,${expected}`) throw new Error('A batch was not signed with the shared secret.');
        const { records } = JSON.parse(body) as { records: { data: Collected }[] };
        this.records.push(...records.map(({ data }) => data));
        response.end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }
}
