import { randomUUID } from 'node:crypto';
import { sendError, type McpRequestHandler } from './http-listener.ts';

/** The transports of both SDK generations, as far as keeping their sessions needs. */
export interface SessionTransport {
  sessionId?: string | undefined;
  onclose?: (() => void) | undefined;
  handleRequest(...request: Parameters<McpRequestHandler>): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions {
  sessionIdGenerator: () => string;
  onsessioninitialized: (id: string) => void;
}

export interface Sessions {
  readonly handle: McpRequestHandler;
  readonly close: () => Promise<void>;
}

/** Clients that leave without a DELETE must not pile up what their sessions hold. */
const MAX_SESSIONS = 8;

/**
 * One transport per `Mcp-Session-Id`, as revisions up to 2025-11-25 have it.
 * `open` creates the transport with the given options and connects a server to it.
 */
export function keepSessions<T extends SessionTransport>(
  create: (options: SessionOptions) => T,
  connect: (transport: T) => Promise<void>,
): Sessions {
  const sessions = new Map<string, T>();

  const open = async (): Promise<T> => {
    const transport = create({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
        const [oldest] = sessions.values();
        if (sessions.size > MAX_SESSIONS) void oldest?.close();
      },
    });
    // Set before `connect`, where a wrapper of the transport must not lose it.
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    await connect(transport);
    return transport;
  };

  return {
    handle: async (req, res, body) => {
      const id = req.headers['mcp-session-id'];
      if (id === undefined) {
        const transport = await open();
        await transport.handleRequest(req, res, body);
        // Not an `initialize`: the transport has answered 400 and belongs to nobody.
        if (transport.sessionId === undefined) await transport.close();
        return;
      }
      const transport = sessions.get(String(id));
      if (transport === undefined) sendError(res, 404, -32001, 'Session not found');
      else await transport.handleRequest(req, res, body);
    },
    close: async () => {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
    },
  };
}
