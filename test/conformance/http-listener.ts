import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/node';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A request as a server receives it: always with a method and a URL. */
type McpRequest = IncomingMessage & { method: string; url: string };

/** `body` is the parsed body of a POST and undefined for other methods. */
export type McpRequestHandler = (req: McpRequest, res: ServerResponse, body: unknown) => Promise<void>;

/** Serves `handle` on a free loopback port, behind the Host and Origin checks that a local MCP server owes its user. */
export async function listen(
  handle: McpRequestHandler,
  closeRest: () => Promise<void>,
): Promise<RunningServer> {
  const hostIsLocal = localhostHostValidation();
  const originIsLocal = localhostOriginValidation();

  const answer = async (req: McpRequest, res: ServerResponse): Promise<void> => {
    if (!hostIsLocal(req, res) || !originIsLocal(req, res)) return;
    let body: unknown;
    try {
      body = req.method === 'POST' ? await json(req) : undefined;
    } catch {
      sendError(res, 400, -32700, 'Parse error');
      return;
    }
    await handle(req, res, body);
  };

  const server = createServer((req, res) => {
    answer(req as McpRequest, res).catch((error: unknown) => {
      console.error('Request failed:', error);
      if (!res.headersSent) sendError(res, 500, -32603, 'Internal error');
      else res.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      await closeRest();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendError(res: ServerResponse, status: number, code: number, message: string): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}
