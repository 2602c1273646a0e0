import type { Secret } from '@sallyport/core';
import { redisTokenVault, type TokenVault } from '@sallyport/redaction';

export interface RedisVaultOptions {
  /** `redis://` or `rediss://`, with user and password. */
  readonly url: Secret;
  readonly key: () => Promise<Secret>;
  readonly ttlMs: number;
}

const CONNECT_MS = 5_000;

/**
 * A token vault in a Redis server.
 *
 * @throws Error when ioredis is not installed; TokenVaultError when the server cannot be used
 */
export async function redisVault({ url, key, ttlMs }: RedisVaultOptions): Promise<TokenVault> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new Error('tokens in Redis need "ioredis"; install it beside Sallyport: npm install ioredis');
  });
  const client = new Redis(url.reveal(), {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // A call that cannot be answered is refused; it must not wait for a server that comes back.
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  });
  // The command that fails tells of it; without a listener the library prints to the terminal.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const vault = await redisTokenVault({ client, key, ttlMs });
    return {
      tokensFor: (scope, values) => vault.tokensFor(scope, values),
      valuesOf: (scope, tokens) => vault.valuesOf(scope, tokens),
      erase: (which) => vault.erase(which),
      close: async () => {
        await vault.close();
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}
