import type { Agent } from 'node:https';
import type { SecretClient } from '@azure/keyvault-secrets';
import { valueIn } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, SecretProvider } from '../secret-provider.ts';
import { cloudProvider, type Explanation } from './cloud-provider.ts';
import { checkedEndpoint } from './endpoint.ts';
import { retryAfterMs } from './retry-after.ts';

export interface AzureKeyVaultOptions {
  /** `https://<vault>.vault.azure.net` */
  readonly vaultUrl: string;
  /** What gets tokens: any credential of `@azure/identity`. Default: its `DefaultAzureCredential`. */
  readonly credential?: AzureCredential | undefined;
  /**
   * For a private certificate authority or a fixed address. Default: one of the SDK's own, which obeys
   * `HTTPS_PROXY`.
   */
  readonly agent?: Agent | undefined;
  /** The time of day in milliseconds since 1970, which says what has expired. Default: `Date.now`. */
  readonly timeOfDay?: (() => number) | undefined;
}

/** `TokenCredential` of `@azure/core-auth`, written out so that the types do not need the package. */
export interface AzureCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: unknown; tenantId?: string; claims?: string; enableCae?: boolean },
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

const NAME = /^[0-9A-Za-z-]{1,127}$/;
const VERSION = /^[0-9a-f]{32}$/;

/**
 * Secrets of Azure Key Vault: `azkv://<name>[?version=<32 hexadecimal digits>][#member of a JSON value]`. A
 * secret that is disabled counts as not there; outside its validity dates it is refused. Needs
 * `@azure/keyvault-secrets` and, without a `credential`, `@azure/identity`.
 *
 * @throws TypeError when `vaultUrl` is no https address
 */
export function azureKeyVault(options: AzureKeyVaultOptions): SecretProvider {
  const { credential, agent, timeOfDay = Date.now } = options;
  const vault = checkedEndpoint('vaultUrl', options.vaultUrl, 'https://my-vault.vault.azure.net');
  if (vault.protocol !== 'https:') throw new TypeError('vaultUrl must begin with https://.');
  return cloudProvider<SecretClient>({
    scheme: 'azkv',
    service: 'Azure Key Vault',
    packages:
      credential === undefined ? '@azure/keyvault-secrets @azure/identity' : '@azure/keyvault-secrets',
    check,
    async connect() {
      const { SecretClient } = await import('@azure/keyvault-secrets');
      const login = credential ?? new (await import('@azure/identity')).DefaultAzureCredential();
      // Trying again is for whoever asked, who knows what is left of the time; a vault redirects nobody.
      const clientOptions = {
        retryOptions: { maxRetries: 0 },
        redirectOptions: { maxRetries: 0 },
        ...(agent === undefined ? {} : { agent }),
      };
      return new SecretClient(vault.origin, login, clientOptions);
    },
    fetch: (client, reference, signal) => fetch(client, reference, signal, timeOfDay),
    explain,
    disconnect: () => undefined,
  });
}

function check({ path, version }: SecretReference): string | undefined {
  if (!NAME.test(path)) return 'is no name of Azure Key Vault; write azkv:// and letters, digits and hyphens';
  if (version !== undefined && !VERSION.test(version)) {
    return 'has no such version; write the 32 hexadecimal digits of it';
  }
  return undefined;
}

async function fetch(
  client: SecretClient,
  reference: SecretReference,
  signal: AbortSignal,
  timeOfDay: () => number,
): Promise<Resolved> {
  const { path, version } = reference;
  const { value, properties } = await client.getSecret(path, {
    abortSignal: signal,
    ...(version === undefined ? {} : { version }),
  });
  // What the wire holds need not be what the types say.
  if (typeof (value as unknown) !== 'string') {
    throw new SecretError('invalid_value', reference.text, 'has no value; store one in it');
  }
  // Key Vault leaves these dates to its clients (RFC 7519 calls them exp and nbf, and so does it).
  const now = timeOfDay();
  const validForMs = properties.expiresOn === undefined ? undefined : properties.expiresOn.getTime() - now;
  if (validForMs !== undefined && !(validForMs > 0)) {
    throw new SecretError(
      'invalid_value',
      reference.text,
      'has expired in Azure Key Vault; store a new version',
    );
  }
  if (properties.notBefore !== undefined && properties.notBefore.getTime() > now) {
    throw new SecretError(
      'invalid_value',
      reference.text,
      'is not valid yet in Azure Key Vault; name a version',
    );
  }
  return { value: valueIn(value ?? '', reference), version: properties.version, validForMs };
}

interface AzureError {
  readonly name?: unknown;
  readonly statusCode?: unknown;
  readonly details?: unknown;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

function explain(thrown: object): Explanation {
  const error = thrown as AzureError;
  switch (error.name) {
    case 'CredentialUnavailableError':
    case 'AggregateAuthenticationError':
    case 'AuthenticationRequiredError':
      return {
        code: 'not_configured',
        why: 'no credential for Azure was found; pass credential, or set AZURE_CLIENT_ID and its fellows',
      };
    case 'AuthenticationError':
      if (error.statusCode === 400 || error.statusCode === 401) {
        return { code: 'denied', why: 'Microsoft Entra does not accept the credential; renew it' };
      }
  }
  return { ...byStatus(error), retryAfterMs: retryAfterMs(error.response?.headers?.get('retry-after')) };
}

function byStatus(error: AzureError): Explanation {
  switch (error.statusCode) {
    case 400:
      return { code: 'invalid_reference', why: 'Azure Key Vault takes no such name or version; check both' };
    case 401:
      return {
        code: 'denied',
        why: 'Azure Key Vault does not accept the token; check the tenant of the credential',
      };
    case 403:
      return innerOf(error.details)?.code === 'SecretDisabled'
        ? { code: 'not_found', why: 'the secret is disabled in Azure Key Vault; enable it' }
        : {
            code: 'denied',
            why: 'Azure Key Vault denied it; give the role "Key Vault Secrets User", and check its firewall',
          };
    case 404:
      // Any other 404 is that of a proxy or a login server, and says nothing about a secret.
      return errorOf(error.details)?.code === 'SecretNotFound'
        ? {
            code: 'not_found',
            why: 'there is no such secret or version in Azure Key Vault, or it was deleted',
          }
        : {
            code: 'unavailable',
            why: 'something else than Azure Key Vault answers (404); check vaultUrl and any proxy',
          };
    case 429:
      return { code: 'throttled', why: 'Azure Key Vault has had too many requests' };
    default:
      return { code: 'unavailable', why: 'Azure Key Vault cannot be reached, or is broken' };
  }
}

/** Of the body: `{"error":{"code":"SecretNotFound",...}}`. */
interface AzureCode {
  readonly code?: unknown;
  readonly innererror?: AzureCode | null;
  readonly innerError?: AzureCode | null;
}

function errorOf(details: unknown): AzureCode | null | undefined {
  return ((details ?? {}) as { readonly error?: AzureCode | null }).error;
}

/**
 * 403 is denied and disabled alike: `{"error":{"code":"Forbidden","innererror":{"code":"SecretDisabled"}}}`.
 */
function innerOf(details: unknown): AzureCode | null | undefined {
  const error = errorOf(details);
  return error?.innererror ?? error?.innerError;
}
