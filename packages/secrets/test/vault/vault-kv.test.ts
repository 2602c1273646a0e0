import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { errors, ok } from './double-reply.ts';
import { DoubleServer } from './double-server.ts';
import { kvSuite } from './kv-suite.ts';
import { allowApprole, APPROLE, clientOf, fastRig } from './rig.ts';
import { VaultDouble } from './vault-double.ts';

kvSuite('the double of Vault', async () => {
  const double = new VaultDouble(systemClock);
  const server = await DoubleServer.listen(double);
  return {
    address: server.address,
    token: double.rootToken,
    takesTooLarge: true,
    hang: () => double.fail(/./, { kind: 'hang' }),
    close: () => server.close(),
  };
});

describe('the KV version of a mount', () => {
  const rig = () => {
    const made = fastRig();
    allowApprole(made.double, { ttlSeconds: 3600 });
    made.double.kv().addMount('team-a/kv', 1);
    made.double.kv().put('team-a/kv', 'deep/app', { value: 'of-team-a' });
    return made;
  };
  const DETECTION = /internal\/ui\/mounts/;

  it('is asked for once, and again when what was said is old', async () => {
    const { clock, double, client } = rig();
    for (let times = 0; times < 5; times += 1) {
      expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
      expect((await client.resolve('vault://team-a/kv/deep/app')).value).toBe('of-team-a');
    }
    expect(double.count(DETECTION)).toBe(2);
    await clock.advance(300_001);
    await client.resolve('vault://kv/app');
    expect(double.count(DETECTION)).toBe(3);
    await client.close();
  });

  it('is not asked for where the options say it', async () => {
    const { clock, double } = rig();
    const client = clientOf(double, clock, APPROLE, { kv: { '/kv/': 2, 'team-a/kv': 1 } });
    expect((await client.resolve('vault://kv/app')).value).toBe('the-value-77e1');
    expect((await client.resolve('vault://team-a/kv/deep/app')).value).toBe('of-team-a');
    expect(double.count(DETECTION)).toBe(0);
    await client.close();
  });

  it('that is wrong in the options is told from a secret that is missing', async () => {
    const { clock, double } = rig();
    const client = clientOf(double, clock, APPROLE, { kv: { kv: 1 } });
    const error = await client.failure('vault://kv/app');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('correct the option kv');
    await client.close();
  });

  it('is never taken from an answer about another mount', async () => {
    for (const path of ['other/', 'kv/app/deeper/', 'k/']) {
      const { double, client } = rig();
      double.fail(DETECTION, { kind: 'reply', reply: ok({ data: { path, type: 'kv', options: null } }) });
      expect((await client.failure('vault://kv/app')).code).toBe('unavailable');
      await client.close();
    }
  });

  it('has to be in the options where Vault does not tell it', async () => {
    const { double, client } = rig();
    double.fail(DETECTION, { kind: 'reply', reply: errors(404) });
    const error = await client.failure('vault://kv/app');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('set kv:');
    await client.close();
  });

  it('is none where something else is mounted', async () => {
    const { double, client } = rig();
    double.kv().addMount('pki', 1, 'pki');
    const error = await client.failure('vault://pki/app');
    expect(error.code).toBe('invalid_reference');
    expect(error.message).toContain('vault-lease://');
    await client.close();
  });

  it.each([
    ['vault://kv', 'names no secret'],
    ['vault://kv/app?version=0', 'number from 1'],
    ['vault://kv/app?version=newest', 'number from 1'],
    ['vault://team-a/kv', 'no secret in it'],
  ])('does not help %s, which is refused', async (reference, text) => {
    const { client } = rig();
    const error = await client.failure(reference);
    expect(error.code).toBe('invalid_reference');
    expect(error.message).toContain(text);
    await client.close();
  });
});
