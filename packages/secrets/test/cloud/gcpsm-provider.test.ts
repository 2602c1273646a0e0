import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { googleSecretManager } from '../../src/cloud/gcpsm-provider.ts';
import { parseReference } from '../../src/reference.ts';
import type { SecretProvider } from '../../src/secret-provider.ts';
import { secretProviderContract } from '../support/contract.ts';
import { failure, MARK, resolve } from './failure.ts';
import { type GoogleDouble, googleAnswer, googleError, openGoogle } from './google-double.ts';

const project = 'my-project';

beforeEach(() => {
  vi.stubEnv('GOOGLE_SDK_NODE_LOGGING', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

secretProviderContract('Google Secret Manager', async () => {
  const google = await openGoogle();
  return {
    provider: googleSecretManager({ project, endpoint: google.endpoint, keyFile: google.keyFile }),
    async put(name, value) {
      google.put(name, value);
      return `gcpsm://${name}`;
    },
    async putBytes(name, bytes) {
      google.put(name, bytes);
      return `gcpsm://${name}`;
    },
    async remove(name) {
      google.remove(name);
    },
    missing: 'gcpsm://missing',
    async missingField() {
      google.put('fields', '{"user":"app"}');
      return 'gcpsm://fields#password';
    },
    takesTooLarge: true,
    takesEmpty: true,
    hang: () => google.fail('hang'),
    close: () => google.close(),
  };
});

describe('gcpsm://', () => {
  let google: GoogleDouble;
  let provider: SecretProvider;

  beforeEach(async () => {
    google = await openGoogle();
    provider = googleSecretManager({ project, endpoint: google.endpoint, keyFile: google.keyFile });
  });
  afterEach(async () => {
    await provider.close();
    await google.close();
  });

  it('reads the latest version or the one that is named, with its project or without', async () => {
    google.put('api-key', 'old');
    google.put('api-key', '{"key":"new"}');
    expect(await resolve(provider, 'gcpsm://api-key')).toEqual({ value: '{"key":"new"}', version: '2' });
    expect(await resolve(provider, 'gcpsm://api-key?version=1')).toEqual({ value: 'old', version: '1' });
    expect((await resolve(provider, 'gcpsm://projects/my-project/secrets/api-key#key')).value).toBe('new');
  });

  it.each(['', '\u001b[2J', 'a b', 'a'.repeat(129)])('takes no notice of the version %j', async (version) => {
    const answer = googleAnswer('api-key', 1, Buffer.from('value'));
    const body = JSON.stringify({
      ...JSON.parse(answer.body),
      name: `projects/1/secrets/n/versions/${version}`,
    });
    google.fail({ ...answer, body });
    expect(await resolve(provider, 'gcpsm://api-key')).toEqual({ value: 'value', version: undefined });
  });

  it('reads regional secrets', async () => {
    google.put('api-key', 'value');
    const { endpoint, keyFile } = google;
    const regional = googleSecretManager({ project, endpoint, keyFile, location: 'europe-west3' });
    expect((await resolve(regional, 'gcpsm://api-key')).value).toBe('value');
    await regional.close();
  });

  it('refuses a value that was damaged on the way, and takes one without a checksum', async () => {
    const data = Buffer.from(MARK);
    google.fail(googleAnswer('api-key', 1, data, '1'));
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe('unavailable');
    google.fail(googleAnswer('api-key', 1, data, '0'));
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe('unavailable');
    google.fail(googleAnswer('api-key', 1, data));
    expect((await resolve(provider, 'gcpsm://api-key')).value).toBe(MARK);
  });

  it.each([
    [400, 'INVALID_ARGUMENT', 'invalid_reference'],
    [400, 'FAILED_PRECONDITION', 'not_found'],
    [401, 'UNAUTHENTICATED', 'denied'],
    [403, 'PERMISSION_DENIED', 'denied'],
    [404, 'NOT_FOUND', 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', 'throttled'],
    [500, 'INTERNAL', 'unavailable'],
    [503, 'UNAVAILABLE', 'unavailable'],
    [504, 'DEADLINE_EXCEEDED', 'timeout'],
  ])('takes %i %s for %s, and asks once', async (status, name, code) => {
    google.put('api-key', 'value');
    google.fail(googleError(status, name, MARK));
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe(code);
    expect(google.asked).toBe(1);
    google.fail(undefined);
    expect((await resolve(provider, 'gcpsm://api-key')).value).toBe('value');
  });

  it('passes on how long to wait', async () => {
    google.fail(googleError(429, 'RESOURCE_EXHAUSTED', MARK, { 'retry-after': '5' }));
    expect(await failure(provider, 'gcpsm://api-key')).toMatchObject({
      code: 'throttled',
      retryAfterMs: 5000,
    });
  });

  it.each([
    ['text that is no JSON', { status: 200, body: `<html>${MARK}` }, 'unavailable'],
    [
      'a name of another type',
      { status: 200, body: `{"name":17,"payload":{"data":"${MARK}"}}` },
      'unavailable',
    ],
    ['a value of another type', { status: 200, body: '{"payload":{"data":{"a":1}}}' }, 'unavailable'],
    ['no payload', { status: 200, body: '{"name":"n"}' }, 'invalid_value'],
    ['an error page', { status: 502, body: `<html>${MARK}</html>` }, 'unavailable'],
    ['a denial of another shape', { status: 403, body: MARK }, 'denied'],
    ['a 404 of a proxy', { status: 404, body: `<html>${MARK}</html>` }, 'unavailable'],
    ['a 404 of nothing', { status: 404, body: '' }, 'unavailable'],
    ['a 404 of a gateway', { status: 404, body: `{"message":"${MARK}"}` }, 'unavailable'],
    ['a 404 without a name', { status: 404, body: '{"error":17}' }, 'unavailable'],
    ['a 404 with a number alone', { status: 404, body: '{"error":{"code":404}}' }, 'unavailable'],
    ['a 404 with another number', { status: 404, body: '{"error":{"code":5}}' }, 'unavailable'],
  ] as const)('gives nothing when the answer is %s', async (_, answer, code) => {
    google.fail({ ...answer, headers: { 'content-type': 'application/json' } });
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe(code);
  });

  it('is an outage when the connection breaks within the answer, or cannot be made', async () => {
    google.put('api-key', MARK.repeat(100));
    google.fail('cut');
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe('unavailable');
    await google.close();
    expect((await failure(provider, 'gcpsm://api-key')).code).toBe('unavailable');
    google = await openGoogle();
  });

  it('lets go of the connection when nobody waits any more', async () => {
    google.fail('hang');
    const controller = new AbortController();
    const failed = failure(provider, 'gcpsm://api-key', controller.signal);
    await vi.waitUntil(() => google.asked === 1);
    controller.abort();
    expect((await failed).code).toBe('timeout');
    await google.abandoned;
  });

  it('says what to set when there are no credentials', async () => {
    const { endpoint } = google;
    const without = googleSecretManager({ project, endpoint, keyFile: '/nonexistent/key.json' });
    const error = await failure(without, 'gcpsm://api-key');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('GOOGLE_APPLICATION_CREDENTIALS');
    await without.close();
  });

  it('reads nothing while the SDK would log it', async () => {
    google.put('api-key', 'value');
    vi.stubEnv('GOOGLE_SDK_NODE_LOGGING', 'all');
    const error = await failure(provider, 'gcpsm://api-key');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('unset');
    vi.stubEnv('GOOGLE_SDK_NODE_LOGGING', undefined);
    expect((await resolve(provider, 'gcpsm://api-key')).value).toBe('value');
  });

  it.each([
    'gcpsm://a/b',
    'gcpsm://a.b',
    'gcpsm://projects/P/secrets/n',
    'gcpsm://projects/my-project/secrets/n/versions/1',
    'gcpsm://name?version=1.2',
  ])('refuses %s without asking anybody', async (reference) => {
    expect(provider.check?.(parseReference(reference))).toContain('write');
    expect((await failure(provider, reference)).code).toBe('invalid_reference');
    expect(google.asked).toBe(0);
  });

  it('refuses a name alone when no project was set', () => {
    expect(googleSecretManager().check?.(parseReference('gcpsm://api-key'))).toContain('project');
  });

  it.each([
    { project: 'a/b' },
    { location: 'evil.example/' },
    { endpoint: 'http://10.0.0.7' },
    { endpoint: 'https://host/path' },
  ])('refuses the options %o', (options) => {
    expect(() => googleSecretManager(options)).toThrow(TypeError);
  });
});
