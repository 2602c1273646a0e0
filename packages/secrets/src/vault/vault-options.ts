import { X509Certificate } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import type { VaultAuth, VaultCredential } from './vault-auth.ts';
import type { VaultEvent } from './vault-event.ts';
import { pathSegments } from './vault-path.ts';

export interface VaultOptions {
  /** `https://vault.example.com:8200`. Plain http is for this machine alone. */
  readonly address: string;
  readonly auth: VaultAuth;
  /** `X-Vault-Namespace`. Default: the root namespace. */
  readonly namespace?: string | undefined;
  /** The KV version of mounts: `{ 'kv/team-a': 2 }`. Default: Vault is asked, once for each mount. */
  readonly kv?: Readonly<Record<string, 1 | 2>> | undefined;
  /** PEM of the authorities to trust, in place of those that Node trusts. */
  readonly ca?: string | undefined;
  /** PEM of the certificate to show, read again at every login. */
  readonly clientCert?: VaultCredential | undefined;
  /** PEM of its key. */
  readonly clientKey?: VaultCredential | undefined;
  /** The longest that one request may take, in milliseconds. Default: 5,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** The longest that giving back leases and the token may take, in milliseconds. Default: 3,000. */
  readonly closeTimeoutMs?: number | undefined;
  /** The longest answer, in bytes. Default: 2 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Sends the token over plain http to other machines. Default: false. */
  readonly dangerouslyAllowHttp?: boolean | undefined;
  /** Told of logins, renewals and leases. Default: nobody is. */
  readonly onEvent?: ((event: VaultEvent) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 to 1, for jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The options, checked and complete. */
export interface VaultSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly auth: VaultAuth;
  readonly namespace: string;
  readonly kv: ReadonlyMap<string, 1 | 2>;
  readonly ca: string | undefined;
  readonly identity: { readonly cert: VaultCredential; readonly key: VaultCredential } | undefined;
  readonly requestTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly onEvent: (event: VaultEvent) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** @throws TypeError that says what to write instead */
export function checkVaultOptions(options: VaultOptions): VaultSettings {
  const { auth, clientCert, clientKey } = options;
  const endpoint = checkAddress(options.address, options.dangerouslyAllowHttp === true);
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    throw new TypeError('clientCert and clientKey belong together; give both or neither.');
  }
  const identity =
    clientCert === undefined || clientKey === undefined ? undefined : { cert: clientCert, key: clientKey };
  if (auth.method === 'cert' && (identity === undefined || !endpoint.startsWith('https:'))) {
    throw new TypeError('auth.method "cert" needs clientCert, clientKey and an https address.');
  }
  if (auth.method !== 'token') pathSegments(auth.mount ?? auth.method, 'auth.mount');
  const namespace = (options.namespace ?? '').replace(/^\/+|\/+$/g, '');
  // It becomes a header.
  if (namespace !== '' && !/^[\w./-]+$/.test(namespace)) {
    throw new TypeError('namespace has to be a path such as "admin/team-a".');
  }
  return {
    endpoint,
    auth,
    namespace,
    kv: checkKv(options.kv ?? {}),
    ca: options.ca === undefined ? undefined : checkCa(options.ca),
    identity,
    requestTimeoutMs: positive('requestTimeoutMs', options.requestTimeoutMs ?? 5_000),
    closeTimeoutMs: positive('closeTimeoutMs', options.closeTimeoutMs ?? 3_000),
    maxResponseBytes: positive('maxResponseBytes', options.maxResponseBytes ?? 2_097_152),
    onEvent: quietly(options.onEvent),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function checkAddress(address: string, allowHttp: boolean): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    `${url.search}${url.hash}${url.username}` !== ''
  ) {
    throw new TypeError(
      'address has to be where Vault listens and nothing else, such as https://vault.example.com:8200.',
    );
  }
  if (url.password !== '') throw new TypeError('address has a password; leave it out.');
  if (url.protocol === 'http:' && !allowHttp && !LOOPBACK.test(url.hostname)) {
    throw new TypeError('address is plain http, which shows every token and secret; write https.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function checkCa(pem: string): string {
  let certificate: X509Certificate | undefined;
  try {
    // TLS itself takes no notice of what it cannot read.
    certificate = new X509Certificate(pem);
  } catch {
    // Of OpenSSL's many reasons, none helps.
  }
  if (certificate === undefined) throw new TypeError('ca has to be the PEM of a certificate, not a path.');
  return pem;
}

function checkKv(given: Readonly<Record<string, 1 | 2>>): ReadonlyMap<string, 1 | 2> {
  const mounts = new Map<string, 1 | 2>();
  for (const [mount, version] of Object.entries(given)) {
    if (version !== 1 && version !== 2) throw new TypeError('kv names versions: { kv: 2 }.');
    mounts.set(pathSegments(mount, 'kv').join('/'), version);
  }
  return mounts;
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new TypeError(`${name} has to be a number above 0.`);
}

/** Who listens must not be able to end a renewal. */
function quietly(listener: ((event: VaultEvent) => void) | undefined): (event: VaultEvent) => void {
  if (listener === undefined) return () => undefined;
  return (event) => {
    try {
      listener(event);
    } catch {
      // It is the listener's own trouble.
    }
  };
}
