import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { SecretError } from '../../src/secret-error.ts';
import type { VaultAuth, VaultWrapping } from '../../src/vault/vault-auth.ts';
import type { VaultOptions } from '../../src/vault/vault-options.ts';
import { errors, ok } from './double-reply.ts';
import { DoubleServer } from './double-server.ts';
import { LeakTrap } from './leak-trap.ts';
import { makeCertificate } from './make-certificate.ts';
import { allowApprole, APPROLE, Client, given, ROLE_ID, SECRET_ID } from './rig.ts';
import { VaultDouble } from './vault-double.ts';

const VALUE = 'vault://kv/app#value';
const TTL = { ttlSeconds: 3600 };

describe('logging in', () => {
  let double: VaultDouble;
  let server: DoubleServer;
  let clients: Client[];
  let trap: LeakTrap;
  const clientWith = (auth: VaultAuth, options: Partial<VaultOptions> = {}): Client => {
    const client = new Client({ address: server.address, auth, ...options });
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    double = new VaultDouble(systemClock);
    double.kv().addMount('kv', 2);
    double.kv().put('kv', 'app', { value: 'there' });
    server = await DoubleServer.listen(double);
    clients = [];
    trap = new LeakTrap();
    trap.open();
  });
  afterEach(async () => {
    trap.close();
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  });

  it('with AppRole gives the token back at the end', async () => {
    allowApprole(double, TTL);
    const client = clientWith(APPROLE);
    expect((await client.resolve(VALUE)).value).toBe('there');
    expect(double.livingTokens).toHaveLength(1);
    await client.close();
    expect(double.livingTokens).toEqual([]);
    expect(client.events).toEqual([
      { type: 'login', method: 'approle', ttlSeconds: 3600 },
      { type: 'revoked', what: 'token', path: undefined },
    ]);
  });

  it('reads its credentials again each time, so that one which was rotated is seen', async () => {
    let current = 'the-first-secret-id';
    double.logins.set('auth/approle/login', { ...TTL, accepts: (body) => body['secret_id'] === current });
    const client = clientWith({
      method: 'approle',
      roleId: given(ROLE_ID),
      secretId: async () => new Secret(current),
    });
    await client.resolve(VALUE);
    for (const id of double.livingTokens) double.revokeToken(id);
    current = 'the-second-secret-id';
    expect((await client.resolve(VALUE)).value).toBe('there');
  });

  it('takes line breaks off what a file holds', async () => {
    allowApprole(double, TTL);
    const auth = {
      method: 'approle',
      roleId: given(`${ROLE_ID}\n`),
      secretId: given(` ${SECRET_ID}\r\n`),
    } as const;
    expect((await clientWith(auth).resolve(VALUE)).value).toBe('there');
  });

  it('works without a secret id where the role needs none', async () => {
    double.logins.set('auth/approle/login', { ...TTL, accepts: (body) => !('secret_id' in body) });
    expect((await clientWith({ method: 'approle', roleId: given(ROLE_ID) }).resolve(VALUE)).value).toBe(
      'there',
    );
  });

  it('is denied with a wrong secret id, which is not shown', async () => {
    allowApprole(double, TTL);
    const client = clientWith({
      method: 'approle',
      roleId: given(ROLE_ID),
      secretId: given('a-wrong-secret-id'),
    });
    const error = await client.failure(VALUE);
    expect(error.code).toBe('denied');
    trap.plant('a-wrong-secret-id', ROLE_ID);
    expect(trap.leaksIn(error, client.events)).toEqual([]);
  });

  it.each([400, 401, 403, 404, 405, 500])(
    'that fails with %i is never taken for an answer about a secret',
    async (status) => {
      double.fail(/login$/, { kind: 'reply', reply: errors(status, 'encryption key not found') });
      for (const reference of [
        VALUE,
        'vault://kv/data/app#value',
        'vault-lease://database/creds/app#password',
        'vault-transit://transit/app#vault:v1:YWJj',
      ]) {
        const { code, message } = await clientWith(APPROLE).failure(reference);
        expect(['denied', 'not_configured', 'unavailable']).toContain(code);
        expect(message).not.toMatch(/kv:|"data\/"|decrypt/);
      }
    },
  );

  it.each([400, 404, 405])(
    'with a token that cannot be looked up (%i) is not set up, and no secret is missing',
    async (status) => {
      double.fail(/lookup-self/, { kind: 'reply', reply: errors(status) });
      expect((await clientWith({ method: 'token', token: given('hvs.x') }).failure(VALUE)).code).toBe(
        'not_configured',
      );
    },
  );

  it('uses a token that may not look itself up', async () => {
    double.denied.add('auth/token/lookup-self');
    const client = clientWith({ method: 'token', token: given(double.addToken(TTL)) });
    expect((await client.resolve(VALUE)).value).toBe('there');
  });

  it('goes to the mount that is named', async () => {
    double.logins.set('auth/team-a/approle/login', { ...TTL, accepts: () => true });
    const auth = { ...APPROLE, mount: 'team-a/approle' } as VaultAuth;
    expect((await clientWith(auth).resolve(VALUE)).value).toBe('there');
  });

  it('with a JWT names the role, and says that clocks may differ when the time is wrong', async () => {
    let jwt = 'ey.good.jwt';
    double.logins.set('auth/jwt/login', {
      ...TTL,
      accepts: (body) => {
        if (body['role'] !== 'app') return false;
        if (body['jwt'] === 'ey.good.jwt') return true;
        return errors(400, `error validating token: validation failed, ${String(body['jwt'])}`);
      },
    });
    const auth = { method: 'jwt', role: 'app', jwt: async () => new Secret(jwt) } as const;
    expect((await clientWith(auth).resolve(VALUE)).value).toBe('there');
    for (const claim of [
      'token is expired (exp)',
      'token not valid yet (nbf)',
      'token issued in the future (iat)',
    ]) {
      jwt = claim;
      const error = await clientWith(auth).failure(VALUE);
      expect(error.code).toBe('denied');
      expect(error.message).toContain('clocks');
      trap.plant(claim);
      expect(trap.leaksIn(error)).toEqual([]);
    }
    jwt = 'something else';
    expect((await clientWith(auth).failure(VALUE)).message).not.toContain('clocks');
  });

  it('with Kubernetes reads the token of the service account at every login', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-vault-'));
    const tokenPath = join(directory, 'token');
    await writeFile(tokenPath, 'ey.first\n');
    double.logins.set('auth/kubernetes/login', {
      ...TTL,
      accepts: (body) => body['role'] === 'app' && /^ey\.(first|second)$/.test(String(body['jwt'])),
    });
    const client = clientWith({ method: 'kubernetes', role: 'app', tokenPath });
    await client.resolve(VALUE);
    for (const id of double.livingTokens) double.revokeToken(id);
    await writeFile(tokenPath, 'ey.second\n');
    await client.resolve(VALUE);
    const given = double.seen.filter(({ path }) => path.endsWith('/login')).map(({ body }) => body);
    expect(given).toEqual([
      { role: 'app', jwt: 'ey.first' },
      { role: 'app', jwt: 'ey.second' },
    ]);
    await rm(directory, { recursive: true });
    const elsewhere = clientWith({ method: 'kubernetes', role: 'app', tokenPath });
    const error = await elsewhere.failure(VALUE);
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('ENOENT');
  });

  it('says that a credential cannot be read, never that the secret is missing', async () => {
    const failing = (error: Error): VaultAuth => ({ method: 'token', token: () => Promise.reject(error) });
    const missing = new SecretError('not_found', 'env:VAULT_TOKEN_OF_APP', 'is not set');
    const error = await clientWith(failing(missing)).failure(VALUE);
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('env:VAULT_TOKEN_OF_APP: is not set');
    const foreign = await clientWith(failing(new Error('cannot parse hvs.abc'))).failure(VALUE);
    expect(foreign.code).toBe('not_configured');
    trap.plant('hvs.abc');
    expect(trap.leaksIn(error, foreign)).toEqual([]);
    const away = new SecretError('timeout', 'file:///x', 'no answer');
    expect((await clientWith(failing(away)).failure(VALUE)).code).toBe('timeout');
    expect((await clientWith({ method: 'token', token: given(' \n') }).failure(VALUE)).code).toBe(
      'not_configured',
    );
    expect((await clientWith({ method: 'token', token: given('a\nb') }).failure(VALUE)).code).toBe(
      'not_configured',
    );
    expect(double.seen).toEqual([]);
  });

  it('says when nothing is mounted there, and when a second factor is asked for', async () => {
    double.fail(/auth\/jwt/, { kind: 'reply', reply: errors(404, 'no handler for route') }, 1);
    const jwt = { method: 'jwt', jwt: given('ey.x') } as const;
    const error = await clientWith(jwt).failure(VALUE);
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('auth.mount');
    const auth = { client_token: '', mfa_requirement: { mfa_request_id: 'x' }, lease_duration: 0 };
    double.fail(/auth\/jwt/, { kind: 'reply', reply: ok({ auth }) }, 1);
    expect((await clientWith(jwt).failure(VALUE)).message).toContain('second factor');
  });

  it('stays in the namespace that is named', async () => {
    double.namespaces.add('team-a');
    double.kv('team-a').addMount('kv', 1);
    double.kv('team-a').put('kv', 'app', { value: 'of-team-a' });
    allowApprole(double, TTL);
    expect((await clientWith(APPROLE, { namespace: 'team-a/' }).resolve(VALUE)).value).toBe('of-team-a');
    expect((await clientWith(APPROLE).resolve(VALUE)).value).toBe('there');
    const nowhere = await clientWith(APPROLE, { namespace: 'nobody' }).failure(VALUE);
    expect(nowhere.code).toBe('not_configured');
  });

  describe('with what is wrapped', () => {
    const PATH = 'auth/approle/role/app/secret-id';
    const wrapSecretId = (): string => double.wrap(PATH, ok({ data: { secret_id: SECRET_ID } }).body);
    const wrapped = (token: string, wrapping: VaultWrapping = true): VaultAuth => ({
      method: 'approle',
      roleId: given(ROLE_ID),
      secretId: given(token),
      wrapped: wrapping,
    });

    it('unwraps a secret id once, and uses it for every login', async () => {
      allowApprole(double, TTL);
      const client = clientWith(wrapped(wrapSecretId()));
      await client.resolve(VALUE);
      for (const id of double.livingTokens) double.revokeToken(id);
      await client.resolve(VALUE);
      expect(double.count(/unwrap/)).toBe(1);
      expect(double.count(/approle\/login/)).toBe(2);
    });

    it('unwraps a token', async () => {
      const token = double.addToken(TTL);
      const wrapping = double.wrap('auth/token/create', ok({ auth: { client_token: token } }).body);
      const client = clientWith({ method: 'token', token: given(wrapping), wrapped: true });
      expect((await client.resolve(VALUE)).value).toBe('there');
      expect(double.seen.at(-1)?.headers['x-vault-token']).toBe(token);
    });

    it('says that somebody else may have read what was unwrapped before', async () => {
      allowApprole(double, TTL);
      const token = wrapSecretId();
      await clientWith(wrapped(token)).resolve(VALUE);
      const second = clientWith(wrapped(token));
      const error = await second.failure(VALUE);
      expect(error.code).toBe('denied');
      expect(error.message).toContain('somebody else may have read');
      trap.plant(token, SECRET_ID);
      expect(trap.leaksIn(error, second.events)).toEqual([]);
    });

    it('takes a new wrapping token after that', async () => {
      allowApprole(double, TTL);
      let token = 'hvs.spent';
      const auth = wrapped(token) as Extract<VaultAuth, { method: 'approle' }>;
      const client = clientWith({ ...auth, secretId: async () => new Secret(token) });
      expect((await client.failure(VALUE)).code).toBe('denied');
      token = wrapSecretId();
      expect((await client.resolve(VALUE)).value).toBe('there');
    });

    it('unwraps nothing that was made elsewhere than was said', async () => {
      allowApprole(double, TTL);
      const forged = double.wrap('cubbyhole/forged', ok({ data: { secret_id: 'of-an-attacker' } }).body);
      const error = await clientWith(wrapped(forged, { creationPath: PATH })).failure(VALUE);
      expect(error.code).toBe('denied');
      expect(error.message).toContain(`not made at ${PATH}`);
      expect(double.count(/unwrap/)).toBe(0);
      const good = clientWith(wrapped(wrapSecretId(), { creationPath: `/${PATH}` }));
      expect((await good.resolve(VALUE)).value).toBe('there');
    });
  });

  describe('over TLS', () => {
    const ca = makeCertificate('Test Authority');
    const serverCertificate = makeCertificate('vault', ca);
    const ours = makeCertificate('app', ca);
    let tlsServer: DoubleServer;
    const identity = (of = ours): Pick<VaultOptions, 'clientCert' | 'clientKey'> => ({
      clientCert: given(of.cert),
      clientKey: given(of.key),
    });
    const tlsClient = (auth: VaultAuth, options: Partial<VaultOptions> = {}): Client =>
      clientWith(auth, { address: tlsServer.address, ca: ca.cert, ...options });

    beforeEach(async () => {
      tlsServer = await DoubleServer.listen(double, {
        cert: serverCertificate.cert,
        key: serverCertificate.key,
        ca: ca.cert,
      });
      double.logins.set('auth/cert/login', {
        ...TTL,
        accepts: (body, clientName) => clientName === 'app' && (body['name'] ?? 'app') === 'app',
      });
    });
    afterEach(() => tlsServer.close());

    it('shows a certificate, with or without a role', async () => {
      expect((await tlsClient({ method: 'cert', role: 'app' }, identity()).resolve(VALUE)).value).toBe(
        'there',
      );
      expect((await tlsClient({ method: 'cert' }, identity()).resolve(VALUE)).value).toBe('there');
      expect(double.seen.every(({ clientName }) => clientName === 'app')).toBe(true);
    });

    it('reads the certificate again at every login', async () => {
      let current = makeCertificate('somebody', ca);
      const client = tlsClient(
        { method: 'cert' },
        { clientCert: async () => new Secret(current.cert), clientKey: async () => new Secret(current.key) },
      );
      expect((await client.failure(VALUE)).code).toBe('denied');
      current = ours;
      expect((await client.resolve(VALUE)).value).toBe('there');
    });

    it('is denied with a certificate of another authority', async () => {
      const stranger = makeCertificate('app', makeCertificate('Another Authority'));
      const error = await tlsClient({ method: 'cert' }, identity(stranger)).failure(VALUE);
      expect(error.code).toBe('denied');
      trap.plant(stranger.key.split('\n')[1] ?? '');
      expect(trap.leaksIn(error)).toEqual([]);
    });

    it('sends nothing to a server that it does not trust, whatever the environment says', async () => {
      allowApprole(double, TTL);
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      process.env['VAULT_SKIP_VERIFY'] = '1';
      try {
        const other = makeCertificate('Another Authority');
        const error = await tlsClient(APPROLE, { ca: other.cert }).failure(VALUE);
        expect(error.code).toBe('unavailable');
        expect(error.message).toContain('not trusted');
        expect(double.seen).toEqual([]);
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        delete process.env['VAULT_SKIP_VERIFY'];
      }
    });

    it('says when what is given as a key is none, and shows nothing of it', async () => {
      const client = tlsClient(
        { method: 'cert' },
        { clientCert: given(ours.cert), clientKey: given('n0-key-at-all') },
      );
      const error = await client.failure(VALUE);
      expect(error.code).toBe('not_configured');
      trap.plant('n0-key-at-all');
      expect(trap.leaksIn(error)).toEqual([]);
    });
  });
});
