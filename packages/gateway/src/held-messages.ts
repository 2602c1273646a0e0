import type { RequestId } from '@sallyport/core';
import type { CallMessage } from './message-kinds.ts';

/** A message on its way to the server, and the line that it is sent as. */
export interface HeldMessage {
  readonly message: CallMessage;
  readonly line: string;
}

/** What waits for a server that is not there yet, in the order in which it came. */
export class HeldMessages {
  #messages: HeldMessage[] = [];
  #length = 0;

  /** Characters that are held. */
  get length(): number {
    return this.#length;
  }

  add(held: HeldMessage): void {
    this.#messages.push(held);
    this.#length += held.line.length;
  }

  /** Forgets a request; false when there is none with this id. */
  remove(id: unknown): boolean {
    const at = this.#messages.findIndex(({ message }) => 'id' in message && message.id === id);
    const [held] = at === -1 ? [] : this.#messages.splice(at, 1);
    this.#length -= held?.line.length ?? 0;
    return held !== undefined;
  }

  takeAll(): readonly HeldMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#length = 0;
    return messages;
  }

  /** The ids of the requests among all that is held, and is not any more. */
  takeRequests(): readonly RequestId[] {
    return this.takeAll().flatMap(({ message }) => ('id' in message ? [message.id] : []));
  }
}
