import { createHmac, type KeyObject } from 'node:crypto';
import type { TokenScope } from '../token-vault.ts';

/** 128 bits name a scope, a person or a token, and 192 a value, of which there are many more. */
const NAME_BYTES = 16;
const LOOKUP_BYTES = 24;
const NO_BYTES = new Uint8Array();

/**
 * HMAC-SHA256 names for what a vault must recognize but not keep in the clear, as base64url. What is hashed
 * begins with JSON, in which no two lists of texts look alike, halves of characters included.
 */
export class Fingerprints {
  readonly #key: KeyObject;
  /** Most values of a call have the same. */
  #lastScope: Remembered | undefined;
  #lastAbout: Remembered | undefined;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  scope({ tenant, subject }: TokenScope): string {
    const of = JSON.stringify(['scope', tenant, subject]);
    if (this.#lastScope?.of !== of) this.#lastScope = { of, name: this.#name(of, NO_BYTES, NAME_BYTES) };
    return this.#lastScope.name;
  }

  about(about: string): string {
    const of = JSON.stringify(['about', about]);
    if (this.#lastAbout?.of !== of) this.#lastAbout = { of, name: this.#name(of, NO_BYTES, NAME_BYTES) };
    return this.#lastAbout.name;
  }

  /** @param scope the name of the scope */
  token(scope: string, token: string): string {
    return this.#name(JSON.stringify(['token', scope, token]), NO_BYTES, NAME_BYTES);
  }

  /** @param scope the name of the scope */
  lookup(scope: string, entity: string, value: Uint8Array): string {
    return this.#name(JSON.stringify(['value', scope, entity]), value, LOOKUP_BYTES);
  }

  #name(of: string, more: Uint8Array, bytes: number): string {
    const hmac = createHmac('sha256', this.#key).update(of);
    if (more.length > 0) hmac.update(more);
    return hmac.digest().toString('base64url', 0, bytes);
  }
}

interface Remembered {
  readonly of: string;
  readonly name: string;
}
