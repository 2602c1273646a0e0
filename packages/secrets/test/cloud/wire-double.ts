import {
  createServer as createPlain,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What the double does instead of answering: nothing at all, half an answer and the end of the connection,
 * or this answer.
 */
type WireFault = 'hang' | 'cut' | WireAnswer;

/** An in-process HTTP server that speaks as one of the clouds does, or fails as a network does. */
export interface WireDouble {
  readonly port: number;
  /** How many requests have come. */
  readonly asked: number;
  /** Settles when a client has gone away without its answer. */
  readonly abandoned: Promise<unknown>;
  /** From now on, until it is called with undefined. */
  fail(fault: WireFault | undefined): void;
  close(): Promise<void>;
}

export async function openWire(
  answer: (request: WireRequest) => WireAnswer,
  tls?: { readonly key: string; readonly cert: string },
): Promise<WireDouble> {
  let fault: WireFault | undefined;
  let asked = 0;
  let leave: (_: unknown) => void = () => {};
  const abandoned = new Promise<unknown>((resolve) => (leave = resolve));
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked++;
    response.on('close', () => {
      if (!response.writableEnded) leave(undefined);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    if (fault === 'hang') return;
    const { status, headers, body } =
      fault === undefined || fault === 'cut'
        ? answer({
            method: incoming.method ?? '',
            url: new URL(incoming.url ?? '/', 'http://double'),
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
          })
        : fault;
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    if (fault === 'cut') {
      response.write(body.slice(0, body.length / 2), () => incoming.socket.destroy());
    } else {
      response.end(body);
    }
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    // A client that goes away ends its request with an error, which is what some tests are about.
    handle(incoming, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createPlain(listener) : createTls(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get asked() {
      return asked;
    },
    abandoned,
    fail(next) {
      fault = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
