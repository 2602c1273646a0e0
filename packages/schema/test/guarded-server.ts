import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import {
  composeGuard,
  type Evidence,
  guardTransport,
  type Interceptor,
  type Principal,
} from '@sallyport/core';

import { validate, type ValidateOptions } from '../src/index.ts';

export interface Tool {
  readonly name: string;
  readonly inputSchema?: unknown;
  readonly outputSchema?: unknown;
}

/** A server that says and answers whatever a test wants, unchecked, as a server in another language might. */
export interface Behaviour {
  /** The pages of its list; an empty list of pages: it has no `tools/list`. */
  pages: (readonly Tool[])[];
  answer: (
    params: Readonly<Record<string, unknown>>,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Runs before each answer to `tools/list`. */
  onList?: () => void | Promise<void>;
}

export interface GuardedServer {
  readonly client: Client;
  readonly server: Server;
  /** Names of the tools that ran. */
  readonly executed: string[];
  /** Cursors of the lists that were asked for, `''` for the first page. */
  readonly listed: string[];
  /** What the layer left on the trails. */
  readonly evidence: Evidence[];
}

/**
 * One guard, and one server and client that it stands between; call `connect` again for a further connection.
 */
export function guardedServers(
  behaviour: Behaviour,
  options: ValidateOptions = {},
  identify?: () => Principal,
): { connect(): Promise<GuardedServer> } {
  const evidence: Evidence[] = [];
  const witness: Interceptor = {
    name: 'witness',
    intercept: (call, next) => {
      const add = call.trail.add.bind(call.trail);
      call.trail.add = (entry: Evidence) => {
        evidence.push(entry);
        add(entry);
      };
      return next(call);
    },
  };
  const guard = composeGuard({
    interceptors: [witness, validate(options)],
    gateTimeoutMs: 1_000,
    ...(identify === undefined ? {} : { identify }),
  });
  return {
    connect: async () => {
      const executed: string[] = [];
      const listed: string[] = [];
      const capabilities = { tools: { listChanged: true } };
      const server = new Server({ name: 'fake', version: '1.0.0' }, { capabilities });
      if (behaviour.pages.length > 0) {
        server.setRequestHandler(ListToolsRequestSchema, async ({ params }) => {
          const page = Number(params?.cursor ?? 0);
          listed.push(params?.cursor ?? '');
          await behaviour.onList?.();
          const more = page + 1 < behaviour.pages.length ? { nextCursor: String(page + 1) } : {};
          return { tools: (behaviour.pages[page] ?? []) as never, ...more };
        });
      }
      server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
        executed.push(params.name);
        return behaviour.answer(params);
      });
      const [near, far] = InMemoryTransport.createLinkedPair();
      await server.connect(guardTransport(far, guard));
      const client = new Client({ name: 'client', version: '1.0.0' });
      await client.connect(near);
      return { client, server, executed, listed, evidence };
    },
  };
}
