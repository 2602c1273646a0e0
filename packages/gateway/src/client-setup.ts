import { isJsonObject, type JsonObject, type RequestId } from '@sallyport/core';
import type { RequestMessage } from './message-kinds.ts';

const SET_LEVEL = 'logging/setLevel';
const UNSUBSCRIBE = 'resources/unsubscribe';
const SETS_UP: ReadonlySet<string> = new Set([SET_LEVEL, 'resources/subscribe', UNSUBSCRIBE]);

/** A request of the client's, and the characters that it takes. */
interface Setting {
  readonly message: RequestMessage;
  readonly length: number;
}

/**
 * Remembers what the client has set up on its server, as the guard let it through, so that the next server
 * can be told: the log level, and the resources that it wants to hear of. (Up to 2025-11-25; later revisions
 * say it with each request, or keep a request open for it.)
 */
export class ClientSetup {
  readonly #maxLength: number;
  /** Sent, and not answered. */
  readonly #asked = new Map<unknown, Setting>();
  /** Carried out, by what it was about. */
  readonly #settings = new Map<string, Setting>();
  #length = 0;
  readonly #replayIds = new Set<unknown>();

  /** @param maxLength characters that are remembered; what goes beyond is lost with its server */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Sees each request on its way to the server. */
  toServer(message: RequestMessage, line: string): void {
    if (SETS_UP.has(message.method)) this.#asked.set(message.id, { message, length: line.length });
  }

  /** This request will not be answered. */
  forget(id: RequestId): void {
    this.#asked.delete(id);
  }

  /** Sees each answer of the server. */
  fromServer(answer: JsonObject): void {
    if (this.#asked.size === 0) return;
    const asked = this.#asked.get(answer['id']);
    if (asked === undefined) return;
    this.#asked.delete(answer['id']);
    // What the server refused is not set up.
    if (!isJsonObject(answer['result'])) return;
    const key = keyOf(asked.message);
    this.#length -= this.#settings.get(key)?.length ?? 0;
    this.#settings.delete(key);
    if (asked.message.method === UNSUBSCRIBE) return;
    if (this.#length + asked.length > this.#maxLength) return;
    this.#settings.set(key, asked);
    this.#length += asked.length;
  }

  /** The server is gone. What it had not answered, the client learns to have failed. */
  reset(): void {
    this.#asked.clear();
    this.#replayIds.clear();
  }

  /** What to send to a new server, with ids that begin with `prefix`. */
  replay(prefix: string): readonly RequestMessage[] {
    return [...this.#settings.values()].map(({ message }, index) => {
      const id = `${prefix}-${index}`;
      this.#replayIds.add(id);
      return { ...message, id };
    });
  }

  /** Whether this answers something that `replay` returned; asked once for each. */
  answersReplay(id: unknown): boolean {
    return this.#replayIds.size > 0 && this.#replayIds.delete(id);
  }
}

function keyOf({ method, params }: RequestMessage): string {
  return method === SET_LEVEL ? 'level' : `resource ${String(params?.['uri'])}`;
}
