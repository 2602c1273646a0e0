import type { ServerResponse } from 'node:http';
import type { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import {
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResponse,
  SUBSCRIPTION_ID_META_KEY,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server';

interface Exchange {
  readonly request: JSONRPCRequest;
  readonly res: ServerResponse;
}

/** Errors of the protocol, which HTTP says by a status. Errors of a handler are answered with 200. */
const STATUS: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32601]: 404,
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
};

/** Revision 2026-07-28 over one process: every HTTP request is an exchange of its own. */
export class StdioExchanges {
  readonly #spawn: () => StdioClientTransport;
  #stdio: Promise<StdioClientTransport> | undefined;
  /** By the id that the process sees. HTTP clients choose theirs independently, so they are renumbered. */
  readonly #open = new Map<number, Exchange>();
  #lastId = 0;

  constructor(spawn: () => StdioClientTransport) {
    this.#spawn = spawn;
  }

  async handle(res: ServerResponse, message: JSONRPCMessage): Promise<void> {
    const stdio = await (this.#stdio ??= this.#start());
    if (!isJSONRPCRequest(message)) {
      await stdio.send(message);
      res.writeHead(202).end();
      return;
    }
    const id = ++this.#lastId;
    this.#open.set(id, { request: message, res });
    res.on('close', () => {
      // Closing the stream is how HTTP cancels; stdio has the notification.
      const cancelled = {
        jsonrpc: '2.0' as const,
        method: 'notifications/cancelled',
        params: { requestId: id },
      };
      if (this.#open.delete(id)) stdio.send(cancelled).catch(() => undefined);
    });
    await stdio.send({ ...message, id });
  }

  async close(): Promise<void> {
    const stdio = await this.#stdio;
    await stdio?.close();
  }

  async #start(): Promise<StdioClientTransport> {
    const stdio = this.#spawn();
    stdio.onmessage = (message) => this.#receive(message);
    stdio.onclose = () => {
      for (const { res } of this.#open.values()) res.destroy();
      this.#stdio = undefined;
    };
    await stdio.start();
    return stdio;
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCResponse(message)) {
      const id = Number(message.id);
      const exchange = this.#open.get(id);
      this.#open.delete(id);
      if (exchange !== undefined) finish(exchange, { ...message, id: exchange.request.id });
    } else if (!isJSONRPCRequest(message)) {
      const exchange = this.#exchangeOf(message);
      if (exchange !== undefined) stream(exchange.res, message);
    }
  }

  /** Stdio says whose a notification is only by what it carries; a log message is taken for the latest request's. */
  #exchangeOf({ params }: JSONRPCNotification): Exchange | undefined {
    const subscription = params?._meta?.[SUBSCRIPTION_ID_META_KEY];
    if (subscription !== undefined) return this.#open.get(Number(subscription));
    const calls = [...this.#open.values()].filter(({ request }) => request.method !== 'subscriptions/listen');
    const token = params?.['progressToken'];
    if (token === undefined) return calls.at(-1);
    return calls.findLast(({ request }) => request.params?._meta?.progressToken === token);
  }
}

function stream(res: ServerResponse, message: JSONRPCMessage): void {
  if (!res.headersSent) {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
  }
  res.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

function finish({ res }: Exchange, response: JSONRPCMessage): void {
  if (res.headersSent) {
    stream(res, response);
    res.end();
    return;
  }
  const status = isJSONRPCErrorResponse(response) ? STATUS[response.error.code] : undefined;
  res.writeHead(status ?? 200, { 'content-type': 'application/json' });
  res.end(JSON.stringify(response));
}
