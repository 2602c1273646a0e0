import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisTokenVault } from '../../src/vault/redis/redis-token-vault.ts';
import { tokenVaultContract } from './contract.ts';
import { age, redisIsInstalled, RedisServer } from './redis/redis-server.ts';
import { RespClient } from './redis/resp-client.ts';
import { ALICE, BOB, codeOf, DAY, HOUR, testKey } from './support.ts';

const installed = redisIsInstalled();
if (installed) realRedisSuite();
else console.warn('redis-server is not installed: the token vault was tried against a double of it alone.');

it('is tried here when redis-server is installed, and otherwise against its double', () => {
  expect(redisIsInstalled()).toBe(installed);
});

function realRedisSuite(): void {
  let server: RedisServer;
  let client: RespClient;
  beforeAll(async () => {
    server = await RedisServer.start();
    client = new RespClient(server.socket);
  });
  afterAll(async () => {
    client.close();
    await server.stop();
  });
  beforeEach(() => client.call('FLUSHALL'));

  tokenVaultContract('Redis', () => {
    const clients: RespClient[] = [];
    const connected = (): RespClient => {
      const made = new RespClient(server.socket);
      clients.push(made);
      return made;
    };
    return Promise.resolve({
      open: () => redisTokenVault({ client: connected(), key: testKey() }),
      openOther: () => redisTokenVault({ client: connected(), key: testKey(), prefix: '{other}:' }),
      advance: (ms) => age(client, ms),
      outlives: true,
      dispose: () => {
        for (const made of clients) made.close();
        return Promise.resolve();
      },
    });
  });

  describe('two processes with one Redis', () => {
    it('give one value one token, and each other the value', async () => {
      const clients = Array.from({ length: 4 }, () => new RespClient(server.socket));
      const vaults = await Promise.all(
        clients.map((each) => redisTokenVault({ client: each, key: testKey() })),
      );
      const requests = Array.from({ length: 300 }, (_, index) => ({ entity: 'MRN', value: `MRN-${index}` }));
      const all = await Promise.all(vaults.map((vault) => vault.tokensFor(ALICE, requests)));
      expect(new Set(all.flat()).size).toBe(300);
      for (const tokens of all) expect(tokens).toEqual(all[0]);
      const values = await vaults[3]?.valuesOf(ALICE, all[0] ?? []);
      expect(values).toEqual(requests.map(({ value }) => value));
      for (const each of clients) each.close();
    });
  });

  describe('Redis', () => {
    it('holds nothing of the vault without a time to live, except the check of the key', async () => {
      const vault = await redisTokenVault({ client, key: testKey() });
      await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x', about: 'patient 1' }]);
      const keys = (await client.call('KEYS', '*')) as string[];
      expect(keys).toHaveLength(5);
      for (const key of keys) {
        expect(key.startsWith('{sallyport:tokens}:')).toBe(true);
        const left = Number(await client.call('PTTL', key));
        if (key.endsWith(':key')) expect(left).toBe(-1);
        else expect(left > 0 && left <= DAY).toBe(true);
      }
    });

    it('holds nothing of a scope that was erased', async () => {
      const vault = await redisTokenVault({ client, key: testKey() });
      await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }]);
      await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'y' }]);
      expect(await vault.erase({ scope: ALICE })).toBe(2);
      expect(await client.call('KEYS', '*')).toEqual(['{sallyport:tokens}:key']);
    });

    it('forgets in its indexes what has expired', async () => {
      const vault = await redisTokenVault({ client, key: testKey(), ttlMs: 50 });
      await vault.tokensFor(BOB, [{ entity: 'MRN', value: 'x' }]);
      const keys = async (): Promise<readonly string[]> => (await client.call('KEYS', '*')) as string[];
      const index = (await keys()).find((key) => key.includes('}:s:')) ?? '';
      const [member] = (await client.call('ZRANGE', index, '0', '-1')) as string[];
      // As if the time of the entry were over, but not that of the index, which others keep alive.
      await client.call('ZADD', index, '1', member ?? '');
      await vault.tokensFor(BOB, [{ entity: 'MRN', value: 'y' }]);
      expect(await client.call('ZRANGE', index, '0', '-1')).not.toContain(member);
    });

    it('that has no memory left refuses new values', async () => {
      const vault = await redisTokenVault({ client, key: testKey() });
      const tokens = await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }]);
      await client.call('CONFIG', 'SET', 'maxmemory', '1');
      try {
        expect(await codeOf(vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'y' }]))).toBe('full');
        expect(await vault.valuesOf(ALICE, tokens)).toEqual(['x']);
      } finally {
        await client.call('CONFIG', 'SET', 'maxmemory', '0');
      }
    });

    it('that evicts is refused', async () => {
      await client.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      try {
        expect(await codeOf(redisTokenVault({ client, key: testKey() }))).toBe('evicts');
      } finally {
        await client.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      }
    });

    it('that has forgotten its scripts is given them again', async () => {
      const vault = await redisTokenVault({ client, key: testKey() });
      const tokens = await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }]);
      await client.call('SCRIPT', 'FLUSH');
      expect(await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }])).toEqual(tokens);
    });

    it('that is gone makes the vault reject', async () => {
      const gone = await RedisServer.start();
      const lost = new RespClient(gone.socket);
      const vault = await redisTokenVault({ client: lost, key: testKey(), ttlMs: HOUR });
      const tokens = await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }]);
      await gone.stop();
      expect(await codeOf(vault.valuesOf(ALICE, tokens))).toBe('unavailable');
      expect(await codeOf(vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'x' }]))).toBe('unavailable');
      lost.close();
    });
  });
}
