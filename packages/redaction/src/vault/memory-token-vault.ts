import { createSecretKey, randomBytes } from 'node:crypto';
import type { TokenVault } from '../token-vault.ts';
import { Fingerprints } from './fingerprints.ts';
import { Sealer } from './sealer.ts';
import { TableVault } from './table-vault.ts';
import { TokenTable } from './token-table.ts';
import { derivedKey } from './vault-key.ts';
import { NO_JOURNAL } from './vault-journal.ts';
import { limitsOf, settingsOf, type VaultLimits, type VaultOptions } from './vault-options.ts';

export type MemoryTokenVaultOptions = VaultOptions & VaultLimits;

/**
 * A vault that is forgotten with its process. What erase and time take away is overwritten.
 *
 * @throws TypeError for an option that is out of bounds
 */
export function memoryTokenVault(options: MemoryTokenVaultOptions = {}): TokenVault {
  const settings = settingsOf(options);
  const key = createSecretKey(randomBytes(32));
  const salt = Buffer.alloc(0);
  return new TableVault({
    settings,
    table: new TokenTable(limitsOf(options)),
    fingerprints: new Fingerprints(derivedKey(key, 'fingerprints', salt)),
    sealer: new Sealer(derivedKey(key, 'values in memory', salt), settings.random),
    journal: NO_JOURNAL,
  });
}
