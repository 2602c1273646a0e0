import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '../../src/cloud/crc32c.ts';
import { openWire, type WireAnswer, type WireDouble, type WireRequest } from './wire-double.ts';

// Once, since it takes longer than everything else here.
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface GoogleDouble extends WireDouble {
  readonly endpoint: string;
  /** A service account's key, with which the SDK signs its own tokens: no login server is needed. */
  readonly keyFile: string;
  put(name: string, value: string | Buffer): void;
  remove(name: string): void;
}

/**
 * AccessSecretVersion of Google Secret Manager over REST
 * (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access), for
 * tokens that the service account has signed (https://google.aip.dev/auth/4111).
 */
export async function openGoogle(): Promise<GoogleDouble> {
  const versions = new Map<string, Buffer[]>();

  const isSigned = (authorization = ''): boolean => {
    const [head = '', claims = '', signature = ''] = authorization.replace('Bearer ', '').split('.');
    const isOurs = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    );
    return isOurs && JSON.parse(Buffer.from(claims, 'base64url').toString()).exp > Date.now() / 1000;
  };

  function answer({ method, url, headers }: WireRequest): WireAnswer {
    if (!isSigned(headers.authorization)) return googleError(401, 'UNAUTHENTICATED', 'Invalid credentials.');
    const path =
      /^\/v1\/projects\/my-project\/(?:locations\/[^/]+\/)?secrets\/([^/]+)\/versions\/([^/]+):access$/;
    const [, name = '', version = ''] = path.exec(decodeURIComponent(url.pathname)) ?? [];
    if (method !== 'GET' || name === '') return googleError(404, 'NOT_FOUND', 'no such operation');
    const all = versions.get(name) ?? [];
    const number = version === 'latest' ? all.length : Number(version);
    const data = all[number - 1];
    if (data === undefined) return googleError(404, 'NOT_FOUND', `Secret [${name}] not found.`);
    return googleAnswer(name, number, data, String(crc32c(data)));
  }

  const directory = await mkdtemp(join(tmpdir(), 'sallyport-google-'));
  const keyFile = join(directory, 'key.json');
  await writeFile(
    keyFile,
    JSON.stringify({
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: 'key-1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: 'reader@my-project.iam.gserviceaccount.com',
    }),
    { mode: 0o600 },
  );
  const wire = await openWire(answer);
  return Object.assign(Object.create(wire) as WireDouble, {
    endpoint: `http://127.0.0.1:${wire.port}`,
    keyFile,
    put(name: string, value: string | Buffer): void {
      versions.set(name, [...(versions.get(name) ?? []), Buffer.from(value)]);
    },
    remove: (name: string) => void versions.delete(name),
    async close(): Promise<void> {
      await wire.close();
      await rm(directory, { recursive: true });
    },
  });
}

export function googleAnswer(name: string, version: number, data: Buffer, dataCrc32c?: string): WireAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({
      name: `projects/123456789012/secrets/${name}/versions/${version}`,
      payload: { data: data.toString('base64'), dataCrc32c },
    }),
  };
}

export function googleError(code: number, status: string, message: string, headers = {}): WireAnswer {
  return {
    status: code,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify({ error: { code, message, status } }),
  };
}
