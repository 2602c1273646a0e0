import { isJsonObject, type JsonObject, type Message, type RequestId } from '@sallyport/core';

/**
 * What servers have asked the client, and the client has not answered. A restarted server counts its ids
 * from the start again, while the client may be about to answer the one before it; no server must get
 * another's answer. So the ids of later servers are made their own on the way to the client, and restored
 * on the way back.
 */
export class ServerQuestions {
  /** The id on the client's wire, and the server's own. */
  readonly #open = new Map<unknown, RequestId>();
  #generation = 0;

  /** Another server asks from now on; returns which one it is, counted from 1. */
  nextServer(): number {
    this.#generation += 1;
    return this.#generation;
  }

  /** A request or notification of the server, as the client may see it. */
  fromServer(message: JsonObject): Message {
    const { id, method, params } = message;
    if (typeof id === 'string' || typeof id === 'number') {
      const wireId = this.#wireId(id);
      this.#open.set(wireId, id);
      return (wireId === id ? message : { ...message, id: wireId }) as unknown as Message;
    }
    if (method === 'notifications/cancelled' && isJsonObject(params)) {
      const { requestId } = params;
      const wireId = this.#wireId(requestId);
      // It may also end a request of the client's that the server keeps open (`subscriptions/listen`).
      if (this.#open.delete(wireId) && wireId !== requestId) {
        return { ...message, params: { ...params, requestId: wireId } } as unknown as Message;
      }
    }
    return message as unknown as Message;
  }

  /** The server's own id of what the client answers; undefined when nothing with this id is open. */
  take(wireId: unknown): RequestId | undefined {
    const id = this.#open.get(wireId);
    this.#open.delete(wireId);
    return id;
  }

  /** The ids on the client's wire of all that is open, and is not any more. */
  takeAll(): readonly RequestId[] {
    const wireIds = [...this.#open.keys()] as RequestId[];
    this.#open.clear();
    return wireIds;
  }

  #wireId<T>(id: T): T | string {
    return this.#generation === 1 ? id : `sallyport-${this.#generation}-${JSON.stringify(id)}`;
  }
}
