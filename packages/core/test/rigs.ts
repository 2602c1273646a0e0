import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpClientV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpClientV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport as StdioServerV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport as HttpServerV1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport as StdioServerV2 } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { type Guard, guardTransport, protect } from '@sallyport/core';
import { LineTransport } from './line-transport.ts';

/** A real client and a real server of one SDK generation, over one transport, with a guard between (or none). */
export interface Rig {
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  toolNames(): Promise<string[]>;
  /** A method that MCP does not define; rejects with the error the client got. */
  unknownMethod(): Promise<unknown>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number }) => void;
}

interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
}

/** What the tools saw; shared by all instances that a factory builds. */
export interface Seen {
  readonly executed: unknown[];
  readonly cancelled: unknown[];
}

export type StartRig = (guard: Guard | undefined, seen: Seen) => Promise<Rig>;

const INFO = { name: 'rig', version: '1.0.0' };

function serverV1(seen: Seen): McpServerV1 {
  const server = new McpServerV1(INFO, { capabilities: { logging: {} } });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => {
    seen.executed.push(text);
    return { content: [{ type: 'text', text }] };
  });
  server.registerTool('progress', { inputSchema: {} }, async (_, extra) => {
    const progressToken = extra._meta?.progressToken ?? 0;
    for (const progress of [1, 2, 3]) {
      await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress } });
    }
    return { content: [{ type: 'text', text: 'done' }] };
  });
  server.registerTool('wait', { inputSchema: {} }, async (_, extra) => {
    seen.executed.push('wait');
    await new Promise<void>((resolve) => {
      extra.signal.addEventListener('abort', () => {
        seen.cancelled.push('wait');
        resolve();
      });
    });
    return { content: [] };
  });
  server.registerTool('sample', { inputSchema: {} }, async (_, extra) => {
    const answer = await extra.sendRequest(
      { method: 'sampling/createMessage', params: { messages: [], maxTokens: 5 } },
      z.looseObject({ model: z.string() }),
    );
    return { content: [{ type: 'text', text: answer.model }] };
  });
  return server;
}

function serverV2(seen: Seen): McpServerV2 {
  const server = new McpServerV2(INFO, { capabilities: { logging: {} } });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => {
    seen.executed.push(text);
    return { content: [{ type: 'text', text }] };
  });
  server.registerTool('progress', { inputSchema: {} }, async (_, ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken ?? 0;
    for (const progress of [1, 2, 3]) {
      await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress } });
    }
    return { content: [{ type: 'text', text: 'done' }] };
  });
  server.registerTool('wait', { inputSchema: {} }, async (_, ctx) => {
    seen.executed.push('wait');
    await new Promise<void>((resolve) => {
      ctx.mcpReq.signal.addEventListener('abort', () => {
        seen.cancelled.push('wait');
        resolve();
      });
    });
    return { content: [] };
  });
  return server;
}

function guardedV1(guard: Guard | undefined, seen: Seen): McpServerV1 {
  const server = serverV1(seen);
  return guard === undefined ? server : protect(server, guard);
}

function guardedV2(guard: Guard | undefined, seen: Seen): McpServerV2 {
  const server = serverV2(seen);
  return guard === undefined ? server : protect(server, guard);
}

async function rigV1(client: ClientV1, close: () => Promise<void>): Promise<Rig> {
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'test-model',
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
  }));
  return {
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, undefined, options)) as ToolResult,
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    unknownMethod: () => client.request({ method: 'no/such/method' }, z.looseObject({})),
    close,
  };
}

function clientV1(): ClientV1 {
  return new ClientV1({ name: 'rig-client', version: '1.0.0' }, { capabilities: { sampling: {} } });
}

const startV1InMemory: StartRig = async (guard, seen) => {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = guardedV1(guard, seen);
  await server.connect(far);
  const client = clientV1();
  await client.connect(near);
  return rigV1(client, () => client.close());
};

const startV1Stdio: StartRig = async (guard, seen) => {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = guardedV1(guard, seen);
  await server.connect(new StdioServerV1(up, down));
  const client = clientV1();
  await client.connect(new LineTransport(down, up));
  return rigV1(client, async () => {
    await client.close();
    await server.close();
  });
};

/** One server and one transport per session, as the SDK's own examples do it. */
const startV1StatefulHttp: StartRig = async (guard, seen) => {
  const sessions = new Map<string, HttpServerV1>();
  return httpRigV1(async (session) => {
    const known = sessions.get(session ?? '');
    if (known !== undefined) return known;
    const transport = new HttpServerV1({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await guardedV1(guard, seen).connect(transport);
    return transport;
  });
};

/** A fresh server and transport per request, without sessions. */
const startV1StatelessHttp: StartRig = (guard, seen) =>
  httpRigV1(async () => {
    const transport = new HttpServerV1({ sessionIdGenerator: undefined } as never);
    await guardedV1(guard, seen).connect(transport);
    return transport;
  });

async function httpRigV1(transportFor: (session: string | undefined) => Promise<HttpServerV1>): Promise<Rig> {
  const http = createServer((request: IncomingMessage, response) => {
    const session = request.headers['mcp-session-id'];
    void transportFor(typeof session === 'string' ? session : undefined).then((transport) =>
      transport.handleRequest(request, response),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const client = clientV1();
  await client.connect(new HttpClientV1(new URL(`http://127.0.0.1:${port}/mcp`)));
  return rigV1(client, async () => {
    await client.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
}

function rigV2(client: ClientV2, close: () => Promise<void>): Rig {
  return {
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, options)) as ToolResult,
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    unknownMethod: () => client.request({ method: 'no/such/method' }, z.looseObject({})),
    close,
  };
}

function clientV2(era: 'legacy' | 'modern'): ClientV2 {
  return new ClientV2(
    { name: 'rig-client', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } },
  );
}

/** The HTTP statuses that the handler answered with, newest last. */
export const statuses: number[] = [];

function handlerRig(era: 'legacy' | 'modern'): StartRig {
  return async (guard, seen) => {
    const handler = createMcpHandler(() => guardedV2(guard, seen));
    const client = clientV2(era);
    const transport = new HttpClientV2(new URL('http://127.0.0.1/mcp'), {
      fetch: async (url, init) => {
        const response = await handler.fetch(new Request(url, init));
        statuses.push(response.status);
        return response;
      },
    });
    await client.connect(transport);
    return rigV2(client, async () => {
      await client.close();
      await handler.close();
    });
  };
}

const startV2HandlerModern: StartRig = handlerRig('modern');
const startV2HandlerLegacy: StartRig = handlerRig('legacy');

function stdioRigV2(era: 'legacy' | 'modern', place: 'server' | 'wire'): StartRig {
  return async (guard, seen) => {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const wire = new StdioServerV2(up, down);
    const served = serveStdio(() => guardedV2(place === 'server' ? guard : undefined, seen), {
      transport: guard !== undefined && place === 'wire' ? guardTransport(wire, guard) : wire,
    });
    const client = clientV2(era);
    await client.connect(new LineTransport(down, up));
    return rigV2(client, async () => {
      await client.close();
      await served.close();
    });
  };
}

const startV2StdioModern: StartRig = stdioRigV2('modern', 'server');
const startV2StdioLegacy: StartRig = stdioRigV2('legacy', 'server');
/** `serveStdio` answers subscriptions itself, before any server; guarding its wire covers those too. */
const startV2StdioWire: StartRig = stdioRigV2('modern', 'wire');

export const RIGS: readonly (readonly [string, StartRig, 'v1' | 'v2'])[] = [
  ['SDK v1, in memory', startV1InMemory, 'v1'],
  ['SDK v1, stdio', startV1Stdio, 'v1'],
  ['SDK v1, stateful HTTP', startV1StatefulHttp, 'v1'],
  ['SDK v1, stateless HTTP', startV1StatelessHttp, 'v1'],
  ['SDK v2, createMcpHandler, 2026-07-28', startV2HandlerModern, 'v2'],
  ['SDK v2, createMcpHandler, 2025-11-25', startV2HandlerLegacy, 'v2'],
  ['SDK v2, serveStdio, 2026-07-28', startV2StdioModern, 'v2'],
  ['SDK v2, serveStdio, 2025-11-25', startV2StdioLegacy, 'v2'],
  ['SDK v2, serveStdio, wire guarded', startV2StdioWire, 'v2'],
];
