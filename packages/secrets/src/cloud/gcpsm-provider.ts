import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { valueIn } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, SecretProvider } from '../secret-provider.ts';
import { cloudProvider, NotConfigured } from './cloud-provider.ts';
import { crc32c } from './crc32c.ts';
import { checkedEndpoint } from './endpoint.ts';
import { explainGoogle } from './google-error.ts';

export interface GoogleSecretManagerOptions {
  /**
   * The project of references that are a name alone. Default: none, and they write
   * `projects/<project>/secrets/<name>`.
   */
  readonly project?: string | undefined;
  /** The location of regional secrets, such as `europe-west3`. Default: global secrets. */
  readonly location?: string | undefined;
  /** Another address. Default: `https://secretmanager.googleapis.com`, or that of the location. */
  readonly endpoint?: string | undefined;
  /**
   * A file of credentials. Default: Google's own search for them (`GOOGLE_APPLICATION_CREDENTIALS`, the
   * metadata server).
   */
  readonly keyFile?: string | undefined;
}

const PROJECT = /^[a-z][a-z0-9:.-]{4,61}[a-z0-9]$|^\d{1,20}$/;
const LOCATION = /^[a-z]+(?:-[a-z]+)*\d*$/;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const FULL_NAME = /^projects\/([^/]+)\/secrets\/([^/]+)$/;
const VERSION = /^[A-Za-z0-9_-]{1,63}$/;

/** Its loggers print whole answers, tokens among them, and cannot be told not to. */
const LOGGING_VARIABLE = 'GOOGLE_SDK_NODE_LOGGING';

/**
 * Secrets of Google Secret Manager: `gcpsm://<name>` or `gcpsm://projects/<project>/secrets/<name>`, with
 * `[?version=<number or alias>][#member of a JSON value]`; the version is `latest` by default. The checksum
 * of the answer is verified. Needs `@google-cloud/secret-manager`, and that GOOGLE_SDK_NODE_LOGGING is not
 * set.
 *
 * @throws TypeError when an option is not what it should be
 */
export function googleSecretManager(options: GoogleSecretManagerOptions = {}): SecretProvider {
  const { project, location, keyFile } = options;
  if (project !== undefined && !PROJECT.test(project)) {
    throw new TypeError(
      'project must be the id or the number of a Google Cloud project, such as my-project-1.',
    );
  }
  if (location !== undefined && !LOCATION.test(location)) {
    throw new TypeError('location must be a region of Google Cloud, such as europe-west3.');
  }
  const address =
    options.endpoint ??
    (location === undefined ? undefined : `https://secretmanager.${location}.rep.googleapis.com`);
  const endpoint =
    address === undefined
      ? undefined
      : checkedEndpoint('endpoint', address, 'https://secretmanager.europe-west3.rep.googleapis.com');
  return cloudProvider<SecretManagerServiceClient>({
    scheme: 'gcpsm',
    service: 'Google Secret Manager',
    packages: '@google-cloud/secret-manager',
    check: (reference) => check(reference, project),
    async connect() {
      if ((process.env[LOGGING_VARIABLE] ?? '') !== '') {
        throw new NotConfigured(`${LOGGING_VARIABLE} would print secrets and tokens; unset it`);
      }
      const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
      // REST, not gRPC: GRPC_TRACE prints the token of every call.
      return new SecretManagerServiceClient({
        fallback: true,
        ...(endpoint === undefined ? {} : addressed(endpoint)),
        ...(keyFile === undefined ? {} : { keyFilename: keyFile }),
      });
    },
    fetch: (client, reference, signal) =>
      fetch(client, reference, signal, resource(reference, project, location)),
    explain: explainGoogle,
    disconnect: (client) => client.close(),
  });
}

function addressed(endpoint: URL): { apiEndpoint: string; port: number; protocol: string } {
  const isHttps = endpoint.protocol === 'https:';
  return {
    apiEndpoint: endpoint.hostname,
    port: endpoint.port === '' ? (isHttps ? 443 : 80) : Number(endpoint.port),
    protocol: isHttps ? 'https' : 'http',
  };
}

function resource(
  { path, version = 'latest' }: SecretReference,
  project: string | undefined,
  location: string | undefined,
): string {
  const [, namedProject = project, name = path] = FULL_NAME.exec(path) ?? [];
  const place = location === undefined ? '' : `/locations/${location}`;
  return `projects/${namedProject}${place}/secrets/${name}/versions/${version}`;
}

function check({ path, version }: SecretReference, project: string | undefined): string | undefined {
  const [, namedProject, fullName] = FULL_NAME.exec(path) ?? [];
  if (namedProject === undefined && !NAME.test(path)) {
    return 'is no name of Google Secret Manager; write gcpsm://api-key, or projects/my-project/secrets/ before it';
  }
  if (namedProject === undefined && project === undefined) {
    return 'names no project; write gcpsm://projects/my-project/secrets/api-key, or set the option project';
  }
  if (namedProject !== undefined && (!PROJECT.test(namedProject) || !NAME.test(fullName ?? ''))) {
    return 'is no name of Google Secret Manager; write gcpsm://projects/my-project/secrets/api-key';
  }
  if (version !== undefined && !VERSION.test(version)) {
    return 'has no such version; write its number, an alias, or leave it out for the latest';
  }
  return undefined;
}

interface Call extends Promise<readonly [Answer, ...unknown[]]> {
  cancel(): void;
}

/** What the wire may hold, which need not be what the SDK's types say. */
interface Answer {
  readonly name?: unknown;
  readonly payload?: { readonly data?: unknown; readonly dataCrc32c?: unknown } | null;
}

async function fetch(
  client: SecretManagerServiceClient,
  reference: SecretReference,
  signal: AbortSignal,
  version: string,
): Promise<Resolved> {
  try {
    await client.initialize();
  } catch {
    throw new NotConfigured(
      'no credentials for Google Cloud were found; set keyFile or GOOGLE_APPLICATION_CREDENTIALS',
    );
  }
  signal.throwIfAborted();
  // The method itself would log the answer, and its promise cannot be cancelled.
  const call = client.innerApiCalls['accessSecretVersion']?.(
    { name: version },
    {
      retry: null,
      otherArgs: { headers: { 'x-goog-request-params': `name=${encodeURIComponent(version)}` } },
    },
  ) as Call;
  const cancel = (): void => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [{ name, payload }] = await call;
    return { value: valueIn(verified(payload, reference), reference), version: lastSegment(name) };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function verified(payload: Answer['payload'], reference: SecretReference): Uint8Array {
  const data = payload?.data;
  if (!(data instanceof Uint8Array)) {
    throw new SecretError('invalid_value', reference.text, 'has no value; store one in it');
  }
  // Optional in the API.
  const sum = payload?.dataCrc32c ?? undefined;
  if (sum !== undefined && Number(sum) !== crc32c(data)) {
    throw new SecretError(
      'unavailable',
      reference.text,
      'was damaged on the way: its checksum does not match',
    );
  }
  return data;
}

function lastSegment(name: unknown): string | undefined {
  return typeof name === 'string' ? name.slice(name.lastIndexOf('/') + 1) : undefined;
}
