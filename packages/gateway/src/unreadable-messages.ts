import { type Call, Refusal } from '@sallyport/core';
import type { Bridge } from './bridge.ts';
import type { ClientTransport } from './client-transport.ts';
import type { Dropped } from './gateway-event.ts';
import type { ReadLimits, Unreadable } from './message-reader.ts';

export interface UnreadableMessagesOptions {
  readonly client: ClientTransport;
  readonly bridge: Bridge;
  readonly limits: ReadLimits;
  readonly drop: (from: 'client' | 'server', why: Dropped) => void;
  readonly report: (refusal: Refusal, direction: Call['direction']) => void;
}

/**
 * Deals with what came and could not be read: nobody may wait for ever for something that was thrown away.
 */
export class UnreadableMessages {
  readonly #options: UnreadableMessagesOptions;

  constructor(options: UnreadableMessagesOptions) {
    this.#options = options;
  }

  fromClient(what: Unreadable): void {
    const { client, drop, report } = this.#options;
    const refusal = this.#refusal(what);
    drop('client', what.why);
    report(refusal, 'inbound');
    const id = 'id' in what ? (what.id ?? null) : null;
    // JSON-RPC 2.0, section 5.1: -32700 for what is no JSON, with a null id (section 5).
    const error = 'id' in what ? refusal.toRpcError() : { code: -32700, message: refusal.message };
    // As if the client had answered with an error: then the guard knows, too, that this request is over.
    if ('id' in what && id !== null && !what.hasMethod) client.onmessage?.({ jsonrpc: '2.0', id, error });
    else client.send({ jsonrpc: '2.0', id, error }).catch(() => undefined);
  }

  fromServer(what: Unreadable): void {
    const { bridge, drop, report } = this.#options;
    const refusal = this.#refusal(what);
    drop('server', what.why);
    report(refusal, 'outbound');
    // What is no JSON answers nothing: most likely a line of a log.
    if (!('id' in what) || what.id === undefined) return;
    if (what.hasMethod) bridge.refuseServer(what.id, refusal);
    else bridge.answerUnreadable(what.id, refusal);
  }

  #refusal({ why }: Unreadable): Refusal {
    const { maxMessageBytes, maxDepth } = this.#options.limits;
    switch (why) {
      case 'invalid_json':
      case 'invalid_utf8':
        return new Refusal('invalid_request', 'Not valid JSON in UTF-8; the message was dropped.');
      case 'too_large':
        return new Refusal('too_large', `The message is larger than ${maxMessageBytes} bytes.`);
      case 'too_deep':
        return new Refusal('too_large', `The message is nested more than ${maxDepth} levels deep.`);
    }
  }
}
