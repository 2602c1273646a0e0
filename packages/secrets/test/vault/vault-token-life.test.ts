import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errors } from './double-reply.ts';
import { allowApprole, clientOf, fastRig } from './rig.ts';

const HOUR = 3600;
const TTLS = [1, 60, HOUR, 768 * HOUR, 10_000 * HOUR];
const LOGIN = /POST auth\/approle\/login/;
const RENEWAL = /renew-self/;
const DENIAL: { kind: 'reply'; reply: ReturnType<typeof errors> } = {
  kind: 'reply',
  reply: errors(403, 'permission denied'),
};
const AWAY: { kind: 'reply'; reply: ReturnType<typeof errors> } = { kind: 'reply', reply: errors(500, 'x') };

describe('the life of a token', () => {
  it.each(TTLS)(
    'of %i s is kept with one login and at most one renewal in two thirds of it',
    async (ttlSeconds) => {
      const { clock, double, client } = fastRig();
      allowApprole(double, { ttlSeconds });
      await client.resolve('vault://kv/app');
      const lives = 20;
      // In steps, so that a lapse between renewals would be seen.
      for (let step = 0; step < lives * 7; step += 1) {
        await clock.advance((ttlSeconds * 1000) / 7);
        expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
      }
      expect(double.count(LOGIN)).toBe(1);
      expect(double.count(RENEWAL)).toBeGreaterThanOrEqual(lives);
      expect(double.count(RENEWAL)).toBeLessThanOrEqual(lives * 1.5);
      await client.close();
      expect(clock.waiting).toBe(0);
    },
  );

  it('of any length never comes sooner than after two thirds, nor after the end, whatever the jitter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 * HOUR }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (ttlSeconds, jitter) => {
          const { clock, double, client } = fastRig({ random: () => jitter });
          allowApprole(double, { ttlSeconds });
          await client.resolve('vault://kv/app');
          await clock.advance(ttlSeconds * 1000 * (2 / 3) - 1);
          expect(double.count(RENEWAL)).toBe(0);
          await clock.advance(ttlSeconds * 1000 * 0.11 + 1);
          expect(double.count(RENEWAL)).toBe(1);
          expect(double.count(LOGIN)).toBe(1);
          await client.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is a single one for many who ask at once', async () => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await Promise.all(Array.from({ length: 100 }, () => client.resolve('vault://kv/app')));
    expect(double.count(LOGIN)).toBe(1);
    await client.close();
  });

  it('is followed by another login before a max_ttl ends it, without a gap', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR, maxSeconds: 3 * HOUR });
    await client.resolve('vault://kv/app');
    for (let minute = 0; minute < 30 * 60; minute += 5) {
      await clock.advance(300_000);
      expect(double.livingTokens.length).toBeGreaterThan(0);
      await client.resolve('vault://kv/app');
    }
    // 30 hours in lives of about three.
    expect(double.count(LOGIN)).toBeGreaterThan(9);
    expect(double.count(LOGIN)).toBeLessThan(16);
    expect(client.typesOf()).not.toContain('lease_lost');
    expect(double.seen.filter(({ path }) => path === 'auth/token/lookup-self')).toEqual([]);
    await client.close();
    expect(double.livingTokens).toEqual([]);
  });

  it('is followed by another login when it cannot be renewed', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: 90, renewable: false });
    await client.resolve('vault://kv/app');
    await clock.advance(80_000);
    expect(double.count(LOGIN)).toBe(2);
    expect(double.count(RENEWAL)).toBe(0);
    expect(double.livingTokens).toHaveLength(2);
    await client.close();
    expect(double.livingTokens).toEqual([]);
  });

  it('is followed by another login when its renewal is refused', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: 90 });
    await client.resolve('vault://kv/app');
    double.fail(RENEWAL, DENIAL);
    await clock.advance(70_000);
    expect(double.count(LOGIN)).toBe(2);
    expect(double.count(RENEWAL)).toBe(1);
    await client.close();
  });

  it('that arrives after the end is given back', async () => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    const failed = client.failure('vault://kv/app');
    await client.close();
    expect((await failed).code).toBe('closed');
    expect(double.count(LOGIN)).toBe(1);
    expect(double.livingTokens).toEqual([]);
  });

  it('is begun anew once, also for one who is told late that the last has ended', async () => {
    const { clock, double, api, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    for (const id of double.livingTokens) double.revokeToken(id);
    let arrive: () => void = () => undefined;
    let isFirst = true;
    api.delay = (path) => {
      if (path !== 'kv/data/app' || !isFirst) return undefined;
      isFirst = false;
      return new Promise((resolve) => {
        arrive = resolve;
      });
    };
    const late = client.resolve('vault://kv/app');
    await clock.advance(0);
    await client.resolve('vault://kv/app');
    arrive();
    expect((await late).value).toBe('the-value-77e1');
    expect(double.count(LOGIN)).toBe(2);
    await client.close();
  });

  it('is renewed after an outage that is shorter than it', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    double.fail(/./, AWAY);
    await clock.advance(55 * 60_000);
    const tries = double.count(RENEWAL);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(60);
    double.heal();
    await clock.advance(2 * 60_000);
    expect(client.typesOf()).toEqual(['login', 'token_renewed']);
    expect(double.count(LOGIN)).toBe(1);
    await client.close();
  });

  it('begins anew with the next request after an outage that is longer than it', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: 60 });
    await client.resolve('vault://kv/app');
    double.fail(/./, AWAY);
    await clock.advance(3_600_000);
    const tries = double.seen.length;
    expect(tries).toBeLessThan(40);
    expect((await client.failure('vault://kv/app')).code).toBe('unavailable');
    double.heal();
    expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
    await client.close();
  });

  it('begins anew, once, when Vault does not know it any more', async () => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    for (const id of double.livingTokens) double.revokeToken(id);
    const all = await Promise.all(Array.from({ length: 20 }, () => client.resolve('vault://kv/app')));
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['the-value-77e1']));
    expect(double.count(LOGIN)).toBe(2);
    await client.close();
  });

  it('goes on when a policy denies one path: that is no reason to log in', async () => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    double.denied.add('kv/data/secret');
    expect((await client.failure('vault://kv/secret')).code).toBe('denied');
    expect(double.count(LOGIN)).toBe(1);
    await client.close();
  });

  it.each([404, 500])('goes on when Vault answers %i to whether it still knows it', async (status) => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    double.fail(/kv\/data/, DENIAL);
    double.fail(/lookup-self/, { kind: 'reply', reply: errors(status) });
    expect((await client.failure('vault://kv/app')).code).toBe(status === 404 ? 'denied' : 'unavailable');
    expect(double.count(LOGIN)).toBe(1);
    await client.close();
  });

  it('begins anew no more than once a minute when it may not even ask about itself', async () => {
    const { clock, double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    double.denied.add('kv/data/secret');
    double.denied.add('auth/token/lookup-self');
    for (let times = 0; times < 10; times += 1) {
      expect((await client.failure('vault://kv/secret')).code).toBe('denied');
    }
    expect(double.count(LOGIN)).toBe(2);
    await clock.advance(61_000);
    expect((await client.failure('vault://kv/secret')).code).toBe('denied');
    expect(double.count(LOGIN)).toBe(3);
    await client.close();
  });

  it('is denied after a second denial, and asks no third time', async () => {
    const { double, client } = fastRig();
    allowApprole(double, { ttlSeconds: HOUR });
    await client.resolve('vault://kv/app');
    double.fail(/kv\/data|lookup-self/, DENIAL);
    const before = double.count(/kv\/data/);
    expect((await client.failure('vault://kv/app')).code).toBe('denied');
    expect(double.count(/kv\/data/) - before).toBe(2);
    await client.close();
  });
});

describe('a token that was given', () => {
  const auth = (token: string | (() => string)) =>
    ({
      method: 'token',
      token: async () => new Secret(typeof token === 'string' ? token : token()),
    }) as const;

  it('without an end is never renewed', async () => {
    const { clock, double } = fastRig();
    const root = clientOf(double, clock, auth(double.rootToken));
    await root.resolve('vault://kv/app');
    await clock.advance(10_000 * HOUR * 1000);
    expect(double.count(RENEWAL)).toBe(0);
    expect(double.count(/lookup-self/)).toBe(1);
    await root.close();
    expect(double.count(/revoke/)).toBe(0);
  });

  it('is renewed, and not revoked at the end', async () => {
    const { clock, double } = fastRig();
    const token = double.addToken({ ttlSeconds: HOUR });
    const client = clientOf(double, clock, auth(token));
    await client.resolve('vault://kv/app');
    await clock.advance(24 * HOUR * 1000);
    expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
    expect(double.count(RENEWAL)).toBeLessThanOrEqual(36);
    await client.close();
    expect(double.livingTokens).toEqual([token]);
  });

  it('that was revoked is denied, until another is given', async () => {
    const { clock, double } = fastRig();
    let token = double.addToken({ ttlSeconds: HOUR });
    const client = clientOf(
      double,
      clock,
      auth(() => token),
    );
    await client.resolve('vault://kv/app');
    double.revokeToken(token);
    expect((await client.failure('vault://kv/app')).code).toBe('denied');
    token = double.addToken({ ttlSeconds: HOUR });
    expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
    await client.close();
  });

  it('that nears its end is followed by the one that is given by then', async () => {
    const { clock, double } = fastRig();
    let token = double.addToken({ ttlSeconds: HOUR, maxSeconds: 2 * HOUR });
    const client = clientOf(
      double,
      clock,
      auth(() => token),
    );
    await client.resolve('vault://kv/app');
    await clock.advance(HOUR * 1000);
    token = double.addToken({ ttlSeconds: 100 * HOUR });
    await clock.advance(2 * HOUR * 1000);
    expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
    expect(client.typesOf().filter((type) => type === 'login')).toHaveLength(2);
    await client.close();
  });

  it('that ends is asked about a few times and no more', async () => {
    const { clock, double } = fastRig();
    const token = double.addToken({ ttlSeconds: 768 * HOUR, maxSeconds: 800 * HOUR });
    const client = clientOf(double, clock, auth(token));
    await client.resolve('vault://kv/app');
    await clock.advance(1000 * HOUR * 1000);
    expect(double.seen.length).toBeLessThan(60);
    expect((await client.failure('vault://kv/app')).code).toBe('denied');
    await client.close();
    expect(clock.waiting).toBe(0);
  });
});
