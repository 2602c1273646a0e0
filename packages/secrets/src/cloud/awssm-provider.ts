import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { valueIn } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, SecretProvider } from '../secret-provider.ts';
import { cloudProvider, type Explanation, NotConfigured } from './cloud-provider.ts';
import { checkedEndpoint } from './endpoint.ts';
import { retryAfterMs } from './retry-after.ts';

export interface AwsSecretsManagerOptions {
  /** Default: `AWS_REGION`, or that of the profile. */
  readonly region?: string | undefined;
  /**
   * Another address, such as a VPC endpoint:
   * `https://vpce-0a1b.secretsmanager.eu-west-1.vpce.amazonaws.com`.
   */
  readonly endpoint?: string | undefined;
  /** The profile of the shared AWS files to take credentials from. Default: the SDK's own chain. */
  readonly profile?: string | undefined;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, Name */
const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;
/** An id has 32 to 64 characters, mostly a UUID; stages such as AWSPREVIOUS are shorter. */
const VERSION_ID = /^[A-Za-z0-9-]{32,64}$/;
const CONNECT_TIMEOUT_MS = 5000;
/** The service keeps values of 65,536 bytes at most. */
const MAX_RESPONSE_BYTES = 2_097_152;

interface Sdk {
  readonly client: SecretsManagerClient;
  readonly Command: typeof GetSecretValueCommand;
}

/**
 * Secrets of AWS Secrets Manager: `awssm://<name or ARN>[?version=<id or stage>][#member of a JSON value]`.
 * A version of 32 to 64 letters, digits and hyphens is an id, any other a stage. Needs
 * `@aws-sdk/client-secrets-manager`.
 *
 * @throws TypeError when `endpoint` is no https address
 */
export function awsSecretsManager(options: AwsSecretsManagerOptions = {}): SecretProvider {
  const { region, endpoint, profile } = options;
  if (endpoint !== undefined) {
    checkedEndpoint('endpoint', endpoint, 'https://secretsmanager.eu-west-1.amazonaws.com');
  }
  return cloudProvider<Sdk>({
    scheme: 'awssm',
    service: 'AWS Secrets Manager',
    packages: '@aws-sdk/client-secrets-manager',
    check,
    async connect() {
      const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
      const client = new SecretsManagerClient({
        ...(region === undefined ? {} : { region }),
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(profile === undefined ? {} : { profile }),
        // Trying again is for whoever asked, who knows what is left of the time.
        maxAttempts: 1,
        requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS },
        streamCollector: collect,
      });
      try {
        await client.config.region();
      } catch {
        client.destroy();
        throw new NotConfigured(
          'AWS Secrets Manager has no region; set the option region, AWS_REGION, or a region in the profile',
        );
      }
      return { client, Command: GetSecretValueCommand };
    },
    fetch,
    explain,
    disconnect: ({ client }) => client.destroy(),
  });
}

/** A whole answer; the SDK's own collector takes an endless one until the memory is full. */
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (size > MAX_RESPONSE_BYTES) throw new Error('too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function check({ path, version }: SecretReference): string | undefined {
  if (!NAME.test(path) && !ARN.test(path)) {
    return 'is no name of AWS Secrets Manager; write awssm://prod/app or awssm:// and the ARN of the secret';
  }
  if (version?.startsWith('.') === true)
    return 'has no such version; write its id, or a stage as AWSPREVIOUS';
  return undefined;
}

async function fetch(sdk: Sdk, reference: SecretReference, signal: AbortSignal): Promise<Resolved> {
  const { path, version } = reference;
  const named =
    version === undefined
      ? {}
      : VERSION_ID.test(version)
        ? { VersionId: version }
        : { VersionStage: version };
  const command = new sdk.Command({ SecretId: path, ...named });
  const answer = await sdk.client.send(command, { abortSignal: signal });
  // What the wire holds need not be what the types say.
  const found: unknown = answer.SecretString ?? answer.SecretBinary;
  if (typeof found !== 'string' && !(found instanceof Uint8Array)) {
    throw new SecretError('invalid_value', reference.text, 'has no value; store one in it');
  }
  return { value: valueIn(found, reference), version: answer.VersionId };
}

const DENIED: Explanation = {
  code: 'denied',
  why: 'AWS denied it; allow secretsmanager:GetSecretValue, and kms:Decrypt for its key',
};
const UNKNOWN: Explanation = {
  code: 'denied',
  why: 'AWS does not accept the credentials; renew them, and check the clock',
};
const THROTTLED: Explanation = { code: 'throttled', why: 'AWS Secrets Manager has had too many requests' };
const MALFORMED: Explanation = {
  code: 'invalid_reference',
  why: 'AWS Secrets Manager takes no such name or version; check both',
};
const NO_CREDENTIALS: Explanation = {
  code: 'not_configured',
  why: 'no credentials for AWS were found; set the option profile, AWS_ACCESS_KEY_ID, or a role',
};

/**
 * By the names that the service, the SDK and the signature check (Common Errors of the API reference) give.
 */
const KINDS: ReadonlyMap<string, Explanation> = new Map([
  [
    'ResourceNotFoundException',
    { code: 'not_found', why: 'there is no such secret or version in AWS Secrets Manager' },
  ],
  [
    'InvalidRequestException',
    { code: 'not_found', why: 'the secret is marked for deletion; restore it, or name another one' },
  ],
  // A key that was disabled or deleted was so on purpose: no older value may stand in.
  [
    'DecryptionFailure',
    { code: 'denied', why: 'AWS cannot decrypt the secret; check that its KMS key is enabled' },
  ],
  ['InvalidParameterException', MALFORMED],
  ['ValidationException', MALFORMED],
  ['AccessDeniedException', DENIED],
  ['AccessDenied', DENIED],
  ['NotAuthorized', DENIED],
  ['OptInRequired', DENIED],
  ['ExpiredTokenException', UNKNOWN],
  ['ExpiredToken', UNKNOWN],
  ['IncompleteSignature', UNKNOWN],
  ['IncompleteSignatureException', UNKNOWN],
  ['InvalidClientTokenId', UNKNOWN],
  ['InvalidSignatureException', UNKNOWN],
  ['MissingAuthenticationToken', UNKNOWN],
  ['MissingAuthenticationTokenException', UNKNOWN],
  ['RequestExpired', UNKNOWN],
  ['SignatureDoesNotMatch', UNKNOWN],
  ['UnrecognizedClientException', UNKNOWN],
  ['LimitExceededException', THROTTLED],
  ['RequestLimitExceeded', THROTTLED],
  ['Throttling', THROTTLED],
  ['ThrottlingException', THROTTLED],
  ['TooManyRequestsException', THROTTLED],
  ['CredentialsProviderError', NO_CREDENTIALS],
  ['TokenProviderError', NO_CREDENTIALS],
]);

interface AwsError {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined };
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}

function explain(thrown: object): Explanation {
  const { name, $metadata, $response } = thrown as AwsError;
  const known = typeof name === 'string' ? KINDS.get(name) : undefined;
  const { code, why } = known ?? byStatus($metadata?.httpStatusCode);
  return { code, why, retryAfterMs: retryAfterMs($response?.headers?.['retry-after']) };
}

/** For errors of a proxy or a newer service, whose names are unknown. */
function byStatus(status: number | undefined): Explanation {
  if (status === 401 || status === 403) return DENIED;
  if (status === 429) return THROTTLED;
  return { code: 'unavailable', why: 'AWS Secrets Manager cannot be reached, or is broken' };
}
