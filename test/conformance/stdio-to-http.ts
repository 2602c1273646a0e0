import type { ServerResponse } from 'node:http';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import {
  classifyInboundRequest,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';
import { EventLog } from './event-log.ts';
import { listen, type RunningServer } from './http-listener.ts';
import { keepSessions } from './http-sessions.ts';
import { headerOf, rejectionOf, type Rejection } from './modern-headers.ts';
import { StdioExchanges } from './stdio-exchanges.ts';

/**
 * Serves the stdio program `command` on Streamable HTTP, because the official suite speaks nothing else. It adds
 * what only HTTP has (sessions, headers, status codes) and passes every message on as it is: what the suite finds
 * behind it is the program's doing.
 *
 * Up to revision 2025-11-25 each session has a process; all requests of 2026-07-28 share one.
 */
export async function bridgeToHttp(command: readonly string[]): Promise<RunningServer> {
  const exchanges = new StdioExchanges(() => spawnStdio(command));
  const sessions = keepSessions(
    (session) =>
      new NodeStreamableHTTPServerTransport({ ...session, eventStore: new EventLog(), retryInterval: 500 }),
    (transport) => connect(transport, spawnStdio(command)),
  );

  return await listen(
    async (req, res, body) => {
      const route = classifyInboundRequest({
        httpMethod: req.method,
        body,
        ...headerOf(req, 'mcp-protocol-version', 'protocolVersionHeader'),
        ...headerOf(req, 'mcp-method', 'mcpMethodHeader'),
        ...headerOf(req, 'mcp-name', 'mcpNameHeader'),
      });
      if (route.kind === 'legacy') {
        await sessions.handle(req, res, body);
        return;
      }
      const rejection = route.kind === 'reject' ? route : rejectionOf(req, route.message);
      if (rejection !== undefined) refuse(res, body, rejection);
      else if (route.kind === 'modern') await exchanges.handle(res, route.message);
    },
    async () => {
      await Promise.all([sessions.close(), exchanges.close()]);
    },
  );
}

function refuse(res: ServerResponse, body: unknown, { httpStatus, code, message, data }: Rejection): void {
  const id = isJSONRPCRequest(body) ? body.id : null;
  res.writeHead(httpStatus, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } }));
}

function spawnStdio([command = '', ...args]: readonly string[]): StdioClientTransport {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return new StdioClientTransport({ command, args, env, stderr: 'ignore' });
}

/** Joins one session to one process. */
async function connect(http: NodeStreamableHTTPServerTransport, stdio: StdioClientTransport): Promise<void> {
  const open = new Set<RequestId>();

  http.onmessage = (message) => {
    if (isJSONRPCRequest(message)) open.add(message.id);
    stdio.send(message).catch(reportLostMessage);
  };
  stdio.onmessage = (message: JSONRPCMessage) => {
    if (isJSONRPCResponse(message)) {
      if (message.id !== undefined) open.delete(message.id);
      http.send(message).catch(reportLostMessage);
      return;
    }
    // Stdio does not say which request a notification belongs to. The scenarios have one open at a time.
    const latest = [...open].at(-1);
    http.send(message, latest === undefined ? {} : { relatedRequestId: latest }).catch(reportLostMessage);
  };

  const forgetSession = http.onclose;
  http.onclose = () => {
    forgetSession?.();
    void stdio.close();
  };
  stdio.onclose = () => {
    void http.close();
  };
  await stdio.start();
  await http.start();
}

function reportLostMessage(error: unknown): void {
  console.error('The bridge lost a message:', error);
}
