import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { expect } from 'vitest';
import type { TokenScope } from '../../src/token-vault.ts';
import { TokenVaultError, type TokenVaultErrorCode } from '../../src/vault/token-vault-error.ts';
import type { VaultKey } from '../../src/vault/vault-key.ts';

export const ALICE: TokenScope = { tenant: 'clinic', subject: 'alice' };
export const BOB: TokenScope = { tenant: 'clinic', subject: 'bob' };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A key for tests, as `sallyport secrets rotate --generate` would make one. */
export function testKey(seed = 'A'): VaultKey {
  const text = `${seed}kq3Vb7Yd0mZs5Tt1Rw9Xc4Hn8Jf2Lg6Pp_test-key`;
  return () => Promise.resolve(new Secret(text));
}

export class Folder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'sallyport-token-vault-'));

  get file(): string {
    return join(this.path, 'tokens.vault');
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The error that a promise ends with; one that does not is a failure. */
export async function failureOf(promise: Promise<unknown>): Promise<TokenVaultError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(TokenVaultError);
  return thrown as TokenVaultError;
}

export async function codeOf(promise: Promise<unknown>): Promise<TokenVaultErrorCode> {
  return (await failureOf(promise)).code;
}
