import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** Something encrypted with the key of one person, as it stands in a record. */
export interface Seal {
  readonly v: 1;
  /** The pseudonym of the person whose key opens it. */
  readonly key: string;
  /** 12 bytes, base64url. */
  readonly nonce: string;
  /** AES-256-GCM: what is encrypted, and the tag of 16 bytes; base64url. */
  readonly data: string;
}

/** What a seal is bound to, so that it cannot be moved to another record or another member. */
export interface SealPlace {
  /** The id of the record. */
  readonly record: string;
  readonly member: string;
}

/**
 * AES-256-GCM: what is encrypted, and the tag. Nonces are random, for which one key is good for 2^32 messages
 * (NIST SP 800-38D, 8.3).
 *
 * @param bound what has to be the same when it is opened
 */
export function encrypt(plain: Uint8Array, key: KeyObject, nonce: Uint8Array, bound: Uint8Array): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  const encrypted = cipher.update(plain);
  cipher.final();
  return Buffer.concat([encrypted, cipher.getAuthTag()]);
}

/** Undefined when it was encrypted with another key, is bound to something else, or was altered. */
export function decrypt(
  data: Uint8Array,
  key: KeyObject,
  nonce: Uint8Array,
  bound: Uint8Array,
): Buffer | undefined {
  if (data.length < TAG_BYTES || nonce.length !== NONCE_BYTES) return undefined;
  const end = data.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(data.subarray(end));
  const plain = decipher.update(data.subarray(0, end));
  try {
    decipher.final();
    return plain;
  } catch {
    // Node says "unable to authenticate data" and nothing else.
    return undefined;
  }
}
