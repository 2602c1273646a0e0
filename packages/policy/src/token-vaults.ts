import type { Secret } from '@sallyport/core';
import type { TokenVault } from '@sallyport/redaction';
import type { SecretRef } from './policy-file.ts';
import type { TokensPlan } from './redaction-plan.ts';

const HOUR_MS = 3_600_000;

/**
 * The token vaults of a guard: one for each place. They outlive a reload of the policy, so that tokens keep their meaning
 * and a file is not opened twice. How long tokens live is what the policy said when its vault was opened.
 */
export class TokenVaults {
  readonly #secret: (reference: SecretRef) => Promise<Secret>;
  readonly #open = new Map<string, Promise<TokenVault>>();
  #closed = false;

  /** @param secret looks a reference up */
  constructor(secret: (reference: SecretRef) => Promise<Secret>) {
    this.#secret = secret;
  }

  /**
   * The vault that a plan asks for.
   *
   * @throws TokenVaultError, SecretError, or what the Redis client throws; the next call tries again
   */
  get(plan: TokensPlan): Promise<TokenVault> {
    if (this.#closed) return Promise.reject(new Error('The guard is closed.'));
    const place = JSON.stringify([plan.file, plan.redis]);
    const known = this.#open.get(place);
    if (known !== undefined) return known;
    const opening = openVault(plan, this.#secret);
    this.#open.set(place, opening);
    opening.catch(() => this.#open.delete(place));
    return opening;
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#open.values()].map(async (vault) => (await vault).close()));
  }
}

async function openVault(
  { file, redis, key, ttlHours }: TokensPlan,
  secret: (reference: SecretRef) => Promise<Secret>,
): Promise<TokenVault> {
  const { fileTokenVault, memoryTokenVault } = await import('@sallyport/redaction');
  const ttlMs = Math.ceil(ttlHours * HOUR_MS);
  if (key === undefined) return memoryTokenVault({ ttlMs });
  const keyed = { ttlMs, key: () => secret(key) };
  if (file !== undefined) return fileTokenVault({ ...keyed, file });
  if (redis === undefined) return memoryTokenVault({ ttlMs });
  const { redisVault } = await import('./redis-vault.ts');
  return redisVault({ ...keyed, url: await secret(redis) });
}
