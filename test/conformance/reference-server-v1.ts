import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ResultSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { EventLog } from './event-log.ts';
import { listen, type RunningServer } from './http-listener.ts';
import { keepSessions } from './http-sessions.ts';
import { completeFirstArgument, RESOURCES, SERVER_INFO, TEMPLATE } from './reference-content.ts';
import { PROMPTS } from './reference-prompts.ts';
import { TOOLS, type ToolCall } from './reference-tools.ts';

/** Revision 2025-11-25 as SDK v1 serves it: everything that the official suite calls. */
function buildReferenceServerV1(): McpServer {
  const server = new McpServer(SERVER_INFO, {
    capabilities: { logging: {}, resources: { subscribe: true } },
  });

  for (const { name, description, inputSchema, run } of TOOLS) {
    server.registerTool(name, { description, inputSchema }, async (args, extra) => ({
      content: await run(toolCall(args, extra)),
    }));
  }

  for (const { name, uri, description, mimeType, body } of RESOURCES) {
    server.registerResource(name, uri, { description, mimeType }, () => ({
      contents: [{ uri, mimeType, ...body }],
    }));
  }
  const { name, uri, description, mimeType, read } = TEMPLATE;
  const template = new ResourceTemplate(uri, { list: undefined });
  server.registerResource(name, template, { description, mimeType }, ({ href }, variables) => ({
    contents: [{ uri: href, mimeType, text: read(String(variables.id)) }],
  }));
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));

  for (const prompt of PROMPTS) {
    const argsSchema = Object.fromEntries(prompt.args.map((arg) => [arg, argument(arg)]));
    server.registerPrompt(prompt.name, { description: prompt.description, argsSchema }, (args) => ({
      messages: prompt.messages(args),
    }));
  }
  return server;
}

const argument = (name: string): z.ZodString =>
  name === 'arg1' ? completable(z.string(), completeFirstArgument) : z.string();

function toolCall(
  args: Readonly<Record<string, unknown>>,
  extra: RequestHandlerExtra<ServerRequest, ServerNotification>,
): ToolCall {
  const progressToken = extra._meta?.progressToken;
  return {
    args,
    log: (text) =>
      extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data: text } }),
    progress: async (progress, total) => {
      if (progressToken === undefined) return;
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total },
      });
    },
    ask: (method, params) => extra.sendRequest({ method, params } as ServerRequest, ResultSchema),
    closeStream: () => extra.closeSSEStream?.(),
  };
}

export interface ReferenceServerOptionsV1 {
  /** Applied to each server before it is connected. */
  readonly protect?: (server: McpServer) => McpServer;
}

export async function startReferenceServerV1(options: ReferenceServerOptionsV1 = {}): Promise<RunningServer> {
  const { protect = (server) => server } = options;
  const sessions = keepSessions(
    (session) =>
      new StreamableHTTPServerTransport({ ...session, eventStore: new EventLog(), retryInterval: 500 }),
    (transport) => protect(buildReferenceServerV1()).connect(transport),
  );
  return await listen(sessions.handle, sessions.close);
}
