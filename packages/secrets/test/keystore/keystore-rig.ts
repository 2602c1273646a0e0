import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { Keystore, type KeystoreOptions } from '../../src/keystore/keystore.ts';
import { SecretError, type SecretErrorCode } from '../../src/secret-error.ts';

export const PASSPHRASE = new Secret('correct horse battery staple');

export const CHEAP: KeystoreOptions = {
  create: true,
  dangerouslyCheapForTests: true,
  timeOfDay: () => new Date('2026-01-02T03:04:05.678Z'),
};

/** A folder of its own, with the path of a keystore in it. */
export class KeystoreFolder {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sallyport-keystore-'));
  readonly file: string = join(this.folder, 'sallyport.keystore');

  open(options: KeystoreOptions = {}, passphrase: Secret = PASSPHRASE): Promise<Keystore> {
    return Keystore.open(this.file, passphrase, { ...CHEAP, ...options });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The error that something ends with. */
export async function failureOf(doing: Promise<unknown>): Promise<SecretError> {
  const thrown = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof SecretError) return thrown;
  throw new Error('expected a SecretError', { cause: thrown });
}

export async function codeOf(doing: Promise<unknown>): Promise<SecretErrorCode> {
  return (await failureOf(doing)).code;
}
