import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import { type DoubleReply, errors, ok } from './double-reply.ts';
import { KvDouble } from './kv-double.ts';

/**
 * A double: not Vault, but what of Vault's HTTP API the provider meets, in memory, on the clock of the test.
 * The forms of its answers are those of Vault 1.x and OpenBao 2.x (`lease_id: ""`, a deleted version is a 404
 * with metadata, a second unwrap is a 400, ...). `real-vault.test.ts` runs the same suites against the real
 * one.
 */
export interface DoubleRequest {
  readonly method: string;
  /** Below `/v1/`, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** Common name of the certificate that the client showed. */
  readonly clientName?: string | undefined;
}

/** What goes wrong instead of an answer. */
export type Fault =
  | { readonly kind: 'reply'; readonly reply: DoubleReply }
  | { readonly kind: 'raw'; readonly status?: number; readonly text: string | Buffer }
  | { readonly kind: 'hang' | 'reset' | 'truncated' }
  | { readonly kind: 'slow'; readonly ms: number };

/** How long tokens or leases of a role live. */
export interface DoubleTtl {
  readonly ttlSeconds: number;
  /** From the issue; default: no such end. */
  readonly maxSeconds?: number;
  readonly renewable?: boolean;
}

interface Token {
  readonly id: string;
  readonly createdAt: number;
  readonly ttlSeconds: number;
  readonly maxEnd: number;
  readonly renewable: boolean;
  readonly namespace: string;
  endsAt: number;
}

interface Lease {
  readonly id: string;
  readonly token: string;
  readonly ttlSeconds: number;
  readonly maxEnd: number;
  readonly renewable: boolean;
  readonly username: string;
  readonly password: string;
  endsAt: number;
}

type Body = Readonly<Record<string, unknown>>;

export class VaultDouble {
  readonly clock: Clock;
  readonly rootToken: string = `hvs.root-${randomUUID()}`;
  /** Every request that arrived, in order. */
  readonly seen: DoubleRequest[] = [];
  readonly leases = new Map<string, Lease>();
  /** By path of the role: `database/creds/ro`. */
  readonly leaseRoles = new Map<string, DoubleTtl>();
  /** By path: `database/static-creds/app`. */
  readonly staticRoles = new Map<string, Body>();
  /** By path of the login: `auth/approle/login`. Says whether what is in the body is right. */
  readonly logins = new Map<
    string,
    DoubleTtl & { accepts(body: Body, clientName?: string): DoubleReply | boolean }
  >();
  /** Paths that no policy allows. */
  readonly denied = new Set<string>();
  state: 'active' | 'sealed' | 'standby' = 'active';
  standbyTarget = 'http://127.0.0.1:1';
  namespaces = new Set(['']);
  readonly #tokens = new Map<string, Token>();
  readonly #kv = new Map<string, KvDouble>();
  readonly #wrapped = new Map<
    string,
    { readonly path: string; readonly endsAt: number; readonly body: unknown }
  >();
  readonly #transit = new Map<string, string>();
  #faults: { readonly path: RegExp; readonly fault: Fault; left: number }[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
    this.#tokens.set(this.rootToken, {
      id: this.rootToken,
      createdAt: clock.now(),
      ttlSeconds: 0,
      maxEnd: Infinity,
      renewable: false,
      namespace: '',
      endsAt: Infinity,
    });
  }

  /** The next `times` requests to a path go wrong. */
  fail(path: RegExp, fault: Fault, times = Infinity): void {
    this.#faults = [{ path, fault, left: times }, ...this.#faults];
  }

  heal(): void {
    this.#faults = [];
    this.state = 'active';
  }

  /** How many requests matched, as `GET kv/data/app`. */
  count(pattern: RegExp): number {
    return this.seen.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
  }

  addToken(ttl: DoubleTtl, namespace = ''): string {
    const id = `hvs.${randomUUID()}`;
    const now = this.clock.now();
    this.#tokens.set(id, {
      id,
      createdAt: now,
      ttlSeconds: ttl.ttlSeconds,
      maxEnd: now + (ttl.maxSeconds ?? Infinity) * 1000,
      renewable: ttl.renewable ?? true,
      namespace,
      endsAt: now + ttl.ttlSeconds * 1000,
    });
    return id;
  }

  /** With all its leases, as Vault does. */
  revokeToken(id: string): void {
    this.#tokens.delete(id);
    for (const lease of this.leases.values()) if (lease.token === id) this.leases.delete(lease.id);
  }

  get livingTokens(): readonly string[] {
    return [...this.#tokens.keys()].filter((id) => id !== this.rootToken && this.#tokenOf(id) !== undefined);
  }

  /** The leases whose credentials would work now. */
  get livingLeases(): readonly Lease[] {
    const now = this.clock.now();
    return [...this.leases.values()].filter(
      ({ endsAt, token }) => endsAt > now && this.#tokenOf(token) !== undefined,
    );
  }

  /** A wrapping token for what an answer would have held. */
  wrap(path: string, body: unknown, ttlSeconds = 60): string {
    const id = `hvs.wrap-${randomUUID()}`;
    this.#wrapped.set(id, { path, body, endsAt: this.clock.now() + ttlSeconds * 1000 });
    return id;
  }

  encrypt(key: string, plaintext: Buffer): string {
    const ciphertext = `vault:v1:${Buffer.from(randomUUID()).toString('base64')}`;
    this.#transit.set(`${key} ${ciphertext}`, plaintext.toString('base64'));
    return ciphertext;
  }

  kv(namespace = ''): KvDouble {
    let kv = this.#kv.get(namespace);
    if (kv === undefined) {
      kv = new KvDouble(() => new Date(this.clock.now()).toISOString());
      this.#kv.set(namespace, kv);
    }
    return kv;
  }

  /** What happens to a request: an answer, or a fault that the server acts out. */
  take(request: DoubleRequest): Fault {
    this.seen.push(request);
    const planned = this.#faults.find(({ path, left }) => left > 0 && path.test(request.path));
    if (planned === undefined) return { kind: 'reply', reply: this.#answer(request) };
    planned.left -= 1;
    return planned.fault;
  }

  #answer(request: DoubleRequest): DoubleReply {
    if (this.state === 'sealed') return errors(503, 'Vault is sealed');
    if (this.state === 'standby') {
      return { status: 307, headers: { location: `${this.standbyTarget}/v1/${request.path}` } };
    }
    const namespace = request.headers['x-vault-namespace'] ?? '';
    if (!this.namespaces.has(namespace))
      return errors(404, `no handler for route "${request.path}". route entry not found.`);
    const body = (request.body ?? {}) as Body;
    const { path } = request;
    const login = this.logins.get(path);
    if (login !== undefined) {
      const accepted = login.accepts(body, request.clientName);
      if (accepted === true) return this.#newToken(login, namespace);
      return accepted === false ? errors(400, 'invalid role or secret ID') : accepted;
    }
    if (path.startsWith('auth/') && path.endsWith('/login')) return errors(403, 'permission denied');
    if (path === 'sys/wrapping/lookup') return this.#lookUpWrapping(String(body['token']));
    if (path === 'sys/wrapping/unwrap') return this.#unwrap(request.headers['x-vault-token'] ?? '');
    const token = this.#tokenOf(request.headers['x-vault-token']);
    if (token === undefined || (token.namespace !== namespace && token.id !== this.rootToken)) {
      return errors(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
    }
    if (this.denied.has(path)) return errors(403, '1 error occurred:\n\t* permission denied\n\n');
    return this.#route(request, token, body, namespace);
  }

  #route(request: DoubleRequest, token: Token, body: Body, namespace: string): DoubleReply {
    const { method, path } = request;
    switch (path) {
      case 'auth/token/lookup-self':
        return this.#lookUp(token);
      case 'auth/token/renew-self':
        return this.#renewToken(token);
      case 'auth/token/revoke-self':
        this.revokeToken(token.id);
        return { status: 204 };
      case 'sys/leases/renew':
        return this.#renewLease(String(body['lease_id']), Number(body['increment']));
      case 'sys/leases/revoke':
        this.leases.delete(String(body['lease_id']));
        return { status: 204 };
    }
    const role = this.leaseRoles.get(path);
    if (role !== undefined) return this.#issueLease(path, role, token);
    const fixed = this.staticRoles.get(path);
    if (fixed !== undefined) return ok({ data: fixed });
    if (/\/creds\//.test(path)) return errors(400, `unknown role: ${path.split('/').at(-1)}`);
    const decrypt = /^(.*)\/decrypt\/([^/]+)$/.exec(path);
    if (decrypt !== null) return this.#decrypt(`${decrypt[1]}/${decrypt[2]}`, String(body['ciphertext']));
    const detected = /^sys\/internal\/ui\/mounts\/(.+)$/.exec(path)?.[1];
    if (detected !== undefined) return this.kv(namespace).describe(detected);
    const mount = /^sys\/mounts\/(.+)$/.exec(path)?.[1];
    if (mount !== undefined) return this.kv(namespace).mount(method, mount, body);
    return this.kv(namespace).answer(method, path, request.query, body);
  }

  #tokenOf(id: string | undefined): Token | undefined {
    const token = id === undefined ? undefined : this.#tokens.get(id);
    return token !== undefined && token.endsAt > this.clock.now() ? token : undefined;
  }

  #newToken(ttl: DoubleTtl, namespace: string): DoubleReply {
    const id = this.addToken(ttl, namespace);
    return ok({ auth: this.#auth(id, ttl.ttlSeconds, ttl.renewable ?? true) });
  }

  #auth(id: string, seconds: number, renewable: boolean): Body {
    return {
      client_token: id,
      accessor: 'an-accessor',
      policies: ['default'],
      token_policies: ['default'],
      metadata: null,
      lease_duration: seconds,
      renewable,
      entity_id: '',
      token_type: 'service',
      orphan: true,
      mfa_requirement: null,
      num_uses: 0,
    };
  }

  #lookUp(token: Token): DoubleReply {
    const isRoot = token.endsAt === Infinity;
    return ok({
      data: {
        id: token.id,
        ttl: isRoot ? 0 : Math.floor((token.endsAt - this.clock.now()) / 1000),
        creation_ttl: token.ttlSeconds,
        expire_time: isRoot ? null : '2030-01-01T00:00:00Z',
        explicit_max_ttl: 0,
        ...(isRoot ? {} : { renewable: token.renewable }),
      },
    });
  }

  #renewToken(token: Token): DoubleReply {
    if (!token.renewable) return errors(400, 'lease is not renewable');
    const now = this.clock.now();
    const seconds = granted(now, token.ttlSeconds, token.maxEnd);
    token.endsAt = now + seconds * 1000;
    return ok({ auth: this.#auth(token.id, seconds, true) });
  }

  #issueLease(path: string, role: DoubleTtl, token: Token): DoubleReply {
    const now = this.clock.now();
    const lease: Lease = {
      id: `${path}/${randomUUID()}`,
      token: token.id,
      ttlSeconds: role.ttlSeconds,
      maxEnd: now + (role.maxSeconds ?? Infinity) * 1000,
      renewable: role.renewable ?? true,
      username: `v-${randomUUID()}`,
      password: `p-${randomUUID()}`,
      endsAt: now + role.ttlSeconds * 1000,
    };
    this.leases.set(lease.id, lease);
    return ok({
      lease_id: lease.id,
      renewable: lease.renewable,
      lease_duration: role.ttlSeconds,
      data: { username: lease.username, password: lease.password },
    });
  }

  #renewLease(id: string, increment: number): DoubleReply {
    const lease = this.leases.get(id);
    const now = this.clock.now();
    if (lease === undefined || lease.endsAt <= now) return errors(400, 'lease not found');
    if (!lease.renewable) return errors(400, 'lease is not renewable');
    const seconds = granted(now, Math.min(increment || lease.ttlSeconds, lease.ttlSeconds), lease.maxEnd);
    lease.endsAt = now + seconds * 1000;
    return ok({ lease_id: id, renewable: true, lease_duration: seconds, data: undefined });
  }

  #decrypt(key: string, ciphertext: string): DoubleReply {
    if (![...this.#transit.keys()].some((known) => known.startsWith(`${key} `))) {
      return errors(400, 'encryption key not found');
    }
    const plaintext = this.#transit.get(`${key} ${ciphertext}`);
    return plaintext === undefined
      ? errors(400, 'cipher: message authentication failed')
      : ok({ data: { plaintext } });
  }

  #wrapping(id: string): { readonly path: string; readonly body: unknown } | undefined {
    const wrapped = this.#wrapped.get(id);
    return wrapped !== undefined && wrapped.endsAt > this.clock.now() ? wrapped : undefined;
  }

  #lookUpWrapping(id: string): DoubleReply {
    const wrapped = this.#wrapping(id);
    if (wrapped === undefined) return errors(400, 'wrapping token is not valid or does not exist');
    return ok({ data: { creation_path: wrapped.path, creation_ttl: 60 } });
  }

  #unwrap(id: string): DoubleReply {
    const wrapped = this.#wrapping(id);
    this.#wrapped.delete(id);
    if (wrapped === undefined) return errors(400, 'wrapping token is not valid or does not exist');
    return { status: 200, body: wrapped.body };
  }
}

/** As Vault does: whole seconds, and never past the end that is fixed at the issue. */
function granted(now: number, seconds: number, maxEnd: number): number {
  return Math.max(0, Math.min(seconds, Math.floor((maxEnd - now) / 1000)));
}
