import { readFile } from 'node:fs/promises';
import { Secret } from '@sallyport/core';
import { SecretError } from '../secret-error.ts';
import type { VaultCredential } from './vault-auth.ts';
import { until } from './until.ts';
import { VaultFailure } from './vault-failure.ts';

/**
 * Reads what the provider logs in with. Spaces and line breaks around it, as files have, are left out.
 *
 * @throws VaultFailure `not_configured`, or the outage of where it comes from; never `not_found`, which would
 *   be taken for the absence of the secret that is being looked up
 */
export async function readCredential(
  what: string,
  credential: VaultCredential,
  signal: AbortSignal,
): Promise<Secret> {
  let text: string;
  try {
    text = (await until(credential(), signal)).reveal().trim();
  } catch (thrown) {
    throw unreadable(what, thrown);
  }
  if (text === '') throw new VaultFailure('not_configured', `the ${what} to log in to Vault with is empty`);
  return new Secret(text);
}

/** The token that Kubernetes keeps fresh in a file. */
export function readServiceAccountToken(path: string, signal: AbortSignal): Promise<Secret> {
  return readCredential(
    'service account token',
    async () => new Secret(await readFile(path, 'utf8')),
    signal,
  );
}

function unreadable(what: string, thrown: unknown): VaultFailure {
  if (thrown instanceof VaultFailure) return thrown;
  const sentence = `the ${what} to log in to Vault with cannot be read`;
  if (thrown instanceof SecretError) {
    // Its message is ours, and names the reference.
    const code = thrown.isOutage ? thrown.code : 'not_configured';
    return new VaultFailure(code, `${sentence}: ${thrown.message}`, { retryAfterMs: thrown.retryAfterMs });
  }
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const shown = typeof code === 'string' && /^E[A-Z]{2,20}$/.test(code) ? ` (${code})` : '';
  return new VaultFailure('not_configured', sentence + shown);
}
