import { isJsonObject, type JsonObject, type Message } from '@sallyport/core';

/**
 * Remembers how the client introduced itself, as the guard let it through, so that a restarted server can
 * be told: up to 2025-11-25 a server answers nothing before `initialize`. Later revisions have no
 * handshake; then this stays empty.
 */
export class Handshake {
  #asked: JsonObject | undefined;
  #version: unknown;
  #initialized: string | undefined;
  #replayId: string | undefined;

  /** Sees each message on its way to the server. `line` is the message as it is sent. */
  toServer(message: JsonObject, line: string): void {
    if (message['method'] === 'initialize') {
      this.#asked = message;
      this.#version = undefined;
      this.#initialized = undefined;
    } else if (message['method'] === 'notifications/initialized') this.#initialized = line;
  }

  /** Sees each answer of the server. */
  fromServer(answer: JsonObject): void {
    if (this.#asked === undefined || answer['id'] !== this.#asked['id'] || this.#version !== undefined)
      return;
    if (isJsonObject(answer['result'])) this.#version = answer['result']['protocolVersion'];
    // A handshake that failed is the client's to repeat.
    else this.#asked = undefined;
  }

  /** The server is gone. What it had not answered yet, the client learns to have failed. */
  reset(): void {
    this.#replayId = undefined;
    if (this.#version !== undefined) return;
    this.#asked = undefined;
    this.#initialized = undefined;
  }

  /** The `initialize` to send to a new server under this id; undefined when there was no handshake. */
  replay(id: string): Message | undefined {
    if (this.#asked === undefined) return undefined;
    this.#replayId = id;
    return { ...this.#asked, id } as unknown as Message;
  }

  /** Whether a message of the server answers what `replay` returned. */
  answersReplay(message: JsonObject): boolean {
    return (
      this.#replayId !== undefined && message['id'] === this.#replayId && message['method'] === undefined
    );
  }

  /**
   * What follows the answer to the replay: a line for the server, nothing, or a reason why it cannot go on.
   */
  conclude(
    answer: JsonObject,
  ): { readonly line: string | undefined } | { readonly why: 'refused' | 'other_version' } {
    this.#replayId = undefined;
    const { result } = answer;
    if (!isJsonObject(result)) return { why: 'refused' };
    // The client goes on speaking the version it had agreed on.
    if (result['protocolVersion'] !== this.#version) return { why: 'other_version' };
    return { line: this.#initialized };
  }
}
