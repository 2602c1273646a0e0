import { RevealedSecrets } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../src/secrets.ts';
import { errors } from './double-reply.ts';
import { allowApprole, clientOf, fastRig, given } from './rig.ts';
import type { DoubleTtl } from './vault-double.ts';

const HOUR = 3600;
const TTLS = [1, 60, HOUR, 768 * HOUR, 10_000 * HOUR];
const ROLE = 'database/creds/app';
const USERNAME = `vault-lease://${ROLE}#username`;
const PASSWORD = `vault-lease://${ROLE}#password`;
const AWAY = { kind: 'reply', reply: errors(503, 'upstream is away') } as const;

function leaseRig(role: DoubleTtl, token: DoubleTtl = { ttlSeconds: 1_000_000 * HOUR }) {
  const rig = fastRig();
  allowApprole(rig.double, token);
  rig.double.leaseRoles.set(ROLE, role);
  return rig;
}

/** Whether what was given would let somebody in now. */
async function isPair(rig: ReturnType<typeof leaseRig>): Promise<boolean> {
  const [username, password] = [await rig.client.resolve(USERNAME), await rig.client.resolve(PASSWORD)];
  return rig.double.livingLeases.some(
    (lease) => lease.username === username.value && lease.password === password.value,
  );
}

describe('leased credentials', () => {
  it('are one lease for all their fields and all who ask at once', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, index) => client.resolve(index % 2 === 0 ? USERNAME : PASSWORD)),
    );
    expect(double.leases.size).toBe(1);
    const [lease] = double.livingLeases;
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set([lease?.username, lease?.password]));
    await client.close();
  });

  it('say for how long they hold', async () => {
    const { clock, client } = leaseRig({ ttlSeconds: HOUR });
    expect((await client.resolve(PASSWORD)).validForMs).toBe(HOUR * 1000);
    await clock.advance(60_000);
    expect((await client.resolve(PASSWORD)).validForMs).toBe((HOUR - 60) * 1000);
    await client.close();
  });

  it('ask for a field by name', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    const error = await client.failure(`vault-lease://${ROLE}`);
    expect(error.code).toBe('invalid_value');
    expect(error.message).toContain('password, username');
    expect(error.message).not.toContain(double.livingLeases[0]?.password);
    await client.close();
  });

  it.each(TTLS)('for %i s are kept with at most one renewal in two thirds of it', async (ttlSeconds) => {
    const rig = leaseRig({ ttlSeconds });
    const { clock, double, client } = rig;
    await client.resolve(PASSWORD);
    const lives = 20;
    for (let step = 0; step < lives * 7; step += 1) {
      await clock.advance((ttlSeconds * 1000) / 7);
      expect(await isPair(rig)).toBe(true);
    }
    expect(double.count(/GET database/)).toBe(1);
    expect(double.count(/approle\/login/)).toBe(1);
    expect(double.count(/leases\/renew/)).toBeGreaterThanOrEqual(lives);
    expect(double.count(/leases\/renew/)).toBeLessThanOrEqual(lives * 1.5);
    await client.close();
    expect(clock.waiting).toBe(0);
  });

  it('are replaced before a max_ttl ends them; who watches is told, and never has a dead pair', async () => {
    const rig = leaseRig({ ttlSeconds: HOUR, maxSeconds: 3 * HOUR });
    const { clock, double, client } = rig;
    let told = 0;
    let current = (await client.resolve(PASSWORD)).value;
    client.watch(PASSWORD, () => {
      told += 1;
    });
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const before = told;
      await clock.advance(60_000);
      expect(double.livingLeases.some(({ password }) => password === current)).toBe(true);
      expect(await isPair(rig)).toBe(true);
      const { value } = await client.resolve(PASSWORD);
      expect(value !== current).toBe(told > before);
      current = value;
    }
    expect(told).toBeGreaterThanOrEqual(8);
    expect(told).toBeLessThanOrEqual(13);
    expect(client.typesOf()).not.toContain('lease_lost');
    await client.close();
  });

  it('of any TTL and max_ttl are never dead while Vault answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 768 * HOUR }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.boolean(),
        fc.integer({ min: 2, max: 50 }),
        async (ttlSeconds, maxFactor, renewable, tokenLives) => {
          const maxSeconds = Math.ceil(ttlSeconds * maxFactor);
          const rig = leaseRig(
            { ttlSeconds, maxSeconds, renewable },
            { ttlSeconds: Math.ceil(ttlSeconds / 3), maxSeconds: ttlSeconds * tokenLives },
          );
          for (let step = 0; step < 60; step += 1) {
            expect(await isPair(rig)).toBe(true);
            await rig.clock.advance(ttlSeconds * 250);
          }
          expect(rig.client.typesOf()).not.toContain('lease_lost');
          await rig.client.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that cannot be renewed are replaced after two thirds of their time', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: 900, renewable: false });
    const first = await client.resolve(PASSWORD);
    await clock.advance(599_000);
    expect((await client.resolve(PASSWORD)).value).toBe(first.value);
    await clock.advance(100_000);
    expect((await client.resolve(PASSWORD)).value).not.toBe(first.value);
    expect(double.count(/leases\/renew/)).toBe(0);
    // Whoever still uses the first has until its end.
    expect(double.livingLeases).toHaveLength(2);
    await client.close();
  });

  it('that were revoked are replaced at the next renewal, and the dead ones are not given again', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: HOUR });
    let told = 0;
    client.watch(USERNAME, () => {
      told += 1;
    });
    const first = await client.resolve(PASSWORD);
    double.leases.clear();
    await clock.advance(HOUR * 1000 * 0.8);
    expect((await client.resolve(PASSWORD)).value).not.toBe(first.value);
    expect(told).toBe(1);
    await client.close();
  });

  it('that were revoked are lost when there are no others, and the dead ones are not given again', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: HOUR });
    await client.resolve(PASSWORD);
    double.leases.clear();
    double.fail(/creds/, AWAY);
    await clock.advance(HOUR * 1000 * 0.8);
    expect(client.typesOf().at(-1)).toBe('lease_lost');
    expect((await client.failure(PASSWORD)).code).toBe('unavailable');
    await client.close();
  });

  it('outlive an outage that is shorter than they are', async () => {
    const rig = leaseRig({ ttlSeconds: HOUR });
    const { clock, double, client } = rig;
    await client.resolve(PASSWORD);
    double.fail(/./, AWAY);
    await clock.advance(55 * 60_000);
    expect((await client.resolve(PASSWORD)).validForMs).toBe(5 * 60_000);
    const tries = double.count(/leases\/renew/);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(60);
    double.heal();
    await clock.advance(60_000);
    expect(await isPair(rig)).toBe(true);
    expect(double.count(/GET database/)).toBe(1);
    await client.close();
  });

  it('are lost in an outage that is longer, which is said, and had anew afterwards', async () => {
    const rig = leaseRig({ ttlSeconds: 60 });
    const { clock, double, client } = rig;
    let told = 0;
    client.watch(PASSWORD, () => {
      told += 1;
    });
    await client.resolve(PASSWORD);
    double.fail(/./, AWAY);
    await clock.advance(HOUR * 1000);
    expect(told).toBe(1);
    expect(client.typesOf().at(-1)).toBe('lease_lost');
    expect((await client.failure(PASSWORD)).code).toBe('unavailable');
    expect(double.seen.length).toBeLessThan(50);
    double.heal();
    expect(await isPair(rig)).toBe(true);
    await client.close();
  });

  it('are replaced with the token that they were issued to', async () => {
    const rig = leaseRig({ ttlSeconds: 768 * HOUR }, { ttlSeconds: HOUR, renewable: false });
    const { clock, double, client } = rig;
    const first = await client.resolve(PASSWORD);
    expect(first.validForMs).toBe(HOUR * 1000);
    await clock.advance(50 * 60_000);
    expect((await client.resolve(PASSWORD)).value).not.toBe(first.value);
    // The old token lives on for those who have not changed over.
    expect(double.livingLeases.some(({ password }) => password === first.value)).toBe(true);
    for (let hour = 0; hour < 48; hour += 1) {
      await clock.advance(HOUR * 1000);
      expect(await isPair(rig)).toBe(true);
    }
    await client.close();
  });

  it('are replaced at once when their token was revoked', async () => {
    const rig = leaseRig({ ttlSeconds: HOUR });
    const { clock, double, client } = rig;
    let told = 0;
    await client.resolve(PASSWORD);
    client.watch(PASSWORD, () => {
      told += 1;
    });
    for (const id of double.livingTokens) double.revokeToken(id);
    // Any request finds out.
    await client.resolve('vault://kv/app');
    await clock.advance(1);
    expect(told).toBe(1);
    expect(await isPair(rig)).toBe(true);
    expect(double.count(/GET database/)).toBe(2);
    await client.close();
  });

  it('of a revoked token are not given again while no others can be had', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    await client.resolve(PASSWORD);
    for (const id of double.livingTokens) double.revokeToken(id);
    double.fail(/creds/, AWAY);
    await client.resolve('vault://kv/app');
    expect((await client.failure(PASSWORD)).code).toBe('unavailable');
    await client.close();
  });

  it('that arrive when their token was replaced meanwhile are replaced too', async () => {
    const rig = leaseRig({ ttlSeconds: 768 * HOUR }, { ttlSeconds: HOUR, renewable: false });
    const { clock, double, api, client } = rig;
    await client.resolve('vault://kv/app');
    let arrive: () => void = () => undefined;
    api.delay = (path) =>
      path === ROLE && double.leases.size === 1
        ? new Promise((resolve) => {
            arrive = resolve;
          })
        : undefined;
    const resolved = client.resolve(PASSWORD);
    await clock.advance(50 * 60_000);
    expect(double.count(/approle\/login/)).toBe(2);
    arrive();
    const first = await resolved;
    await clock.advance(1);
    expect((await client.resolve(PASSWORD)).value).not.toBe(first.value);
    expect(double.count(/GET database/)).toBe(2);
    await client.close();
  });

  it('are given back at the end, replaced ones too', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: 900, renewable: false });
    await client.resolve(PASSWORD);
    await clock.advance(700_000);
    expect(double.livingLeases).toHaveLength(2);
    await client.close();
    expect(double.livingLeases).toEqual([]);
    expect(double.count(/leases\/revoke/)).toBe(2);
    expect(double.livingTokens).toEqual([]);
  });

  it('end with the token where no policy allows to revoke them', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    await client.resolve(PASSWORD);
    double.denied.add('sys/leases/revoke');
    await client.close();
    expect(double.livingLeases).toEqual([]);
    expect(double.count(/approle\/login/)).toBe(1);
  });

  it('that arrive after the end are given back too', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    const failed = client.failure(PASSWORD);
    await client.close();
    expect((await failed).code).toBe('closed');
    expect(double.livingLeases).toEqual([]);
    expect(double.livingTokens).toEqual([]);
  });

  it('that arrive after the end are given back where the token stays', async () => {
    const { clock, double } = fastRig();
    double.leaseRoles.set(ROLE, { ttlSeconds: HOUR });
    const client = clientOf(double, clock, { method: 'token', token: given(double.rootToken) });
    await client.resolve('vault://kv/app');
    const failed = client.failure(PASSWORD);
    await client.close();
    expect((await failed).code).toBe('closed');
    expect(double.count(/GET database/)).toBe(1);
    expect(double.livingLeases).toEqual([]);
  });

  it('leave nothing waiting when Vault takes nothing back', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: HOUR });
    await client.resolve(PASSWORD);
    double.fail(/./, AWAY);
    await client.close();
    expect(clock.waiting).toBe(0);
  });

  it('of an unknown role are not found, and a version is refused', async () => {
    const { client } = leaseRig({ ttlSeconds: HOUR });
    expect((await client.failure('vault-lease://database/creds/nobody#password')).code).toBe('not_found');
    expect((await client.failure(`vault-lease://${ROLE}?version=1#password`)).code).toBe('invalid_reference');
    expect((await client.failure('vault-lease://database#password')).code).toBe('invalid_reference');
    await client.close();
  });

  it('with a TTL of nothing are refused, and never asked for in a loop', async () => {
    const { clock, double, client } = leaseRig({ ttlSeconds: 0 });
    expect((await client.failure(PASSWORD)).code).toBe('invalid_value');
    await clock.advance(HOUR * 1000);
    expect(double.count(/GET database/)).toBe(1);
    await client.close();
  });

  it('that Vault rotates itself hold until the next rotation, and are read again each time', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    double.staticRoles.set('database/static-creds/app', { username: 'app', password: 'one', ttl: 30 });
    const reference = 'vault-lease://database/static-creds/app#password';
    expect(await client.resolve(reference)).toEqual({ value: 'one', validForMs: 30_000 });
    double.staticRoles.set('database/static-creds/app', { username: 'app', password: 'two', ttl: 86_400 });
    expect((await client.resolve(reference)).value).toBe('two');
    await client.close();
    expect(double.count(/revoke$/)).toBe(0);
  });

  it.each([0, 0.001, -1])(
    'that Vault is about to rotate (ttl %d) hold for a second, and are read no more often than that asks for',
    async (ttl) => {
      const { clock, double, client } = leaseRig({ ttlSeconds: HOUR });
      double.staticRoles.set('database/static-creds/app', { username: 'app', password: 'one', ttl });
      const reference = 'vault-lease://database/static-creds/app#password';
      expect(await client.resolve(reference)).toEqual({ value: 'one', validForMs: 1_000 });
      const secrets = new Secrets({
        providers: { 'vault-lease': client.provider('vault-lease') },
        revealed: new RevealedSecrets(),
        clock,
        random: () => 0.5,
      });
      const end = secrets.watch(reference, () => undefined);
      await clock.advance(60_000);
      expect(double.count(/static-creds/)).toBeGreaterThan(60);
      expect(double.count(/static-creds/)).toBeLessThan(100);
      end();
      await secrets.close();
    },
  );

  it('of a token that was given are given back, and the token is not', async () => {
    const { clock, double } = fastRig();
    double.leaseRoles.set(ROLE, { ttlSeconds: HOUR });
    const token = double.addToken({ ttlSeconds: HOUR });
    const client = clientOf(double, clock, { method: 'token', token: given(token) });
    await client.resolve(PASSWORD);
    await client.close();
    expect(double.livingLeases).toEqual([]);
    expect(double.livingTokens).toEqual([token]);
  });

  it('stay when another provider of the same Vault is closed', async () => {
    const { double, client } = leaseRig({ ttlSeconds: HOUR });
    await client.resolve(PASSWORD);
    await client.resolve('vault://kv/app');
    await client.provider('vault').close();
    expect(double.livingLeases).toHaveLength(1);
    expect(double.livingTokens).toHaveLength(1);
    await client.close();
    expect(double.livingTokens).toEqual([]);
  });

  it('tell nobody who has stopped watching', async () => {
    const { clock, client } = leaseRig({ ttlSeconds: 90, renewable: false });
    let told = 0;
    const stop = client.watch(PASSWORD, () => {
      told += 1;
    });
    await client.resolve(PASSWORD);
    await clock.advance(80_000);
    expect(told).toBe(1);
    stop();
    await clock.advance(800_000);
    expect(told).toBe(1);
    await client.close();
  });
});
