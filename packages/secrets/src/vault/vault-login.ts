import { Secret } from '@sallyport/core';
import { isTrueAt, objectAt, secondsAt, textAt } from './read-answer.ts';
import { readCredential, readServiceAccountToken } from './read-credential.ts';
import { Unwrapper } from './unwrapper.ts';
import type { VaultAuth } from './vault-auth.ts';
import type { VaultApi } from './vault-client.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSettings } from './vault-options.ts';
import { pathSegments } from './vault-path.ts';

/** A token, and how long it lives. */
export interface TokenGrant {
  readonly token: Secret;
  /** Infinity for a token without an end. */
  readonly ttlMs: number;
  /** What a renewal asks for. */
  readonly askMs: number;
  readonly renewable: boolean;
  /** Whether it was made for us alone, and so is ours to revoke. */
  readonly isOurs: boolean;
}

type LoginAuth = Exclude<VaultAuth, { readonly method: 'token' }>;

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Gets a token in the way that the options name. */
export class VaultLogin {
  readonly #api: VaultApi;
  readonly #settings: VaultSettings;
  readonly #unwrapper: Unwrapper | undefined;

  constructor(api: VaultApi, settings: VaultSettings) {
    this.#api = api;
    this.#settings = settings;
    const { auth } = settings;
    const wrapping = auth.method === 'token' || auth.method === 'approle' ? (auth.wrapped ?? false) : false;
    if (wrapping !== false) {
      const where = auth.method === 'token' ? ['auth', 'client_token'] : ['data', 'secret_id'];
      this.#unwrapper = new Unwrapper(api, wrapping, where);
    }
  }

  /**
   * @throws VaultFailure that is never `not_found` and has no status: it is the login that failed, and not
   *   what was asked for
   */
  async perform(signal: AbortSignal): Promise<TokenGrant> {
    try {
      return await this.#perform(signal);
    } catch (thrown) {
      const { code, message, retryAfterMs } = VaultFailure.from(thrown);
      const misleading = code === 'not_found' || code === 'invalid_reference';
      throw new VaultFailure(
        misleading ? 'not_configured' : code,
        misleading ? `the login failed: ${message}` : message,
        { retryAfterMs },
      );
    }
  }

  async #perform(signal: AbortSignal): Promise<TokenGrant> {
    const { auth, identity } = this.#settings;
    if (identity !== undefined) {
      const cert = await readCredential('client certificate', identity.cert, signal);
      const key = await readCredential('client key', identity.key, signal);
      this.#api.identify({ cert: cert.reveal(), key: key.reveal() });
    }
    if (auth.method === 'token') {
      const given = await readCredential('token', auth.token, signal);
      return this.#lookUp(sendable(await this.#unwrapped(given, signal)), signal);
    }
    const body = await this.#loginBody(auth, signal);
    const mount = auth.mount ?? auth.method;
    const path = ['auth', ...pathSegments(mount, 'auth.mount'), 'login'];
    let answer: unknown;
    try {
      answer = await this.#api.ask({ method: 'POST', path, body }, signal);
    } catch (thrown) {
      throw loginFailure(VaultFailure.from(thrown), auth.method, mount);
    }
    return grantOf(objectAt(answer, 'auth'));
  }

  /**
   * How a token that was given may be used. It may not be allowed to ask; then it is used until it is denied.
   */
  async #lookUp(token: Secret, signal: AbortSignal): Promise<TokenGrant> {
    const unknown = { token, ttlMs: Infinity, askMs: Infinity, renewable: false, isOurs: false };
    let data: Readonly<Record<string, unknown>>;
    try {
      const path = ['auth', 'token', 'lookup-self'];
      data = objectAt(await this.#api.ask({ method: 'GET', path, token }, signal), 'data');
    } catch (thrown) {
      const failure = VaultFailure.from(thrown);
      if (failure.status === 403) return unknown;
      throw failure;
    }
    const ttlMs = secondsAt(data, 'ttl');
    // A root token has no end: ttl 0, and no expire_time.
    if (ttlMs === 0 && typeof data['expire_time'] !== 'string') return unknown;
    if (ttlMs === 0) throw new VaultFailure('denied', 'the Vault token has expired; give another');
    const askMs = Math.max(ttlMs, ...['creation_ttl', 'period'].map((name) => optionalSeconds(data, name)));
    return { token, ttlMs, askMs, renewable: isTrueAt(data, 'renewable'), isOurs: false };
  }

  async #loginBody(auth: LoginAuth, signal: AbortSignal): Promise<object> {
    switch (auth.method) {
      case 'approle': {
        const roleId = await readCredential('role id', auth.roleId, signal);
        if (auth.secretId === undefined) return { role_id: roleId.reveal() };
        const given = await readCredential('secret id', auth.secretId, signal);
        const secretId = await this.#unwrapped(given, signal);
        return { role_id: roleId.reveal(), secret_id: secretId.reveal() };
      }
      case 'jwt': {
        const jwt = (await readCredential('JWT', auth.jwt, signal)).reveal();
        return auth.role === undefined ? { jwt } : { role: auth.role, jwt };
      }
      case 'kubernetes': {
        const jwt = await readServiceAccountToken(auth.tokenPath ?? SERVICE_ACCOUNT_TOKEN, signal);
        return { role: auth.role, jwt: jwt.reveal() };
      }
      case 'cert':
        return auth.role === undefined ? {} : { name: auth.role };
    }
  }

  async #unwrapped(given: Secret, signal: AbortSignal): Promise<Secret> {
    if (this.#unwrapper === undefined) return given;
    return this.#unwrapper.unwrap(sendable(given), signal);
  }
}

function grantOf(auth: Readonly<Record<string, unknown>>): TokenGrant {
  if (typeof auth['mfa_requirement'] === 'object' && auth['mfa_requirement'] !== null) {
    throw new VaultFailure('denied', 'Vault asks for a second factor; use a role that needs none');
  }
  const token = sendable(new Secret(textAt(auth, 'client_token')));
  const ttlMs = secondsAt(auth, 'lease_duration');
  return ttlMs === 0
    ? { token, ttlMs: Infinity, askMs: Infinity, renewable: false, isOurs: true }
    : { token, ttlMs, askMs: ttlMs, renewable: isTrueAt(auth, 'renewable'), isOurs: true };
}

function optionalSeconds(data: Readonly<Record<string, unknown>>, name: string): number {
  return typeof data[name] === 'number' ? secondsAt(data, name) : 0;
}

/** What becomes a header must have no line break and no letter beyond ASCII. */
function sendable(token: Secret): Secret {
  if (/^[\x21-\x7e]{1,16384}$/.test(token.reveal())) return token;
  throw new VaultFailure('not_configured', 'the Vault token has spaces or letters that no token has');
}

function loginFailure(failure: VaultFailure, method: string, mount: string): VaultFailure {
  const denied = `Vault denies the login with ${method}`;
  switch (failure.status) {
    case 400:
    case 401:
    case 403:
      return failure.as(
        'denied',
        failure.hint === 'clocks'
          ? `${denied}: what was given has expired or is not valid yet; the clocks of its issuer and Vault may differ`
          : `${denied} at auth/${mount}; check the role, the credential and the namespace`,
      );
    case 404:
    case 405:
      return failure.as('not_configured', `Vault has no login at auth/${mount}; set auth.mount`);
    case undefined:
    default:
      return failure;
  }
}
