import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AzureCredential, azureKeyVault } from '../../src/cloud/azkv-provider.ts';
import { parseReference } from '../../src/reference.ts';
import type { SecretProvider } from '../../src/secret-provider.ts';
import { secretProviderContract } from '../support/contract.ts';
import { type AzureDouble, azureError, openAzure, openMachineIdentity } from './azure-double.ts';
import { failure, MARK, resolve } from './failure.ts';

secretProviderContract('Azure Key Vault', async () => {
  const azure = await openAzure();
  return {
    provider: azureKeyVault(azure),
    async put(name, value) {
      azure.put(name, value);
      return `azkv://${name}`;
    },
    async remove(name) {
      azure.remove(name);
    },
    missing: 'azkv://missing',
    async missingField() {
      azure.put('fields', '{"user":"app"}');
      return 'azkv://fields#password';
    },
    takesTooLarge: true,
    takesEmpty: true,
    hang: () => azure.fail('hang'),
    close: () => azure.close(),
  };
});

describe('azkv://', () => {
  const now = 1_800_000_000_000;
  let azure: AzureDouble;
  let provider: SecretProvider;

  const open = (credential: AzureCredential): SecretProvider =>
    azureKeyVault({ vaultUrl: azure.vaultUrl, agent: azure.agent, credential, timeOfDay: () => now });

  beforeEach(async () => {
    azure = await openAzure();
    provider = open(azure.credential);
  });
  afterEach(async () => {
    await provider.close();
    await azure.close();
  });

  it('reads the newest version, or the one that is named, or a member', async () => {
    const first = azure.put('api-key', 'old');
    const second = azure.put('api-key', '{"key":"new"}');
    expect(await resolve(provider, 'azkv://api-key')).toMatchObject({
      value: '{"key":"new"}',
      version: second,
    });
    expect(await resolve(provider, `azkv://api-key?version=${first}`)).toMatchObject({
      value: 'old',
      version: first,
    });
    expect((await resolve(provider, 'azkv://api-key#key')).value).toBe('new');
  });

  it('gets a token for what the vault asks for, once for many', async () => {
    const getToken = vi.fn<AzureCredential['getToken']>((scopes) => azure.credential.getToken(scopes));
    await provider.close();
    provider = open({ getToken });
    azure.put('api-key', 'value');
    await resolve(provider, 'azkv://api-key');
    await resolve(provider, 'azkv://api-key');
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(getToken.mock.calls[0]?.[0]).toEqual(['https://vault.azure.net/.default']);
    // One without a token, which is asked for a challenge; then one for each.
    expect(azure.asked).toBe(3);
  });

  it('gets no token when the vault asks for one that is meant for somebody else', async () => {
    const greedy = await openAzure('https://management.azure.com');
    const getToken = vi.fn<AzureCredential['getToken']>((scopes) => azure.credential.getToken(scopes));
    const other = azureKeyVault({ vaultUrl: greedy.vaultUrl, agent: greedy.agent, credential: { getToken } });
    expect((await failure(other, 'azkv://api-key')).code).toBe('unavailable');
    expect(getToken).not.toHaveBeenCalled();
    await greedy.close();
  });

  it('refuses a vault whose certificate it does not trust', async () => {
    azure.put('api-key', 'value');
    const stranger = await openAzure();
    const other = azureKeyVault({ ...azure, agent: stranger.agent });
    expect((await failure(other, 'azkv://api-key')).code).toBe('unavailable');
    await stranger.close();
  });

  it('takes a disabled secret as one that is not there', async () => {
    azure.put('api-key', 'value', { enabled: false });
    const error = await failure(provider, 'azkv://api-key');
    expect(error.code).toBe('not_found');
    expect(error.message).toContain('enable');
  });

  it('refuses a secret outside its dates, and stands for it no longer than to its end', async () => {
    const seconds = now / 1000;
    azure.put('expired', 'value', { exp: seconds });
    azure.put('early', 'value', { nbf: seconds + 60 });
    azure.put('ending', 'value', { exp: seconds + 60, nbf: seconds - 60 });
    expect((await failure(provider, 'azkv://expired')).code).toBe('invalid_value');
    expect((await failure(provider, 'azkv://early')).code).toBe('invalid_value');
    expect(await resolve(provider, 'azkv://ending')).toMatchObject({ value: 'value', validForMs: 60_000 });
  });

  it.each([
    [400, 'BadParameter', undefined, 'invalid_reference'],
    [403, 'Forbidden', 'AccessDenied', 'denied'],
    [403, 'Forbidden', 'ForbiddenByFirewall', 'denied'],
    [404, 'SecretNotFound', undefined, 'not_found'],
    [404, 'ResourceNotFound', undefined, 'unavailable'],
    [429, 'Throttled', undefined, 'throttled'],
    [500, 'InternalServerError', undefined, 'unavailable'],
    [503, 'ServiceUnavailable', undefined, 'unavailable'],
  ])('takes %i %s (%s) for %s, and asks once', async (status, type, inner, code) => {
    azure.put('api-key', 'value');
    await resolve(provider, 'azkv://api-key');
    const before = azure.asked;
    azure.fail(azureError(status, type, MARK, inner === undefined ? {} : { inner }));
    expect((await failure(provider, 'azkv://api-key')).code).toBe(code);
    expect(azure.asked).toBe(before + 1);
    azure.fail(undefined);
    expect((await resolve(provider, 'azkv://api-key')).value).toBe('value');
  });

  it('is denied when the vault does not take the token', async () => {
    azure.put('api-key', 'value');
    await provider.close();
    provider = open({ getToken: async () => ({ token: MARK, expiresOnTimestamp: Date.now() + 3_600_000 }) });
    expect((await failure(provider, 'azkv://api-key')).code).toBe('denied');
  });

  it('passes on how long to wait', async () => {
    azure.fail(azureError(429, 'Throttled', MARK, { headers: { 'retry-after': '10' } }));
    expect(await failure(provider, 'azkv://api-key')).toMatchObject({
      code: 'throttled',
      retryAfterMs: 10_000,
    });
  });

  it('follows no redirect', async () => {
    azure.fail({ status: 307, headers: { location: '/secrets/other' }, body: MARK });
    expect((await failure(provider, 'azkv://api-key')).code).toBe('unavailable');
    expect(azure.asked).toBe(1);
  });

  it.each([
    ['text that is no JSON', { status: 200, body: `<html>${MARK}` }, 'unavailable'],
    [
      'a value of another type',
      { status: 200, body: `{"value":{"a":"${MARK}"},"id":"https://v/secrets/n/v"}` },
      'invalid_value',
    ],
    ['no value', { status: 200, body: '{"id":"https://v/secrets/n/v"}' }, 'invalid_value'],
    ['an error page', { status: 502, body: `<html>${MARK}</html>` }, 'unavailable'],
    ['a 404 of a proxy', { status: 404, body: `<html>${MARK}</html>` }, 'unavailable'],
    ['a 404 of nothing', { status: 404, body: '' }, 'unavailable'],
    ['a 404 of a gateway', { status: 404, body: `{"message":"${MARK}"}` }, 'unavailable'],
    ['a 404 of another shape', { status: 404, body: '{"error":"SecretNotFound"}' }, 'unavailable'],
    ['a denial of another shape', { status: 403, body: '{"error":17}' }, 'denied'],
  ] as const)('gives nothing when the answer is %s', async (_, answer, code) => {
    azure.fail({ ...answer, headers: { 'content-type': 'application/json' } });
    expect((await failure(provider, 'azkv://api-key')).code).toBe(code);
  });

  it('is an outage when the connection breaks within the answer, or cannot be made', async () => {
    azure.put('api-key', MARK.repeat(100));
    await resolve(provider, 'azkv://api-key');
    azure.fail('cut');
    expect((await failure(provider, 'azkv://api-key')).code).toBe('unavailable');
    await azure.close();
    expect((await failure(provider, 'azkv://api-key')).code).toBe('unavailable');
    azure = await openAzure();
  });

  it('lets go of the connection when nobody waits any more', async () => {
    azure.fail('hang');
    const controller = new AbortController();
    const failed = failure(provider, 'azkv://api-key', controller.signal);
    await vi.waitUntil(() => azure.asked === 1);
    controller.abort();
    expect((await failed).code).toBe('timeout');
    await azure.abandoned;
  });

  it('ends with the signal when it is the credential that hangs', async () => {
    await provider.close();
    let begun = (): void => {};
    const asked = new Promise<void>((resolve) => (begun = resolve));
    provider = open({
      getToken() {
        begun();
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const failed = failure(provider, 'azkv://api-key', controller.signal);
    await asked;
    controller.abort();
    expect((await failed).code).toBe('timeout');
  });

  it.each([
    ['CredentialUnavailableError', undefined, 'not_configured'],
    ['AggregateAuthenticationError', undefined, 'not_configured'],
    ['AuthenticationError', 400, 'denied'],
    ['AuthenticationError', 401, 'denied'],
    ['AuthenticationError', 404, 'unavailable'],
    ['AuthenticationError', 429, 'throttled'],
    ['AuthenticationError', 503, 'unavailable'],
  ])('takes a %s (%s) of the credential for %s', async (name, statusCode, code) => {
    await provider.close();
    const error = Object.assign(new Error(MARK), { name, statusCode });
    provider = open({ getToken: () => Promise.reject(error) });
    expect((await failure(provider, 'azkv://api-key')).code).toBe(code);
  });

  it.each([undefined, null, MARK])('survives a credential that throws %#', async (thrown) => {
    await provider.close();
    provider = open({
      async getToken() {
        throw thrown;
      },
    });
    expect((await failure(provider, 'azkv://api-key')).code).toBe('unavailable');
  });

  describe('without a credential', () => {
    beforeEach(() => {
      for (const name of ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) {
        vi.stubEnv(name, undefined);
      }
      provider = azureKeyVault({ vaultUrl: azure.vaultUrl, agent: azure.agent });
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it("uses the machine's identity", async () => {
      azure.put('api-key', 'value');
      const machine = await openMachineIdentity(azure.token);
      vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
      vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${machine.port}/msi/token`);
      vi.stubEnv('IDENTITY_HEADER', 'identity-header');
      expect((await resolve(provider, 'azkv://api-key')).value).toBe('value');
      await machine.close();
    });

    it('says what to set when there is none, and looks again the next time', async () => {
      azure.put('api-key', 'value');
      vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
      const error = await failure(provider, 'azkv://api-key');
      expect(error.code).toBe('not_configured');
      expect(error.message).toContain('AZURE_CLIENT_ID');
      const machine = await openMachineIdentity(azure.token);
      vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
      vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${machine.port}/msi/token`);
      vi.stubEnv('IDENTITY_HEADER', 'identity-header');
      expect((await resolve(provider, 'azkv://api-key')).value).toBe('value');
      await machine.close();
    });
  });

  it.each(['azkv://a/b', 'azkv://under_score', 'azkv://name?version=latest'])(
    'refuses %s without asking anybody',
    async (reference) => {
      expect(provider.check?.(parseReference(reference))).toContain('write');
      expect((await failure(provider, reference)).code).toBe('invalid_reference');
      expect(azure.asked).toBe(0);
    },
  );

  it.each(['http://localhost:8443', 'http://vault', 'https://vault/path', 'https://a:b@vault', 'vault'])(
    'refuses the address %s',
    (vaultUrl) => {
      expect(() => azureKeyVault({ vaultUrl })).toThrow(TypeError);
    },
  );
});
