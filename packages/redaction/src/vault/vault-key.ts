import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import { TokenVaultError } from './token-vault-error.ts';

/**
 * Gives the key of a vault: 32 random bytes as text, as `openssl rand -base64 32` makes them, or
 * `sallyport secrets set NAME --generate`.
 */
export type VaultKey = () => Promise<Secret>;

const KEY_BYTES = 32;
const FEWEST_CHARACTERS = 32;
const FEWEST_DIFFERENT = 10;

/**
 * The key as 32 bytes, by HKDF-SHA256 (RFC 5869). That is no defence against guessing, as scrypt would be,
 * and so a text that may be a passphrase is refused.
 *
 * @throws TokenVaultError `weak_key`; whatever the function throws
 */
export async function masterKey(key: VaultKey): Promise<KeyObject> {
  const text = (await key()).reveal();
  if (text.length < FEWEST_CHARACTERS || new Set(text).size < FEWEST_DIFFERENT) {
    throw new TokenVaultError(
      'weak_key',
      `The key of a token vault has to be random, of at least ${FEWEST_CHARACTERS} characters; ` +
        '"openssl rand -base64 32" makes one, or "sallyport secrets set NAME --generate" in a keystore. Do not rotate ' +
        'it in place: a rotated key does not open the file; write keystore:NAME?version=1.',
    );
  }
  return derivedKey(createSecretKey(Buffer.from(text)), 'token vault', Buffer.alloc(0));
}

/** A key for one purpose. */
export function derivedKey(from: KeyObject, purpose: string, salt: Uint8Array): KeyObject {
  const info = `sallyport/v1 ${purpose}`;
  return createSecretKey(new Uint8Array(hkdfSync('sha256', from, salt, info, KEY_BYTES)));
}
