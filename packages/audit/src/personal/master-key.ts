import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import { SubjectKeysError } from './subject-keys-error.ts';

const KEY_BYTES = 32;
const FEWEST_CHARACTERS = 32;
const FEWEST_DIFFERENT = 10;

/**
 * The master key from its text. Keys come from it by HKDF, which is no defence against guessing, as scrypt would be; and
 * so a text that may be a passphrase is refused.
 *
 * @throws SubjectKeysError `weak_key`
 */
export function masterKey(secret: Secret): KeyObject {
  const text = secret.reveal();
  if (text.length < FEWEST_CHARACTERS || new Set(text).size < FEWEST_DIFFERENT) {
    throw new SubjectKeysError(
      'weak_key',
      `The key of audit.personal has to be random, of at least ${FEWEST_CHARACTERS} characters; ` +
        '"openssl rand -base64 32" makes one, or "sallyport secrets set NAME --generate" in a keystore. Do not rotate ' +
        'it in place: a rotated key does not open the file; write keystore:NAME?version=1.',
    );
  }
  return createSecretKey(Buffer.from(text));
}

/** A key for one purpose, by HKDF-SHA256 (RFC 5869). */
export function derivedKey(from: KeyObject, purpose: string, salt: Uint8Array): KeyObject {
  return createSecretKey(derivedBytes(from, purpose, salt, KEY_BYTES));
}

export function derivedBytes(from: KeyObject, purpose: string, salt: Uint8Array, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', from, salt, infoOf(purpose), bytes));
}

/** The same from a key of 32 random bytes, from which nothing has to be extracted first (RFC 5869, section 3.3). */
export function expandedKey(from: KeyObject, purpose: string): KeyObject {
  return createSecretKey(
    createHmac('sha256', from)
      .update(`${infoOf(purpose)}\x01`)
      .digest(),
  );
}

function infoOf(purpose: string): string {
  return `sallyport/v1 subject keys ${purpose}`;
}
