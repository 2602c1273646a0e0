import { isJsonObject, type JsonObject, type Message, Refusal, type RequestId } from '@sallyport/core';
import type { Dropped } from './gateway-event.ts';
import { Handshake } from './handshake.ts';
import { ServerQuestions } from './server-questions.ts';

/** Where lines for the server go. */
export interface ServerLink {
  write(line: string): void;
}

export interface BridgeEvents {
  readonly drop: (from: 'client' | 'server', why: Dropped) => void;
  /** So many requests were answered with an error, because their server is gone. */
  readonly failed: (count: number) => void;
  readonly handshakeFailed: (why: 'refused' | 'other_version') => void;
  readonly handshakeDone: () => void;
  /** More is held for a server that is being started than should be. */
  readonly held: () => void;
  /** So much of the server's is with the guard that nothing more should be read until `guardDrained`. */
  readonly guardFull: () => void;
  readonly guardDrained: () => void;
}

/**
 * The protocol layer behind the guard: takes what the guard let through to the server, and what the server
 * says to the guard. It knows what each side waits for, so that neither waits for ever when the server goes
 * away.
 */
export class Bridge {
  readonly #events: BridgeEvents;
  readonly #highWaterMark: number;
  readonly #handshake = new Handshake();
  /** Requests that the server has, and has not answered. */
  readonly #pending = new Set<RequestId>();
  readonly #questions = new ServerQuestions();
  #send: (message: Message) => Promise<void> = () => Promise.reject(new Error('Not connected.'));
  #server: ServerLink | undefined;
  #refusal: Refusal | undefined;
  /** The server may be written to: it is there, and knows the client. */
  #ready = false;
  /** Lines for a server that is being started. */
  #held: string[] = [];
  #heldLength = 0;
  /** Bytes of the server's that are with the guard. */
  #inGuard = 0;
  #guardFull = false;

  /** @param highWaterMark characters that may be held for a server, and bytes that may be with the guard */
  constructor(events: BridgeEvents, highWaterMark: number) {
    this.#events = events;
    this.#highWaterMark = highWaterMark;
  }

  /** @param send takes a message to the guard, on its way to the client */
  connect(send: (message: Message) => Promise<void>): void {
    this.#send = send;
  }

  /** From now on requests are refused with this. */
  refuse(refusal: Refusal): void {
    this.#refusal ??= refusal;
  }

  /** There will be no server any more: nothing is held for one, and requests are refused with this. */
  close(refusal: Refusal): void {
    this.refuse(refusal);
    this.#fail(this.#refusal ?? refusal);
  }

  /** A server is there. When the client had introduced itself to an earlier one, this one is told first. */
  attach(server: ServerLink): 'ready' | 'handshake' {
    const generation = this.#questions.nextServer();
    const replay = this.#handshake.replay(`sallyport-restart-${generation}`);
    this.#server = server;
    if (replay === undefined) {
      this.#release();
      return 'ready';
    }
    server.write(JSON.stringify(replay));
    return 'handshake';
  }

  /**
   * The server answers no more: whoever waits for it is told. What comes after that is held for the next
   * one.
   */
  detach(): void {
    if (this.#server === undefined) return;
    this.#fail(this.#refusal ?? new Refusal('unavailable', 'The server exited.'));
  }

  #fail(refusal: Refusal): void {
    this.#server = undefined;
    this.#held = [];
    this.#heldLength = 0;
    this.#ready = false;
    this.#handshake.reset();
    const { size } = this.#pending;
    const error = refusal.toRpcError();
    for (const id of this.#pending) this.#deliver({ jsonrpc: '2.0', id, error }, 0);
    this.#pending.clear();
    for (const requestId of this.#questions.takeAll()) {
      const params = { requestId, reason: 'The server exited.' };
      this.#deliver({ jsonrpc: '2.0', method: 'notifications/cancelled', params }, 0);
    }
    if (size > 0) this.#events.failed(size);
  }

  /**
   * From the client, after the guard.
   * @throws Refusal a request or notification that cannot reach the server; an answer is dropped instead
   */
  readonly fromClient = (message: Message): void => {
    if (!('method' in message)) {
      this.#answerFromClient(message);
      return;
    }
    if (this.#refusal !== undefined) throw this.#refusal;
    const line = JSON.stringify(message);
    this.#handshake.toServer(message as unknown as JsonObject, line);
    if ('id' in message) this.#pending.add(message.id);
    else if (message.method === 'notifications/cancelled') {
      this.#pending.delete(message.params?.['requestId'] as RequestId);
    }
    this.#toServer(line);
  };

  /** From the server: any JSON value of `size` bytes. */
  fromServer(message: unknown, size: number): void {
    if (!isJsonObject(message)) {
      this.#deliver(message as Message, size);
      return;
    }
    const { id, method } = message;
    if (method !== undefined) {
      this.#deliver(this.#questions.fromServer(message), size);
      return;
    }
    if (this.#handshake.answersReplay(message)) {
      this.#concludeHandshake(message);
      return;
    }
    const waited = this.#pending.delete(id as RequestId);
    if (waited) this.#handshake.fromServer(message);
    this.#deliver(message as unknown as Message, size, waited ? (id as RequestId) : undefined);
  }

  /** The server's answer to this request came, and could not be read. */
  answerUnreadable(id: RequestId, refusal: Refusal): void {
    if (!this.#pending.delete(id)) return;
    this.#deliver({ jsonrpc: '2.0', id, error: refusal.toRpcError() }, 0);
  }

  /** A request of the server that could not be read. */
  refuseServer(id: RequestId, refusal: Refusal): void {
    this.#toServer(JSON.stringify({ jsonrpc: '2.0', id, error: refusal.toRpcError() }));
  }

  #toServer(line: string): void {
    if (this.#ready) {
      this.#server?.write(line);
      return;
    }
    this.#held.push(line);
    this.#heldLength += line.length;
    if (this.#heldLength > this.#highWaterMark) this.#events.held();
  }

  #release(): void {
    this.#ready = true;
    const held = this.#held;
    this.#held = [];
    this.#heldLength = 0;
    for (const line of held) this.#server?.write(line);
  }

  #answerFromClient(message: Exclude<Message, { readonly method: string }>): void {
    const { id } = message;
    const theirs = this.#questions.take(id);
    if (theirs === undefined) this.#events.drop('client', 'not_asked');
    else this.#toServer(serialiseAnswer(id === theirs ? message : { ...message, id: theirs }));
  }

  #concludeHandshake(answer: JsonObject): void {
    const conclusion = this.#handshake.conclude(answer);
    if ('why' in conclusion) {
      this.#events.handshakeFailed(conclusion.why);
      return;
    }
    this.#events.handshakeDone();
    if (conclusion.line !== undefined) this.#server?.write(conclusion.line);
    this.#release();
  }

  /** @param waiting the request that this answers; it gets an error if the answer is no MCP message */
  #deliver(message: Message, size: number, waiting?: RequestId): void {
    this.#inGuard += size;
    if (this.#inGuard > this.#highWaterMark && !this.#guardFull) {
      this.#guardFull = true;
      this.#events.guardFull();
    }
    let sent: Promise<void>;
    try {
      sent = this.#send(message);
    } catch (error) {
      // The guard itself failed, its `identify` for one.
      sent = Promise.reject(Refusal.from(error));
    }
    sent.then(
      () => this.#left(size),
      (error: unknown) => {
        this.#left(size);
        this.#undelivered(message, waiting, Refusal.from(error));
      },
    );
  }

  #left(size: number): void {
    this.#inGuard -= size;
    if (this.#guardFull && this.#inGuard <= this.#highWaterMark) {
      this.#guardFull = false;
      this.#events.guardDrained();
    }
  }

  /** The guard did not take what the server said: it is no MCP message, or the guard itself failed. */
  #undelivered(message: unknown, waiting: RequestId | undefined, refusal: Refusal): void {
    if (refusal.code === 'invalid_request') {
      this.#events.drop('server', 'not_a_message');
      if (waiting !== undefined) {
        const invalid = new Refusal('invalid_result', 'The answer of the server is not a valid MCP message.');
        this.#deliver({ jsonrpc: '2.0', id: waiting, error: invalid.toRpcError() }, 0);
        return;
      }
    }
    if (!isJsonObject(message) || message['method'] === undefined) return;
    const theirs = this.#questions.take(message['id']);
    if (theirs !== undefined) this.refuseServer(theirs, refusal);
  }
}

function serialiseAnswer(message: Message & { readonly id?: RequestId | null }): string {
  try {
    return JSON.stringify(message);
  } catch {
    // What came from the wire can always be written; an interceptor put something else into it.
    const error = new Refusal('internal', 'The answer could not be written as JSON.').toRpcError();
    return JSON.stringify({ jsonrpc: '2.0', id: message.id, error });
  }
}
