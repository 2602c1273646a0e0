import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How many bytes sealing adds. */
export const SEAL_BYTES: number = NONCE_BYTES + TAG_BYTES;

/**
 * AES-256-GCM: nonce, what is encrypted, tag. Nonces are random, for which one key is good for 2^32 messages
 * (NIST SP 800-38D, 8.3): a counter would repeat one after a crash or a restored copy.
 */
export class Sealer {
  readonly #key: KeyObject;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(key: KeyObject, random: (bytes: number) => Uint8Array) {
    this.#key = key;
    this.#random = random;
  }

  /** @param bound what has to be the same when it is opened */
  seal(plain: Uint8Array, bound: Uint8Array): Buffer {
    const nonce = this.#random(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    const encrypted = cipher.update(plain);
    cipher.final();
    return Buffer.concat([nonce, encrypted, cipher.getAuthTag()]);
  }

  /** Undefined when it was sealed with another key, is bound to something else, or was altered. */
  open(sealed: Uint8Array, bound: Uint8Array): Buffer | undefined {
    if (sealed.length < SEAL_BYTES) return undefined;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
    try {
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }
}
