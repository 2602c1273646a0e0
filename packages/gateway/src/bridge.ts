import { isJsonObject, type JsonObject, type Message, Refusal, type RequestId } from '@sallyport/core';
import { ClientSetup } from './client-setup.ts';
import type { Dropped } from './gateway-event.ts';
import { GuardLoad } from './guard-load.ts';
import { Handshake } from './handshake.ts';
import { HeldMessages } from './held-messages.ts';
import type { CallMessage, ResponseMessage } from './message-kinds.ts';
import { OpenRequests } from './open-requests.ts';
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
  /** More is held for the next server than should be; ends with `released`. */
  readonly held: () => void;
  readonly released: () => void;
  /** So much of the server's is with the guard that nothing more should be read until `guardDrained`. */
  readonly guardFull: () => void;
  readonly guardDrained: () => void;
}

const CANCELLED = 'notifications/cancelled';

/**
 * The protocol layer behind the guard: takes what the guard let through to the server, and what the server
 * says to the guard. It knows what each side waits for, so that neither waits for ever when the server goes
 * away.
 */
export class Bridge {
  readonly #events: BridgeEvents;
  readonly #highWaterMark: number;
  readonly #handshake = new Handshake();
  readonly #setup: ClientSetup;
  readonly #requests = new OpenRequests();
  readonly #questions = new ServerQuestions();
  #send: (message: Message) => Promise<void> = () => Promise.reject(new Error('Not connected.'));
  #server: ServerLink | undefined;
  #refusal: Refusal | undefined;
  /** `open`: the server is there, and knows the client. `draining`: it shall get nothing new. */
  #gate: 'closed' | 'open' | 'draining' = 'closed';
  /** For the next server. */
  readonly #held = new HeldMessages();
  #replayPrefix = '';
  readonly #guardLoad: GuardLoad;

  /** @param highWaterMark characters that may be held for a server, and bytes that may be with the guard */
  constructor(events: BridgeEvents, highWaterMark: number) {
    this.#events = events;
    this.#highWaterMark = highWaterMark;
    this.#setup = new ClientSetup(highWaterMark);
    this.#guardLoad = new GuardLoad(highWaterMark, events.guardFull, events.guardDrained);
  }

  /** Requests that the server has, and should answer soon. */
  get open(): number {
    return this.#requests.waiting;
  }

  /** @param send takes a message to the guard, on its way to the client */
  connect(send: (message: Message) => Promise<void>): void {
    this.#send = send;
  }

  /** From now on requests are refused with this, those that are held for a server included. */
  refuse(refusal: Refusal): void {
    this.#refusal ??= refusal;
    this.#fail(this.#held.takeRequests(), this.#refusal);
    this.#events.released();
  }

  /** There will be no server any more: requests are refused with this. */
  close(refusal: Refusal): void {
    this.refuse(refusal);
    this.#letGo(this.#refusal ?? refusal, 'end subscriptions');
  }

  /** A server is there. When the client had introduced itself to an earlier one, this one is told first. */
  attach(server: ServerLink): 'ready' | 'handshake' {
    this.#replayPrefix = `sallyport-restart-${this.#questions.nextServer()}`;
    const replay = this.#handshake.replay(this.#replayPrefix);
    this.#server = server;
    if (replay === undefined) {
      this.#introduced();
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
    const gone = new Refusal('unavailable', 'The server exited.');
    this.#letGo(this.#refusal ?? gone, 'end subscriptions');
  }

  /**
   * From now on the server gets nothing new: that is held for the next one. Settles when it has answered
   * everything, or is gone, or is to go on after all.
   */
  drain(): Promise<void> {
    this.#gate = 'draining';
    return this.#requests.whenAnswered();
  }

  /** Ends the draining of a server that is to go on; false when none is drained. */
  goOn(): boolean {
    if (this.#gate !== 'draining') return false;
    this.#gate = 'open';
    this.#release();
    this.#requests.giveUp();
    return true;
  }

  /**
   * The server is ended to make way for the next one: what it has not answered is refused, what it has asked
   * is cancelled. What it keeps open the next one is asked again, so that the client need not know.
   */
  dismiss(): void {
    if (this.#server === undefined) return;
    const late = new Refusal('unavailable', 'The server was restarted, and had not answered in time.');
    this.#letGo(late, 'keep subscriptions');
  }

  #letGo(refusal: Refusal, subscriptions: 'end subscriptions' | 'keep subscriptions'): void {
    this.#server = undefined;
    this.#gate = 'closed';
    this.#handshake.reset();
    this.#setup.reset();
    this.#fail(this.#requests.take(subscriptions), refusal);
    for (const requestId of this.#questions.takeAll()) {
      const params = { requestId, reason: 'The server exited.' };
      this.#deliver({ jsonrpc: '2.0', method: CANCELLED, params }, 0);
    }
  }

  #fail(ids: readonly RequestId[], refusal: Refusal): void {
    if (ids.length === 0) return;
    const error = refusal.toRpcError();
    for (const id of ids) this.#deliver({ jsonrpc: '2.0', id, error }, 0);
    this.#events.failed(ids.length);
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
    if (this.#gate === 'open') this.#toServer(message, line);
    else this.#hold(message, line);
  };

  /** From the server: any JSON value of `size` bytes. */
  fromServer(message: unknown, size: number): void {
    // It was dismissed: nobody waits for its answers, or would answer it.
    if (this.#server === undefined && !isPlainNotice(message)) return;
    if (!isJsonObject(message)) {
      this.#deliver(message as Message, size);
      return;
    }
    const { id, method, params } = message;
    if (method !== undefined) {
      if (method === CANCELLED && isJsonObject(params)) {
        this.#requests.unsubscribe(params['requestId'] as RequestId);
      }
      this.#deliver(this.#questions.fromServer(message), size);
      return;
    }
    if (this.#handshake.answersReplay(message)) {
      this.#concludeHandshake(message);
      return;
    }
    if (this.#setup.answersReplay(id)) return;
    const waited = this.#requests.settle(id as RequestId);
    if (waited) {
      this.#handshake.fromServer(message);
      this.#setup.fromServer(message);
    }
    this.#deliver(message as unknown as Message, size, waited ? (id as RequestId) : undefined);
  }

  /** The server's answer to this request came, and could not be read. */
  answerUnreadable(id: RequestId, refusal: Refusal): void {
    this.#setup.forget(id);
    if (this.#requests.settle(id)) this.#deliver({ jsonrpc: '2.0', id, error: refusal.toRpcError() }, 0);
  }

  /** A request of the server that could not be read. */
  refuseServer(id: RequestId, refusal: Refusal): void {
    this.#server?.write(JSON.stringify({ jsonrpc: '2.0', id, error: refusal.toRpcError() }));
  }

  #toServer(message: CallMessage, line: string): void {
    if ('id' in message) {
      this.#requests.add(message, line);
      this.#setup.toServer(message, line);
    } else if (message.method === CANCELLED) {
      const id = message.params?.['requestId'] as RequestId;
      this.#setup.forget(id);
      this.#requests.settle(id);
    }
    this.#handshake.toServer(message as unknown as JsonObject, line);
    this.#server?.write(line);
  }

  #hold(message: CallMessage, line: string): void {
    if (message.method === CANCELLED) {
      const id = message.params?.['requestId'] as RequestId;
      // No server has to hear of a request that was cancelled before it left.
      if (this.#held.remove(id)) return;
      if (this.#requests.has(id)) {
        this.#toServer(message, line);
        return;
      }
    } else if (message.method === 'notifications/progress') {
      // With what a server has asked; the next one may have given the same token to something else.
      this.#server?.write(line);
      return;
    }
    this.#held.add({ message, line });
    if (this.#held.length > this.#highWaterMark) this.#events.held();
  }

  /** The server knows the client: it is told what the client had set up, and gets what was held. */
  #introduced(): void {
    this.#gate = 'open';
    for (const request of this.#setup.replay(this.#replayPrefix))
      this.#server?.write(JSON.stringify(request));
    for (const line of this.#requests.subscriptions) this.#server?.write(line);
    this.#release();
  }

  #release(): void {
    this.#events.released();
    for (const { message, line } of this.#held.takeAll()) this.#toServer(message, line);
  }

  #answerFromClient(message: ResponseMessage): void {
    const { id } = message;
    const theirs = this.#questions.take(id);
    if (theirs === undefined) this.#events.drop('client', 'not_asked');
    // Never held: only the server that asked can make sense of it.
    else this.#server?.write(serialiseAnswer(id === theirs ? message : { ...message, id: theirs }));
  }

  #concludeHandshake(answer: JsonObject): void {
    const conclusion = this.#handshake.conclude(answer);
    if ('why' in conclusion) {
      this.#events.handshakeFailed(conclusion.why);
      return;
    }
    if (conclusion.line !== undefined) this.#server?.write(conclusion.line);
    this.#introduced();
    this.#events.handshakeDone();
  }

  /** @param waiting the request that this answers; it gets an error if the answer is no MCP message */
  #deliver(message: Message, size: number, waiting?: RequestId): void {
    this.#guardLoad.enter(size);
    let sent: Promise<void>;
    try {
      sent = this.#send(message);
    } catch (error) {
      // The guard itself failed, its `identify` for one.
      sent = Promise.reject(Refusal.from(error));
    }
    sent.then(
      () => this.#guardLoad.leave(size),
      (error: unknown) => {
        this.#guardLoad.leave(size);
        this.#undelivered(message, waiting, Refusal.from(error));
      },
    );
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

/** A notification that ends nothing. */
function isPlainNotice(message: unknown): boolean {
  if (!isJsonObject(message)) return false;
  const { id, method } = message;
  return method !== undefined && method !== CANCELLED && id === undefined;
}

function serialiseAnswer(message: ResponseMessage): string {
  try {
    return JSON.stringify(message);
  } catch {
    // What came from the wire can always be written; an interceptor put something else into it.
    const error = new Refusal('internal', 'The answer could not be written as JSON.').toRpcError();
    return JSON.stringify({ jsonrpc: '2.0', id: message.id, error });
  }
}
