import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { SecretErrorCode } from '../../src/secret-error.ts';
import { type DoubleReply, errors } from './double-reply.ts';
import { DoubleServer } from './double-server.ts';
import { LeakTrap } from './leak-trap.ts';
import { allowApprole, APPROLE, Client, ROLE_ID, SECRET_ID } from './rig.ts';
import { type Fault, VaultDouble } from './vault-double.ts';

// Before the first request, with which node-vault is loaded; it prints requests and answers where DEBUG says
// so.
process.env['DEBUG'] = '*';
process.env['VAULT_TOKEN'] = 'hvs.from-the-environment-31c8';
process.env['VAULT_NAMESPACE'] = 'namespace-of-the-environment';
process.env['VAULT_PREFIX'] = '/prefix-of-the-environment';
process.env['VAULT_ADDR'] = 'http://127.0.0.1:1';
process.env['VAULT_SKIP_VERIFY'] = '1';

const VALUE = 'the-planted-value-b0e5';
const QUOTED = 'the-quoted-text-6d13';

const reply = (parts: DoubleReply): Fault => ({ kind: 'reply', reply: parts });
const oversized = Buffer.alloc(2_097_153, ' ');

/** What goes wrong, what it is called, and what the text of it tells. */
const FAULTS: readonly (readonly [string, Fault, SecretErrorCode, RegExp])[] = [
  ['a bad gateway in HTML', { kind: 'raw', status: 502, text: `<p>${QUOTED}</p>` }, 'unavailable', /502/],
  [
    'an internal error',
    reply(errors(500, `Post "https://db?password=${QUOTED}": EOF`)),
    'unavailable',
    /500/,
  ],
  ['a sealed Vault', reply(errors(503, 'Vault is sealed')), 'sealed', /unseal/],
  ['a Vault that is not initialized', reply(errors(503, 'Vault is not initialized')), 'sealed', /unseal/],
  ['maintenance', reply(errors(503, QUOTED)), 'unavailable', /503/],
  ['a 404 of a proxy in HTML', { kind: 'raw', status: 404, text: `<p>${QUOTED}</p>` }, 'unavailable', /404/],
  ['a 404 of nothing', { kind: 'raw', status: 404, text: '' }, 'unavailable', /404/],
  [
    'a 404 of a gateway in JSON',
    reply({ status: 404, body: { message: QUOTED, data: {} } }),
    'unavailable',
    /404/,
  ],
  [
    'a 404 of an API whose errors are objects',
    reply({ status: 404, body: { errors: [{ detail: QUOTED }] } }),
    'unavailable',
    /404/,
  ],
  [
    'no such mount or namespace',
    reply(errors(404, `no handler for route "${QUOTED}". route entry not found.`)),
    'not_configured',
    /mount/,
  ],
  ['a standby', reply({ status: 473, body: { standby: true } }), 'unavailable', /standby/],
  ['eventual consistency', reply(errors(412, QUOTED)), 'unavailable', /412/],
  ['an answer of HTML', { kind: 'raw', text: `<html>${QUOTED}</html>` }, 'unavailable', /no JSON/],
  ['an answer of nothing', { kind: 'raw', text: '' }, 'unavailable', /no JSON/],
  ['a truncated answer', { kind: 'truncated' }, 'unavailable', /no JSON/],
  [
    'bytes that are no UTF-8',
    { kind: 'raw', text: Buffer.from([0x22, 0xff, 0x22]) },
    'unavailable',
    /no JSON/,
  ],
  ['a connection that ends midway', { kind: 'reset' }, 'unavailable', /in the middle/],
  ['no answer', { kind: 'hang' }, 'timeout', /within the time/],
  ['an answer byte by byte', { kind: 'slow', ms: 10 }, 'timeout', /within the time/],
  ['an endless answer', { kind: 'raw', text: oversized }, 'too_large', /2097152 bytes/],
  ['an array', { kind: 'raw', text: `["${QUOTED}"]` }, 'unavailable', /something else/],
  ['a text', { kind: 'raw', text: `"${QUOTED}"` }, 'unavailable', /something else/],
  ['null', { kind: 'raw', text: 'null' }, 'unavailable', /something else/],
  [
    'empty members',
    { kind: 'raw', text: '{"data":{},"auth":{}}' },
    'unavailable',
    /something else|no base64/,
  ],
  [
    'members of other types',
    {
      kind: 'raw',
      text: JSON.stringify({
        data: { data: QUOTED, path: 7, plaintext: 7, metadata: {} },
        auth: { client_token: 7, lease_duration: QUOTED },
        lease_id: 'x',
        lease_duration: QUOTED,
      }),
    },
    'unavailable',
    /something else|no base64/,
  ],
];

/** Where it goes wrong. */
const STAGES: readonly (readonly [string, RegExp, string])[] = [
  ['the login', /approle\/login/, 'vault://kv/app#value'],
  ['the look-up of a mount', /internal\/ui/, 'vault://kv/app#value'],
  ['reading', /kv\/data/, 'vault://kv/app#value'],
  ['issuing a lease', /creds/, 'vault-lease://database/creds/app#password'],
  ['decrypting', /decrypt/, 'vault-transit://transit/key#vault:v1:YWJj'],
];

describe('when something goes wrong', () => {
  const trap = new LeakTrap();
  let double: VaultDouble;
  let server: DoubleServer;
  let client: Client;

  beforeEach(async () => {
    double = new VaultDouble(systemClock);
    allowApprole(double, { ttlSeconds: 3600 });
    double.kv().addMount('kv', 2);
    double.kv().put('kv', 'app', { value: VALUE });
    double.leaseRoles.set('database/creds/app', { ttlSeconds: 3600 });
    server = await DoubleServer.listen(double);
    client = new Client({
      address: server.address,
      auth: APPROLE,
      requestTimeoutMs: 60_000,
      closeTimeoutMs: 200,
    });
    trap.plant(VALUE, QUOTED, ROLE_ID, SECRET_ID, double.rootToken, 'hvs.');
    trap.open();
  });
  afterEach(async () => {
    trap.close();
    await client.close();
    await server.close();
  });

  const impatient = (): Client =>
    new Client({ address: server.address, auth: APPROLE, requestTimeoutMs: 60, closeTimeoutMs: 60 });

  for (const [stage, path, reference] of STAGES) {
    it.each(FAULTS)(
      `${stage} with %s tells what it is, and shows nothing`,
      async (name, fault, code, text) => {
        if (fault.kind === 'hang' || fault.kind === 'slow') client = impatient();
        double.fail(path, fault);
        const error = await client.failure(reference);
        // Credentials may have any fields, so none at all is no mistake of Vault.
        const isEmpty = stage === 'issuing a lease' && name === 'empty members';
        expect(error.code).toBe(isEmpty ? 'not_found' : code);
        expect(error.message).toMatch(isEmpty ? /no such field/ : text);
        expect(error.reference).toBe(reference);
        expect(error.cause).toBeUndefined();
        trap.plant(...double.livingTokens, ...double.livingLeases.map(({ password }) => password));
        expect(trap.leaksIn(error, client.events, client.provider('vault'))).toEqual([]);
        double.heal();
      },
    );
  }

  it('works again with the next look-up', async () => {
    for (const [, fault] of FAULTS.filter(([, { kind }]) => kind !== 'hang' && kind !== 'slow')) {
      double.fail(/./, fault, 1);
      await client.failure('vault://kv/app#value');
      double.heal();
      expect((await client.resolve('vault://kv/app#value')).value).toBe(VALUE);
    }
  });

  it('a redirect is never followed, and the token goes to no other server', async () => {
    const other = new VaultDouble(systemClock);
    const otherServer = await DoubleServer.listen(other);
    await client.resolve('vault://kv/app#value');
    double.standbyTarget = otherServer.address;
    double.state = 'standby';
    for (const [, , reference] of STAGES) {
      const error = await client.failure(reference);
      expect(error.code).toBe('unavailable');
      expect(error.message).toContain('redirect');
      expect(trap.leaksIn(error)).toEqual([]);
    }
    expect(other.seen).toEqual([]);
    await otherServer.close();
  });

  it.each(['vault://kv/app#value', 'vault-lease://database/creds/app#password'])(
    'a mount that is gone is not taken for a secret that is missing: %s',
    async (reference) => {
      const declared = new Client({ address: server.address, auth: APPROLE, kv: { kv: 2 } });
      double.leaseRoles.clear();
      double.fail(
        /^(?!auth)/,
        reply(errors(404, `1 error occurred:\n\t* no handler for route "kv/data/app"`)),
      );
      const error = await declared.failure(reference);
      expect(error.code).toBe('not_configured');
      expect(error.message).toContain('namespace');
      await declared.close();
    },
  );

  it('too many requests say when to come back', async () => {
    const headers = { 'retry-after': '7' };
    double.fail(/kv\/data/, reply({ status: 429, headers, body: { errors: [QUOTED] } }));
    const error = await client.failure('vault://kv/app#value');
    expect(error.code).toBe('throttled');
    expect(error.retryAfterMs).toBe(7_000);
    expect(trap.leaksIn(error)).toEqual([]);
  });

  it('nobody who listens is told', async () => {
    const nowhere = new Client({ address: 'http://127.0.0.1:1', auth: APPROLE });
    const error = await nowhere.failure('vault://kv/app#value');
    expect(error.code).toBe('unavailable');
    expect(error.message).toContain('ECONNREFUSED');
    expect(trap.leaksIn(error)).toEqual([]);
    await nowhere.close();
  });

  it('a listener that throws does no harm', async () => {
    double.leaseRoles.set('database/creds/app', { ttlSeconds: 3600 });
    const quiet = new Client({ address: server.address, auth: APPROLE });
    quiet.events.push = () => {
      throw new Error('of the listener');
    };
    expect((await quiet.resolve('vault://kv/app#value')).value).toBe(VALUE);
    await quiet.close();
  });

  it('one who gives up ends nothing for the others', async () => {
    const controller = new AbortController();
    const given = client.failure('vault://kv/app#value', controller.signal);
    const kept = client.resolve('vault://kv/app#value');
    controller.abort();
    expect((await given).code).toBe('timeout');
    expect((await kept).value).toBe(VALUE);
    expect(double.count(/approle\/login/)).toBe(1);
  });

  it('a look-up that was given up before it began asks nothing', async () => {
    const controller = new AbortController();
    controller.abort();
    expect((await client.failure('vault://kv/app#value', controller.signal)).code).toBe('timeout');
  });

  it('what is in the environment is not used', async () => {
    await client.resolve('vault://kv/app#value');
    await client.resolve('vault-lease://database/creds/app#password');
    expect(double.seen.length).toBeGreaterThan(3);
    for (const { headers, path } of double.seen) {
      expect(headers['x-vault-token']).not.toBe(process.env['VAULT_TOKEN']);
      expect(headers['x-vault-namespace']).toBeUndefined();
      expect(path).not.toContain('environment');
    }
    // A login has no token at all.
    expect(double.seen.find(({ path }) => path.endsWith('/login'))?.headers['x-vault-token']).toBeUndefined();
  });

  it('the trap would see what node-vault prints by itself', async () => {
    const { default: makeVault } = await import('node-vault');
    const vault = makeVault({ endpoint: server.address, token: double.rootToken });
    await vault.write('kv/data/other', { data: { value: VALUE } }).catch(() => undefined);
    expect(trap.printed).toContain(VALUE);
  });
});
