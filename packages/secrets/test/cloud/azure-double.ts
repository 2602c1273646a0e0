import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import type { AzureCredential } from '../../src/cloud/azkv-provider.ts';
import { selfSigned } from './self-signed.ts';
import { openWire, type WireAnswer, type WireDouble, type WireRequest } from './wire-double.ts';

export interface AzureDouble extends WireDouble {
  readonly vaultUrl: string;
  readonly token: string;
  readonly credential: AzureCredential;
  /** Sends the real host name to the double, and trusts its certificate alone. */
  readonly agent: Agent;
  put(name: string, value: string, attributes?: Readonly<Record<string, unknown>>): string;
  remove(name: string): void;
}

/**
 * Get Secret of Azure Key Vault (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret) over
 * TLS, with the 401 that says where to get a token
 * (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses).
 */
export async function openAzure(resource = 'https://vault.azure.net'): Promise<AzureDouble> {
  const host = 'team.vault.azure.net';
  const token = 'azure-access-token';
  const versions = new Map<
    string,
    { readonly id: string; readonly value: string; readonly attributes: object }[]
  >();

  function answer({ method, url, headers }: WireRequest): WireAnswer {
    const challenge = `Bearer authorization="https://login.example/tenant", resource="${resource}"`;
    if (headers.authorization !== `Bearer ${token}`) {
      return azureError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer token.', {
        headers: { 'www-authenticate': challenge },
      });
    }
    const [, collection, name = '', id] = url.pathname.split('/');
    if (method !== 'GET' || collection !== 'secrets' || !url.searchParams.has('api-version')) {
      return azureError(400, 'BadParameter', 'no such operation');
    }
    const found = versions.get(name)?.find((version) => (id ?? '') === '' || version.id === id);
    if (found === undefined) return azureError(404, 'SecretNotFound', `A secret with ${name} was not found.`);
    if ('enabled' in found.attributes && found.attributes.enabled === false) {
      return azureError(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', {
        inner: 'SecretDisabled',
      });
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        value: found.value,
        id: `https://${host}/secrets/${name}/${found.id}`,
        attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000, ...found.attributes },
      }),
    };
  }

  const certificate = selfSigned(host);
  const wire = await openWire(answer, certificate);
  const agent = new Agent({
    ca: certificate.cert,
    keepAlive: true,
    lookup: (_, { all }, callback) => {
      const address = { address: '127.0.0.1', family: 4 };
      if (all === true) callback(null, [address]);
      else callback(null, address.address, address.family);
    },
  });
  return Object.assign(Object.create(wire) as WireDouble, {
    vaultUrl: `https://${host}:${wire.port}`,
    token,
    credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    agent,
    put(name: string, value: string, attributes = {}): string {
      const id = randomBytes(16).toString('hex');
      versions.set(name, [{ id, value, attributes }, ...(versions.get(name) ?? [])]);
      return id;
    },
    remove: (name: string) => void versions.delete(name),
    async close(): Promise<void> {
      agent.destroy();
      await wire.close();
    },
  });
}

/**
 * The token service of a machine in App Service
 * (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
 */
export function openMachineIdentity(token: string): Promise<WireDouble> {
  return openWire(({ url, headers }) => {
    const isAsked = url.searchParams.get('resource') === 'https://vault.azure.net';
    if (!isAsked || headers['x-identity-header'] !== 'identity-header') return { status: 400, body: '{}' };
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    const body = {
      access_token: token,
      expires_on,
      resource: 'https://vault.azure.net',
      token_type: 'Bearer',
    };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  });
}

export function azureError(
  status: number,
  code: string,
  message: string,
  more: { readonly inner?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): WireAnswer {
  const innererror = more.inner === undefined ? {} : { innererror: { code: more.inner } };
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...more.headers },
    body: JSON.stringify({ error: { code, message, ...innererror } }),
  };
}
