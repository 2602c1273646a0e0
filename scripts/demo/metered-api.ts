import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API that wants a key, and knows which keys are good now: a stand-in for any that a server would call. */
export interface MeteredApi {
  readonly url: string;
  /** The keys that are accepted. */
  readonly keys: Set<string>;
  /** How often each key was used, by the order in which they were first seen. */
  readonly uses: Map<string, number>;
  close(): void;
}

export async function startApi(): Promise<MeteredApi> {
  const keys = new Set<string>();
  const uses = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? '';
    uses.set(key, (uses.get(key) ?? 0) + 1);
    // It takes a moment, so that calls are under way when the key changes.
    setTimeout(
      () => response.writeHead(keys.has(key) ? 200 : 401).end(keys.has(key) ? 'sunny' : 'bad key'),
      20,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, keys, uses, close: () => void server.close() };
}
