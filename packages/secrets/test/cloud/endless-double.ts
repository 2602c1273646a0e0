import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server whose answers go on for as long as somebody takes them. */
export interface EndlessDouble {
  readonly endpoint: string;
  /** Settles when the client has ended the connection. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

export async function openEndless(status: number): Promise<EndlessDouble> {
  let end: (_: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  const spaces = Buffer.alloc(65_536, ' ');
  const server = createServer((request, response) => {
    request.resume();
    response.on('close', () => end(undefined));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    const more = (): void => {
      while (!response.destroyed && response.write(spaces));
      response.once('drain', more);
    };
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ended,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
