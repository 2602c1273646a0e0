import { RevealedSecrets } from '@sallyport/core';
import type { TokenVault } from '@sallyport/redaction';
import { LiveSecrets } from './live-secrets.ts';
import type { Policy } from './policy.ts';
import { TokenVaults } from './token-vaults.ts';

/**
 * The token vault of a policy, for work on it while no guard has it open.
 *
 * @throws TypeError for a policy whose tokens are kept in memory, SecretError for a key, TokenVaultError for the vault
 */
export async function openTokenVault(
  { redaction, secrets: plan }: Policy,
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly log: (line: string) => void;
  },
): Promise<{ readonly vault: TokenVault; readonly close: () => Promise<void> }> {
  const tokens = redaction?.tokens;
  if (tokens === undefined || (tokens.file === undefined && tokens.redis === undefined)) {
    throw new TypeError(
      'tokens of this policy are kept in memory, and end with their process; nothing else has them',
    );
  }
  const secrets = new LiveSecrets(plan, {
    ...options,
    revealed: new RevealedSecrets(),
    onEvent: () => undefined,
    onLogin: () => undefined,
  });
  const vaults = new TokenVaults((reference) => secrets.get(reference));
  const close = async (): Promise<void> => {
    await vaults.close();
    await secrets.close();
  };
  try {
    return { vault: await vaults.get(tokens), close };
  } catch (error) {
    await close();
    throw error;
  }
}
