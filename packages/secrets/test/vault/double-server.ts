import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DoubleReply } from './double-reply.ts';
import type { VaultDouble } from './vault-double.ts';

export interface DoubleServerTls {
  readonly cert: string;
  readonly key: string;
  /** Of the authority whose client certificates are taken. */
  readonly ca: string;
}

/** The double behind a socket on this machine: it answers, and acts out what was to go wrong. */
export class DoubleServer {
  readonly double: VaultDouble;
  readonly address: string;
  readonly #server: Server;

  private constructor(double: VaultDouble, server: Server, address: string) {
    this.double = double;
    this.#server = server;
    this.address = address;
  }

  static async listen(double: VaultDouble, tls?: DoubleServerTls): Promise<DoubleServer> {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void serve(double, request, response);
    };
    const server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new DoubleServer(double, server, `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

async function serve(double: VaultDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://double');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const socket = request.socket as TLSSocket;
  const fault = double.take({
    method: request.method ?? '',
    path: url.pathname
      .replace(/^\/v1\//, '')
      .split('/')
      .map(decodeURIComponent)
      .join('/'),
    query: url.searchParams,
    headers,
    body: text === '' ? undefined : JSON.parse(text),
    clientName: socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined,
  });
  switch (fault.kind) {
    case 'reply':
      send(response, fault.reply);
      return;
    case 'raw':
      response.writeHead(fault.status ?? 200, { 'content-type': 'application/json' }).end(fault.text);
      return;
    case 'hang':
      return;
    case 'slow': {
      // A byte now and then, and never the whole: only a limit on all of it ends this.
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), fault.ms);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"data":{"value":"tr');
      return;
    case 'reset':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
      response.write('{"data":{"data":{"value":"re', () => socket.destroy());
  }
}

function send(response: ServerResponse, { status, headers, body }: DoubleReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
