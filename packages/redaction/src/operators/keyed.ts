import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

import type { Secret } from '@sallyport/core';

const SHORTEST_KEY = 16;

/** HMAC-SHA256 with the key of the policy; every use of it has a purpose of its own. */
export class Keyed {
  readonly #key: KeyObject;

  /** @throws TypeError for a key that could be guessed */
  constructor(key: Secret) {
    const bytes = Buffer.from(key.reveal(), 'utf8');
    if (bytes.length < SHORTEST_KEY) {
      throw new TypeError(`hmacKey has to have at least ${SHORTEST_KEY} bytes; generate 32 random ones.`);
    }
    this.#key = createSecretKey(bytes);
  }

  /** The parts are told apart, whatever they contain. */
  digest(purpose: string, ...parts: readonly string[]): Buffer {
    const hmac = createHmac('sha256', this.#key).update(purpose);
    for (const part of parts) hmac.update(`\0${Buffer.byteLength(part)}:`).update(part);
    return hmac.digest();
  }

  /** A stream of bytes, always the same for the same parts. */
  *bytes(purpose: string, ...parts: readonly string[]): Generator<number, never> {
    for (let block = 0; ; block += 1) yield* this.digest(purpose, ...parts, String(block));
  }
}
