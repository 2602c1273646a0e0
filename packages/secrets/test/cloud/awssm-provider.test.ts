import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsSecretsManager } from '../../src/cloud/awssm-provider.ts';
import { parseReference } from '../../src/reference.ts';
import type { SecretProvider } from '../../src/secret-provider.ts';
import { secretProviderContract } from '../support/contract.ts';
import { type AwsDouble, awsError, openAws } from './aws-double.ts';
import { openEndless } from './endless-double.ts';
import { failure, MARK, resolve } from './failure.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFORTESTS');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'key-for-tests');
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

secretProviderContract('AWS Secrets Manager', async () => {
  const aws = await openAws();
  return {
    provider: awsSecretsManager({ region: 'eu-west-1', endpoint: aws.endpoint }),
    async put(name, value) {
      aws.put(`prod/${name}`, value);
      return `awssm://prod/${name}`;
    },
    async putBytes(name, bytes) {
      aws.put(`prod/${name}`, bytes);
      return `awssm://prod/${name}`;
    },
    async remove(name) {
      aws.remove(`prod/${name}`);
    },
    missing: 'awssm://prod/missing',
    async missingField() {
      aws.put('prod/fields', '{"user":"app"}');
      return 'awssm://prod/fields#password';
    },
    takesTooLarge: true,
    takesEmpty: true,
    hang: () => aws.fail('hang'),
    close: () => aws.close(),
  };
});

describe('awssm://', () => {
  let aws: AwsDouble;
  let provider: SecretProvider;

  beforeEach(async () => {
    aws = await openAws();
    provider = awsSecretsManager({ region: 'eu-west-1', endpoint: aws.endpoint });
  });
  afterEach(async () => {
    await provider.close();
    await aws.close();
  });

  it('reads a secret by its name, its ARN, the id of a version and a stage', async () => {
    const first = aws.put('prod/app', 'old');
    const second = aws.put('prod/app', 'new');
    expect(await resolve(provider, 'awssm://prod/app')).toEqual({ value: 'new', version: second });
    expect(await resolve(provider, `awssm://prod/app?version=${first}`)).toEqual({
      value: 'old',
      version: first,
    });
    expect((await resolve(provider, 'awssm://prod/app?version=AWSPREVIOUS')).value).toBe('old');
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/app-AbCdEf';
    expect((await resolve(provider, `awssm://${arn}`)).value).toBe('new');
  });

  it('reads a member of a JSON value, of text and of bytes', async () => {
    aws.put('prod/db', '{"username":"app","port":5432,"tls":true}');
    expect((await resolve(provider, 'awssm://prod/db#username')).value).toBe('app');
    expect((await resolve(provider, 'awssm://prod/db#port')).value).toBe('5432');
    aws.put('prod/db', Buffer.from('{"username":"from-bytes"}'));
    expect((await resolve(provider, 'awssm://prod/db#username')).value).toBe('from-bytes');
    expect((await resolve(provider, 'awssm://prod/db?encoding=base64#username')).value).toBe(
      btoa('from-bytes'),
    );
  });

  it.each([
    [400, 'ResourceNotFoundException', 'not_found'],
    [400, 'InvalidRequestException', 'not_found'],
    [400, 'InvalidParameterException', 'invalid_reference'],
    [400, 'AccessDeniedException', 'denied'],
    [400, 'DecryptionFailure', 'denied'],
    [400, 'ExpiredTokenException', 'denied'],
    [400, 'UnrecognizedClientException', 'denied'],
    [400, 'InvalidSignatureException', 'denied'],
    [403, 'SomethingNew', 'denied'],
    [400, 'ThrottlingException', 'throttled'],
    [400, 'TooManyRequestsException', 'throttled'],
    [429, 'SomethingNew', 'throttled'],
    [500, 'InternalServiceError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [418, 'constructor', 'unavailable'],
  ])('takes %i %s for %s, and asks once', async (status, type, code) => {
    aws.put('app', 'value');
    aws.fail(awsError(status, type, MARK));
    expect((await failure(provider, 'awssm://app')).code).toBe(code);
    expect(aws.asked).toBe(1);
    aws.fail(undefined);
    expect((await resolve(provider, 'awssm://app')).value).toBe('value');
  });

  it('passes on how long to wait', async () => {
    aws.fail(awsError(429, 'ThrottlingException', MARK, { 'retry-after': '7' }));
    expect(await failure(provider, 'awssm://app')).toMatchObject({ code: 'throttled', retryAfterMs: 7000 });
  });

  it.each([
    ['text that is no JSON', { status: 200, body: `<html>${MARK}` }, 'unavailable'],
    ['a value of another type', { status: 200, body: `{"SecretString":{"a":"${MARK}"}}` }, 'invalid_value'],
    ['a number for a value', { status: 200, body: '{"SecretString":12345}' }, 'invalid_value'],
    ['no value', { status: 200, body: '{"Name":"app"}' }, 'invalid_value'],
    ['a 404 of a proxy', { status: 404, body: `<html>${MARK}</html>` }, 'unavailable'],
    ['an error page', { status: 502, body: `<html>${MARK}</html>` }, 'unavailable'],
  ] as const)('gives nothing when the answer is %s', async (_, answer, code) => {
    aws.fail({ ...answer, headers: { 'content-type': 'application/x-amz-json-1.1' } });
    expect((await failure(provider, 'awssm://app')).code).toBe(code);
  });

  it.each(['"\\u001b[2J"', '""', `{"a":"${MARK}"}`, '["abc"]', '5', `"${'a'.repeat(129)}"`])(
    'takes no notice of the version %s',
    async (version) => {
      aws.fail({
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: `{"SecretString":"value","VersionId":${version}}`,
      });
      expect(await resolve(provider, 'awssm://app')).toEqual({ value: 'value', version: undefined });
    },
  );

  it.each([200, 400])('reads no more than so much of an endless answer (%i)', async (status) => {
    const endless = await openEndless(status);
    const other = awsSecretsManager({ region: 'eu-west-1', endpoint: endless.endpoint });
    expect((await failure(other, 'awssm://app')).code).toBe('unavailable');
    await endless.ended;
    await other.close();
    await endless.close();
  });

  it('is an outage when the connection breaks within the answer, or cannot be made', async () => {
    aws.put('app', MARK.repeat(100));
    aws.fail('cut');
    expect((await failure(provider, 'awssm://app')).code).toBe('unavailable');
    await aws.close();
    expect((await failure(provider, 'awssm://app')).code).toBe('unavailable');
    aws = await openAws();
  });

  it('lets go of the connection when nobody waits any more', async () => {
    aws.fail('hang');
    const controller = new AbortController();
    const failed = failure(provider, 'awssm://app', controller.signal);
    await vi.waitUntil(() => aws.asked === 1);
    controller.abort();
    expect((await failed).code).toBe('timeout');
    await aws.abandoned;
  });

  it('asks nobody for a look-up that was given up before it began', async () => {
    expect((await failure(provider, 'awssm://app', AbortSignal.abort())).code).toBe('timeout');
    expect(aws.asked).toBe(0);
  });

  it('ends what is under way when it is closed', async () => {
    aws.fail('hang');
    const failed = failure(provider, 'awssm://app');
    await vi.waitUntil(() => aws.asked === 1);
    await provider.close();
    expect((await failed).code).toBe('closed');
  });

  it('says what to set when there are no credentials, and finds them once they are there', async () => {
    aws.put('app', 'value');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    const error = await failure(provider, 'awssm://app');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('AWS_ACCESS_KEY_ID');
    vi.stubEnv('AWS_ACCESS_KEY_ID', aws.accessKeyId);
    expect((await resolve(provider, 'awssm://app')).value).toBe('value');
  });

  it('is an outage when credentials that were there are gone', async () => {
    aws.put('app', 'value');
    await resolve(provider, 'awssm://app');
    // As the metadata service of a machine answers when it is away.
    aws.fail(awsError(400, 'CredentialsProviderError', MARK));
    expect((await failure(provider, 'awssm://app')).code).toBe('unavailable');
  });

  it('says that there is no region', async () => {
    await provider.close();
    provider = awsSecretsManager({ endpoint: aws.endpoint });
    const error = await failure(provider, 'awssm://app');
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('AWS_REGION');
  });

  it.each(['awssm://a:b', 'awssm://a%20b', 'awssm://arn:aws:s3:::bucket/key', 'awssm://a?version=.x'])(
    'refuses %s without asking anybody',
    async (reference) => {
      expect(provider.check?.(parseReference(reference))).toContain('write');
      expect((await failure(provider, reference)).code).toBe('invalid_reference');
      expect(aws.asked).toBe(0);
    },
  );

  it.each(['http://10.0.0.7:4566', 'https://host/path', 'https://user:pass@host', 'ftp://host', 'host'])(
    'refuses the endpoint %s',
    (endpoint) => {
      expect(() => awsSecretsManager({ endpoint })).toThrow(TypeError);
    },
  );
});
