import { Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { newToken, TOKEN_BYTES } from '../../src/token-shape.ts';
import type { TokenVault } from '../../src/token-vault.ts';
import { redisTokenVault, type RedisTokenVaultOptions } from '../../src/vault/redis/redis-token-vault.ts';
import { tokenVaultContract } from './contract.ts';
import { FakeClock } from './fake-clock.ts';
import { RedisDouble } from './redis/redis-double.ts';
import { ALICE, BOB, codeOf, failureOf, testKey } from './support.ts';

tokenVaultContract('a double of Redis', () => {
  const client = new RedisDouble();
  return Promise.resolve({
    open: () => redisTokenVault({ client, key: testKey() }),
    openOther: () => redisTokenVault({ client, key: testKey(), prefix: 'other:' }),
    advance: (ms) => Promise.resolve(client.advance(ms)),
    outlives: true,
    dispose: () => Promise.resolve(),
  });
});

const REQUEST = { entity: 'MRN', value: 'hunter2-hunter2', about: 'patient-of-note' };

async function rig(
  options: Partial<RedisTokenVaultOptions> = {},
): Promise<{ client: RedisDouble; vault: TokenVault; clock: FakeClock }> {
  const client = new RedisDouble();
  const clock = new FakeClock();
  const vault = await redisTokenVault({ client, key: testKey(), clock, ...options });
  return { client, vault, clock };
}

describe('what Redis is given', () => {
  it('has no value, token, subject or person in the clear', async () => {
    const { client, vault } = await rig();
    const [token = ''] = await vault.tokensFor(ALICE, [REQUEST]);
    const all = JSON.stringify([...client.texts, ...[...client.sets].map(([key, set]) => [key, [...set]])]);
    for (const secret of [
      'hunter2',
      'patient-of-note',
      'alice',
      'clinic',
      'MRN',
      token,
      token.slice(5, 17),
    ]) {
      expect(all).not.toContain(secret);
    }
  });

  it('is one command for values that it knows, and two for new ones, a page at a time', async () => {
    const { client, vault } = await rig();
    const requests = Array.from({ length: 100 }, (_, index) => ({ entity: 'MRN', value: `MRN-${index}` }));
    await vault.tokensFor(ALICE, requests);
    client.commands.length = 0;
    await vault.tokensFor(ALICE, requests);
    expect(client.commands).toEqual(['EVALSHA']);
    client.commands.length = 0;
    await vault.tokensFor(BOB, requests);
    expect(client.commands).toEqual(['EVALSHA', 'EVALSHA']);
  });

  it('is the script itself when it has forgotten it', async () => {
    const { client, vault } = await rig();
    const tokens = await vault.tokensFor(ALICE, [REQUEST]);
    client.forgetScripts();
    expect(await vault.tokensFor(ALICE, [REQUEST])).toEqual(tokens);
  });

  it('is another token when one is taken', async () => {
    let calls = 0;
    const random = (bytes: number): Uint8Array => {
      if (bytes === TOKEN_BYTES) calls += 1;
      return new Uint8Array(bytes).fill(calls <= 2 ? 7 : 8);
    };
    const { vault } = await rig({ random });
    const [first] = await vault.tokensFor(ALICE, [REQUEST]);
    const [second] = await vault.tokensFor(ALICE, [{ entity: 'MRN', value: 'another' }]);
    expect(first).toBe(newToken('MRN', new Uint8Array(TOKEN_BYTES).fill(7)));
    expect(second).toBe(newToken('MRN', new Uint8Array(TOKEN_BYTES).fill(8)));
    expect(await vault.valuesOf(ALICE, [first ?? '', second ?? ''])).toEqual(['hunter2-hunter2', 'another']);
  });
});

describe('what Redis gives back', () => {
  const change = (text: string): string =>
    text.endsWith('A') ? `${text.slice(0, -1)}Q` : `${text.slice(0, -1)}A`;

  it.each(['}:l:', '}:t:'])('is refused when it was altered (%s)', async (kind) => {
    const { client, vault } = await rig();
    const tokens = await vault.tokensFor(ALICE, [REQUEST]);
    for (const [key, entry] of client.texts) {
      if (key.includes(kind))
        client.texts.set(key, { ...entry, text: change(change(entry.text.slice(0, -2))) });
    }
    const error = await failureOf(
      kind === '}:l:' ? vault.tokensFor(ALICE, [REQUEST]) : vault.valuesOf(ALICE, tokens),
    );
    expect(error.code).toBe('altered');
    expect(error.message).not.toMatch(/hunter2|MRN/);
  });

  it.each(['}:l:', '}:t:'])('is refused when it stands in the place of another (%s)', async (kind) => {
    const { client, vault } = await rig();
    const tokens = await vault.tokensFor(ALICE, [REQUEST, { entity: 'MRN', value: 'another' }]);
    const two = [...client.texts].filter(([key]) => key.includes(kind));
    const [[first, one], [second, other]] = two as [(typeof two)[0], (typeof two)[0]];
    client.texts.set(first, other).set(second, one);
    const asked = kind === '}:l:' ? vault.tokensFor(ALICE, [REQUEST]) : vault.valuesOf(ALICE, tokens);
    expect(await codeOf(asked)).toBe('altered');
  });

  it.each([null, 'OK', [], [1], [null], [''], ['taken'], {}])(
    'is refused when it makes no sense: %j',
    async (answer) => {
      const { client, vault } = await rig();
      for (let n = 0; n < 8; n += 1) client.instead.push(() => Promise.resolve(answer));
      expect(await codeOf(vault.tokensFor(ALICE, [REQUEST]))).toBe('unavailable');
    },
  );

  it('is a new token when only half of an entry is there', async () => {
    const { client, vault } = await rig();
    const [token] = await vault.tokensFor(ALICE, [REQUEST]);
    for (const key of client.texts.keys()) if (key.includes('}:t:')) client.texts.delete(key);
    const [again = ''] = await vault.tokensFor(ALICE, [REQUEST]);
    expect(again).not.toBe(token);
    expect(await vault.valuesOf(ALICE, [again])).toEqual([REQUEST.value]);
  });
});

describe('trouble with Redis', () => {
  it.each([
    ['OOM command not allowed when used memory > maxmemory: hunter2', 'full'],
    ['NOAUTH Authentication required: hunter2', 'unavailable'],
    ['SECRET hunter2', 'unavailable'],
  ])('is told without what Redis said (%#)', async (said, code) => {
    const { client, vault } = await rig();
    client.instead.push(() => Promise.reject(new Error(said)));
    const error = await failureOf(vault.tokensFor(ALICE, [REQUEST]));
    expect(error.code).toBe(code);
    expect(`${error.message}${error.stack}`).not.toMatch(/hunter2|SECRET/);
    expect(error.cause).toBeUndefined();
  });

  it('ends when the time for an answer is over', async () => {
    const { client, vault, clock } = await rig({ timeoutMs: 500 });
    client.instead.push(() => new Promise(() => undefined));
    const asked = codeOf(vault.valuesOf(ALICE, [newToken('MRN', new Uint8Array(TOKEN_BYTES))]));
    await Promise.resolve();
    clock.advance(500);
    expect(await asked).toBe('timeout');
    expect(clock.waiting).toBe(0);
  });

  it('ends when the vault is closed', async () => {
    const { client, vault, clock } = await rig();
    client.instead.push(() => new Promise(() => undefined));
    const asked = codeOf(vault.erase({ scope: ALICE }));
    await vault.close();
    expect(await asked).toBe('closed');
    expect(clock.waiting).toBe(0);
  });

  it('ends also when the client throws', async () => {
    const { client, vault } = await rig();
    client.call = () => {
      throw new Error('not connected');
    };
    expect(await codeOf(vault.tokensFor(ALICE, [REQUEST]))).toBe('unavailable');
  });
});

describe('the key', () => {
  it('is refused when the tokens there were made with another', async () => {
    const client = new RedisDouble();
    await redisTokenVault({ client, key: testKey('A') });
    expect(await codeOf(redisTokenVault({ client, key: testKey('B') }))).toBe('wrong_key');
    await redisTokenVault({ client, key: testKey('B'), prefix: 'second:' });
    await redisTokenVault({ client, key: testKey('A') });
  });

  it('is refused when it is weak', async () => {
    const key = (): Promise<Secret> => Promise.resolve(new Secret('correct horse battery staple'));
    expect(await codeOf(redisTokenVault({ client: new RedisDouble(), key }))).toBe('weak_key');
  });
});

describe('a Redis that evicts', () => {
  const client = new RedisDouble();
  client.info = '# Memory\r\nmaxmemory_policy:volatile-lru\r\n';

  it('is refused, unless one says so', async () => {
    expect(await codeOf(redisTokenVault({ client, key: testKey() }))).toBe('evicts');
    await redisTokenVault({ client, key: testKey(), dangerouslyAllowEviction: true });
  });

  it('is not known of where one may not ask', async () => {
    client.instead.push(() => Promise.reject(new Error('NOPERM this user has no permissions')));
    await redisTokenVault({ client, key: testKey() });
  });
});
