import { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import {
  completable,
  createMcpHandler,
  isLegacyRequest,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { EventLog } from './event-log.ts';
import { listen, type RunningServer } from './http-listener.ts';
import { keepSessions } from './http-sessions.ts';
import { flowState, registerInputRequired } from './input-required.ts';
import { completeFirstArgument, RESOURCES, SERVER_INFO, TEMPLATE } from './reference-content.ts';
import { PROMPTS } from './reference-prompts.ts';
import { TOOLS, type ToolCall } from './reference-tools.ts';

/** How the tools that change a list tell who listens; by default through the server's own connection. */
export interface ListChanges {
  toolsChanged(): void;
  promptsChanged(): void;
}

/** Revisions 2025-11-25 and 2026-07-28 as SDK v2 serves them: everything that the official suite calls. */
export function buildReferenceServer(changes?: ListChanges): McpServer {
  const server = new McpServer(SERVER_INFO, {
    capabilities: { logging: {}, resources: { subscribe: true } },
    requestState: { verify: (state, ctx) => flowState.verify(state, ctx) },
  });

  for (const { name, description, inputSchema, run } of TOOLS) {
    server.registerTool(name, { description, inputSchema }, async (args, ctx) => ({
      content: await run(toolCall(args, ctx)),
    }));
  }
  registerDiagnostics(server, changes);
  registerInputRequired(server);

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
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));

  for (const prompt of PROMPTS) {
    const argsSchema = z.object(Object.fromEntries(prompt.args.map((arg) => [arg, argument(arg)])));
    server.registerPrompt(prompt.name, { description: prompt.description, argsSchema }, (args) => ({
      messages: prompt.messages(args),
    }));
  }
  return server;
}

/** Tools by which the 2026-07-28 scenarios make a server do something without being asked. */
function registerDiagnostics(server: McpServer, changes: ListChanges | undefined): void {
  const tool = (
    name: string,
    description: string,
    run: (ctx: ServerContext) => void | Promise<void>,
  ): void => {
    server.registerTool(name, { description, inputSchema: z.object({}) }, async (_args, ctx) => {
      await run(ctx);
      return { content: [{ type: 'text', text: 'done' }] };
    });
  };
  // The lists stay as they are: other scenarios compare them, and only the notification is under test.
  tool('test_trigger_tool_change', 'Says that the tools changed', () =>
    changes === undefined ? server.sendToolListChanged() : changes.toolsChanged(),
  );
  tool('test_trigger_prompt_change', 'Says that the prompts changed', () =>
    changes === undefined ? server.sendPromptListChanged() : changes.promptsChanged(),
  );
  tool('test_logging_tool', 'Logs once', (ctx) => toolCall({}, ctx).log('Logging tool called'));
}

const argument = (name: string): z.ZodString =>
  name === 'arg1' ? completable(z.string(), completeFirstArgument) : z.string();

function toolCall(args: Readonly<Record<string, unknown>>, ctx: ServerContext): ToolCall {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  return {
    args,
    log: (text) => ctx.mcpReq.log('info', text),
    progress: async (progress, total) => {
      if (progressToken === undefined) return;
      await ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total },
      });
    },
    ask: (method, params) => ctx.mcpReq.send({ method, params }),
    closeStream: () => ctx.http?.closeSSE?.(),
  };
}

export interface ReferenceServerOptions {
  /** Applied to each server before it is connected. */
  readonly protect?: (server: McpServer) => McpServer;
}

/** Both eras on one endpoint: sessions for the older, one server per request for the newer. */
export async function startReferenceServerV2(options: ReferenceServerOptions = {}): Promise<RunningServer> {
  const { protect = (server) => server } = options;
  const handler = createMcpHandler(() => protect(buildReferenceServer(handler.notify)), { legacy: 'reject' });
  const modern = toNodeHandler(handler);
  const sessions = keepSessions(
    (session) =>
      new NodeStreamableHTTPServerTransport({ ...session, eventStore: new EventLog(), retryInterval: 500 }),
    (transport) => protect(buildReferenceServer()).connect(transport),
  );

  return await listen(
    async (req, res, body) => {
      const legacy = await isLegacyRequest(await toWebRequest(req, body), body);
      await (legacy ? sessions.handle(req, res, body) : modern(req, res, body));
    },
    async () => {
      await handler.close();
      await sessions.close();
    },
  );
}
