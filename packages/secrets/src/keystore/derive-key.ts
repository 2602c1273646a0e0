import { createSecretKey, type KeyObject, randomBytes, scrypt } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import type { SecretError, SecretErrorCode } from '../secret-error.ts';

/** Makes the error for what went wrong; whoever calls knows which file or reference it is about. */
export type Fail = (code: SecretErrorCode, why: string) => SecretError;

/** How a passphrase becomes a key: scrypt (RFC 7914). */
export interface KeyParameters {
  /** Cost; a power of two. Memory is 128 * N * r bytes. */
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** 32 random bytes. */
  readonly salt: Buffer;
}

export const SALT_BYTES = 32;
/** Fewest characters of a passphrase. scrypt makes guessing dear, not impossible. */
export const MIN_PASSPHRASE_LENGTH = 12;

const KEY_BYTES = 32;
/** OWASP's parameters for scrypt: 128 MiB, about 0.4 s a guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const CHEAP_COST = { N: 2 ** 10, r: 8, p: 1 } as const;
/** What a file may ask for before its key is known to be right: at most 256 MiB, and 8 times our own time. */
const MOST = { N: 2 ** 18, p: 4 } as const;

/** Parameters for a new file, or a new passphrase. */
export function newParameters(cheap: boolean): KeyParameters {
  return { ...(cheap ? CHEAP_COST : COST), salt: randomBytes(SALT_BYTES) };
}

/** Whether parameters that stood in a file may be used: not so dear that the file exhausts us, nor cheaper than ours. */
export function parametersAreBounded({ N, r, p }: KeyParameters, cheap: boolean): boolean {
  const least = cheap ? CHEAP_COST.N : COST.N;
  const powerOfTwo = Number.isInteger(Math.log2(N));
  return (
    powerOfTwo && N >= least && N <= MOST.N && r === COST.r && Number.isInteger(p) && p >= 1 && p <= MOST.p
  );
}

/** Why a passphrase is too weak for a new file; undefined when it is fine. */
export function passphraseProblem(passphrase: Secret): string | undefined {
  const characters = Array.from(passphrase.reveal().normalize('NFC'));
  if (characters.length < MIN_PASSPHRASE_LENGTH) {
    return (
      `the passphrase has fewer than ${MIN_PASSPHRASE_LENGTH} characters; ` +
      'take five or more random words, or what a password manager makes'
    );
  }
  if (new Set(characters).size < 5) {
    return 'the passphrase repeats a few characters; take five or more random words';
  }
  return undefined;
}

/** Takes 128 MiB and about 0.4 s, on a thread of its own. */
export function deriveKey(passphrase: Secret, { N, r, p, salt }: KeyParameters): Promise<KeyObject> {
  // The same letters can be typed as different code points, depending on the keyboard (RFC 8265, 4.2.2).
  const typed = Buffer.from(passphrase.reveal().normalize('NFC'));
  // What OpenSSL counts: N and p blocks of 128 * r bytes, and a little.
  const maxmem = 128 * r * (N + p) + 1_048_576;
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, KEY_BYTES, { N, r, p, maxmem }, (error, bytes) => {
      if (error !== null) {
        reject(error);
        return;
      }
      resolve(createSecretKey(bytes));
      bytes.fill(0);
    });
  });
}
