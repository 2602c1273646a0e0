import type { Beside } from './flight.ts';
import type { Guard } from './guard.ts';
import { Lane } from './lane.ts';
import { classify, type Message } from './message.ts';
import type { Principal } from './principal.ts';
import { Refusal } from './refusal.ts';
import type { SendOptions, Transport, Wire } from './transport.ts';

/**
 * Puts every message of a transport through a guard. The protocol layer (an SDK server, or a gateway) is connected to
 * what this returns; the host goes on using the real transport (`handleRequest`, `sessionId`, ...).
 *
 * The wrapper forwards everything it does not know, so that members which later SDK versions add keep working. Of the
 * callbacks, what the protocol layer sets is guarded, and what the host had set before is still visible, because the
 * SDKs chain it.
 */
export function guardTransport<T extends Transport>(transport: T, guard: Guard): T {
  const wire = transport as unknown as Wire;
  const connection = new Connection(wire, guard);
  const methods = new Map<PropertyKey, unknown>([['send', connection.send]]);
  return new Proxy(transport, {
    get(target, key) {
      if (key === 'onmessage') return connection.onmessage ?? wire.onmessage;
      if (key === 'onclose') return connection.onclose ?? wire.onclose;
      const own = methods.get(key);
      if (own !== undefined) return own;
      // The real object as receiver: its getters and methods may use private members, which a proxy has not.
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const bound: unknown = value.bind(target);
      // A data property may be replaced later (callbacks are), a method of the class may not.
      if (!Object.hasOwn(target, key)) methods.set(key, bound);
      return bound;
    },
    set(target, key, value: unknown) {
      if (key === 'onmessage') connection.listen(value as Wire['onmessage']);
      else if (key === 'onclose') connection.listenClose(value as Wire['onclose']);
      else return Reflect.set(target, key, value, target);
      return true;
    },
  });
}

/** The two lanes between a transport and the protocol layer behind it. */
class Connection {
  onmessage: Wire['onmessage'];
  onclose: Wire['onclose'];
  readonly #wire: Wire;
  readonly #guard: Guard;
  readonly #inbound: Lane;
  readonly #outbound: Lane;
  #principal: Principal | undefined;

  constructor(wire: Wire, guard: Guard) {
    this.#wire = wire;
    this.#guard = guard;
    const toClient = (message: Message, beside: Beside): Promise<void> => wire.send(message, beside.options);
    const toServer = (message: Message, beside: Beside): void => this.onmessage?.(message, beside.extra);
    this.#inbound = new Lane({
      direction: 'inbound',
      guard,
      forward: toServer,
      reply: toClient,
      identify: ({ extra }) => (this.#principal = guard.identify(extra)),
    });
    this.#outbound = new Lane({
      direction: 'outbound',
      guard,
      forward: toClient,
      reply: toServer,
      // What a server sends on its own belongs to whoever asked for it, or else to whoever spoke last.
      identify: ({ options }) =>
        this.#inbound.principalOf(options?.relatedRequestId) ?? this.#principal ?? guard.identify(undefined),
    });
    this.#inbound.opposite = this.#outbound;
    this.#outbound.opposite = this.#inbound;
  }

  listen(handler: Wire['onmessage']): void {
    this.onmessage = handler;
    this.#wire.onmessage = this.#receive;
  }

  listenClose(handler: Wire['onclose']): void {
    this.onclose = handler;
    this.#wire.onclose = () => {
      this.#inbound.close();
      this.#outbound.close();
      handler?.();
    };
  }

  /** From the protocol layer to the client. */
  readonly send = (message: unknown, options?: SendOptions): Promise<void> => {
    const beside = { options };
    const classified = classify(message);
    switch (classified.kind) {
      case 'request':
        return this.#outbound.request(classified.message, beside);
      case 'notification':
        return this.#outbound.notify(classified.message, beside);
      case 'response':
        return this.#inbound.respond(classified.message, beside);
      case 'invalid': {
        const refusal = malformed(classified.why);
        this.#guard.report(refusal, { direction: 'outbound', server: this.#guard.server });
        return Promise.reject(refusal);
      }
    }
  };

  /** From the client to the protocol layer. */
  readonly #receive = (message: unknown, extra?: unknown): void => {
    const beside = { extra };
    const classified = classify(message);
    switch (classified.kind) {
      case 'request':
        this.#settle(this.#inbound.request(classified.message, beside));
        return;
      case 'notification':
        this.#settle(this.#inbound.notify(classified.message, beside));
        return;
      case 'response':
        this.#settle(this.#outbound.respond(classified.message, beside));
        return;
      case 'invalid': {
        const refusal = malformed(classified.why);
        this.#guard.report(refusal, { direction: 'inbound', server: this.#guard.server });
        if (classified.id === undefined) return;
        const error = refusal.toRpcError();
        this.#settle(this.#wire.send({ jsonrpc: '2.0', id: classified.id, error }));
      }
    }
  };

  #settle(sent: Promise<void>): void {
    sent.catch((error: unknown) =>
      this.#wire.onerror?.(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

function malformed(why: string): Refusal {
  return new Refusal('invalid_request', `Not a valid MCP message: ${why}.`);
}
