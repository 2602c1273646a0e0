import type { SecretProvider } from '../secret-provider.ts';
import { kvEngine } from './kv-engine.ts';
import { leaseEngine } from './lease-engine.ts';
import { transitEngine } from './transit-engine.ts';
import { type VaultApi, VaultClient } from './vault-client.ts';
import { checkVaultOptions, type VaultOptions } from './vault-options.ts';
import { vaultProvider } from './vault-provider.ts';
import { VaultSession } from './vault-session.ts';

/**
 * The providers of `vault`, `vault-lease` and `vault-transit` for one HashiCorp Vault or OpenBao. Nothing is
 * loaded or asked before the first look-up. They share one login, which is given back when all that were used
 * are closed.
 *
 * @throws TypeError for options that cannot be right
 */
export function vaultProviders(options: VaultOptions): readonly SecretProvider[] {
  const settings = checkVaultOptions(options);
  return providersOn(new VaultSession(settings, new VaultClient(settings)));
}

/** For tests that put something else in the place of HTTP. */
export function vaultProvidersOn(api: VaultApi, options: VaultOptions): readonly SecretProvider[] {
  return providersOn(new VaultSession(checkVaultOptions(options), api));
}

function providersOn(session: VaultSession): readonly SecretProvider[] {
  return [kvEngine, leaseEngine, transitEngine].map((engine) => vaultProvider(session, engine(session)));
}
