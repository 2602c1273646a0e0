import { readFileSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';
import { JournalError, parseVerifierKey, verifierKeyFrom } from '@sallyport/audit';
import { unreadable } from '../redact/unusable-file.ts';
import { BadInput } from './bad-input.ts';

/** A key with its name, or one to which a name has to be found. */
export type GivenKey = { readonly verifierKey: string } | { readonly publicKey: string | JsonWebKey };

const PUBLIC = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;
const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Reads what `--key` names: a verifier key, or a file of them, one a line; or one Ed25519 public key or more as PEM, JWK or
 * JWKS, in a file or as they are.
 *
 * @throws BadInput, UnusableFile
 */
export function readKeys(given: readonly string[]): readonly GivenKey[] {
  return given.flatMap((value) => {
    const isText = isVerifierKey(value) || value.includes('-----BEGIN ') || value.trimStart().startsWith('{');
    return keysIn(isText ? value : textOf(value), isText ? 'the key' : value);
  });
}

/**
 * The keys as verifier keys. One without a name gets each of the names: it only fits where it signed under that name.
 *
 * @param names as they stand in heads and signatures
 * @throws BadInput when a key is not Ed25519
 */
export function verifierKeys(given: readonly GivenKey[], names: Iterable<string>): readonly string[] {
  const all = [...new Set(names)];
  return given.flatMap((key) => {
    if ('verifierKey' in key) return [key.verifierKey];
    return all.flatMap((name) => {
      try {
        return [verifierKeyFrom(name, key.publicKey)];
      } catch (error) {
        if (error instanceof JournalError) throw new BadInput(error.message, { cause: error });
        throw error;
      }
    });
  });
}

/** The names that signed a note, unverified: https://c2sp.org/signed-note. */
export function signersOf(note: string): readonly string[] {
  return [...note.matchAll(/^— (\S+) /gmu)].map(([, name = '']) => name);
}

/** The name in a verifier key. */
export function nameOf(verifierKey: string): string {
  return verifierKey.split('+', 1)[0] ?? '';
}

function keysIn(text: string, from: string): readonly GivenKey[] {
  if (PRIVATE.test(text))
    throw new BadInput(
      `${from} is a private key, which nobody needs to check anything; give the public one: openssl pkey -in key.pem -pubout`,
    );
  const pems = text.match(PUBLIC);
  if (pems !== null) return pems.map((publicKey) => ({ publicKey }));
  if (text.trimStart().startsWith('{')) return jwksIn(text, from);
  const lines = text.split('\n').map((line) => line.trim());
  const written = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (written.length === 0 || !written.every(isVerifierKey))
    throw new BadInput(
      `${from} is no key; give a verifier key (name+id+key), a file with one a line, or an Ed25519 public key as PEM or JWK`,
    );
  return written.map((verifierKey) => ({ verifierKey }));
}

function jwksIn(text: string, from: string): readonly GivenKey[] {
  let value: { readonly keys?: unknown; readonly d?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw new BadInput(
      `${from} is neither a key nor JSON; a JWK reads {"kty":"OKP","crv":"Ed25519","x":"..."}`,
    );
  }
  const keys = Array.isArray(value.keys) ? (value.keys as readonly JsonWebKey[]) : [value as JsonWebKey];
  if (keys.some((key: JsonWebKey | null) => key?.d !== undefined))
    throw new BadInput(`${from} is a private key, which nobody needs to check anything; leave out its "d"`);
  return keys.map((publicKey) => ({ publicKey }));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const inWords = unreadable(path, error);
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENAMETOOLONG') throw inWords;
    throw new BadInput(
      `--key is neither a verifier key (name+id+key) nor a file that is there; give one of the two`,
      { cause: error },
    );
  }
}

function isVerifierKey(text: string): boolean {
  try {
    parseVerifierKey(text);
    return true;
  } catch {
    return false;
  }
}
