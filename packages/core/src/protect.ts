import type { Guard } from './guard.ts';
import { guardTransport } from './guard-transport.ts';
import type { Transport } from './transport.ts';

/** An SDK server of either generation: `McpServer`, or the `Server` below it. */
export interface ProtectableServer {
  connect(transport: never): Promise<void>;
}

const PROTECTED = Symbol.for('sallyport.protected');

/**
 * Guards an SDK server: whatever transport it is later connected to is wrapped by `guardTransport`. Tools may be
 * registered before or after. Costs one assignment, since SDK v2 builds a server for every HTTP request.
 *
 * @returns the same server, so that a factory can say `return protect(server, guard)`
 * @throws TypeError when the server is already connected, or already protected
 */
export function protect<S extends ProtectableServer>(server: S, guard: Guard): S {
  // `McpServer.connect` delegates to the `Server` inside it; guarding that one covers both entrances.
  const inner = innermost(server);
  if (inner.transport !== undefined) {
    throw new TypeError(
      'This server is already connected, and what is connected cannot be guarded any more. ' +
        'Call protect(server, guard) first, and server.connect(transport) after it.',
    );
  }
  if (inner[PROTECTED] === true) {
    throw new TypeError('This server is already protected. Put all interceptors into one guard.');
  }
  const connect = inner.connect.bind(inner);
  Object.defineProperty(inner, PROTECTED, { value: true });
  inner.connect = (transport: Transport) => connect(guardTransport(transport, guard));
  return server;
}

interface Inner {
  connect: (transport: Transport) => Promise<void>;
  readonly transport?: unknown;
  [PROTECTED]?: boolean;
}

function innermost(server: ProtectableServer): Inner {
  const { server: inner } = server as { readonly server?: Partial<Inner> };
  return (typeof inner?.connect === 'function' ? inner : server) as Inner;
}
