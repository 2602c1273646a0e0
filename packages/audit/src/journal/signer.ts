import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Secret } from '@sallyport/core';
import { JournalError } from './journal-error.ts';
import { type Signer, verifierKeyOf } from './note.ts';

/** Stands in every signature of a development key, so that nobody takes one for the real thing. */
export const DEVELOPMENT_KEY = 'DEVELOPMENT-KEY-DO-NOT-TRUST';

/**
 * Signs with an Ed25519 private key, as PKCS#8 PEM (`openssl genpkey -algorithm ed25519`) or as JWK (RFC 8037).
 *
 * @throws JournalError
 */
export function signerFromSecret(name: string, secret: Secret): Signer {
  let key: KeyObject;
  try {
    const text = secret.reveal();
    key = text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' })
      : createPrivateKey({ key: text, format: 'pem' });
  } catch {
    // The cause may quote the key.
    throw new JournalError(
      'malformed',
      'The signing key must be a PKCS#8 PEM or a JWK: openssl genpkey -algorithm ed25519.',
    );
  }
  const verifierKey = verifierKeyOf(name, createPublicKey(key));
  return { name, verifierKey, sign: (bytes) => sign(null, bytes, key) };
}

/** The verifier key string of a public key given as PEM or as JWK (RFC 8037). @throws JournalError */
export function verifierKeyFrom(name: string, publicKey: string | JsonWebKey): string {
  try {
    return verifierKeyOf(
      name,
      typeof publicKey === 'string'
        ? createPublicKey({ key: publicKey, format: 'pem' })
        : createPublicKey({ key: publicKey, format: 'jwk' }),
    );
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError('malformed', 'The public key must be an Ed25519 key as PEM or as JWK.');
  }
}

/**
 * A key that is made where there is none and kept in a file (0600), for development only: whoever can write the journal
 * can also read this key and sign anew. Its name says so in every checkpoint.
 *
 * @param warn told each time, with a sentence. Default: a process warning
 */
export async function developmentSigner(
  file: string,
  warn: (message: string) => void = (message) =>
    process.emitWarning(message, { code: 'SALLYPORT_DEVELOPMENT_KEY' }),
): Promise<Signer> {
  warn(
    'The audit journal is signed with a generated development key: it proves nothing. Give it a key of its own.',
  );
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return newKey(file);
    throw error;
  });
  return signerFromSecret(DEVELOPMENT_KEY, new Secret(pem));
}

async function newKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}
