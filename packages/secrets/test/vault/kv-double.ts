import { type DoubleReply, errors, ok } from './double-reply.ts';

type Body = Readonly<Record<string, unknown>>;

interface Version {
  data: Body | null;
  deletedAt: string;
  destroyed: boolean;
}

const WRONG_PATH =
  'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use.';

/** The part of the double that is the key-value stores of one namespace, versions 1 and 2. */
export class KvDouble {
  readonly #now: () => string;
  readonly #mounts = new Map<string, { readonly type: string; readonly version: 1 | 2 }>();
  readonly #plain = new Map<string, Body>();
  readonly #versioned = new Map<string, Version[]>();

  constructor(now: () => string) {
    this.#now = now;
  }

  addMount(path: string, version: 1 | 2, type = 'kv'): void {
    this.#mounts.set(`${path}/`, { type, version });
  }

  /** Writes to either version. */
  put(mount: string, name: string, data: Body): void {
    if (this.#mounts.get(`${mount}/`)?.version === 1) this.#plain.set(`${mount}/${name}`, data);
    else this.#write(`${mount}/ ${name}`, data);
  }

  /** `sys/mounts/<path>` */
  mount(method: string, path: string, body: Body): DoubleReply {
    if (method === 'DELETE') {
      this.#mounts.delete(`${path}/`);
      return { status: 204 };
    }
    if (this.#mounts.has(`${path}/`)) return errors(400, `path is already in use at ${path}/`);
    const options = (body['options'] ?? {}) as Body;
    this.addMount(path, options['version'] === '2' ? 2 : 1, String(body['type']));
    return { status: 204 };
  }

  /** `sys/internal/ui/mounts/<path>` */
  describe(path: string): DoubleReply {
    const [mount, found] = this.#find(path);
    if (found === undefined) {
      const text = `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`;
      return errors(403, text);
    }
    const options = found.version === 2 ? { version: '2' } : null;
    return ok({ data: { path: mount, type: found.type, options, description: '', local: false } });
  }

  answer(method: string, path: string, query: URLSearchParams, body: Body): DoubleReply {
    const [mount, found] = this.#find(path);
    if (found === undefined) return errors(404, `no handler for route "${path}". route entry not found.`);
    if (found.version === 1) return this.#plainAnswer(method, path, body);
    const [, kind, name = ''] = /^(data|metadata|destroy)\/(.+)$/.exec(path.slice(mount.length)) ?? [];
    const key = `${mount} ${name}`;
    switch (kind) {
      case 'data':
        return this.#dataAnswer(method, key, query, body);
      case 'metadata':
        if (method === 'DELETE') this.#versioned.delete(key);
        return { status: 204 };
      case 'destroy': {
        for (const number of body['versions'] as readonly number[]) {
          const version = this.#versioned.get(key)?.[number - 1];
          if (version !== undefined) Object.assign(version, { data: null, destroyed: true });
        }
        return { status: 204 };
      }
      case undefined:
      default:
        return { status: 404, body: { ...(ok({ warnings: [WRONG_PATH] }).body as Body) } };
    }
  }

  #find(path: string): readonly [string, { readonly type: string; readonly version: 1 | 2 } | undefined] {
    const mount = [...this.#mounts.keys()].find((candidate) => `${path}/`.startsWith(candidate)) ?? '';
    return [mount, this.#mounts.get(mount)];
  }

  #plainAnswer(method: string, path: string, body: Body): DoubleReply {
    if (method === 'DELETE') this.#plain.delete(path);
    else if (method !== 'GET') this.#plain.set(path, body);
    else {
      const data = this.#plain.get(path);
      return data === undefined ? errors(404) : ok({ data, lease_duration: 2_764_800 });
    }
    return { status: 204 };
  }

  #dataAnswer(method: string, key: string, query: URLSearchParams, body: Body): DoubleReply {
    const versions = this.#versioned.get(key) ?? [];
    if (method === 'DELETE') {
      const newest = versions.at(-1);
      if (newest !== undefined) newest.deletedAt = this.#now();
      return { status: 204 };
    }
    if (method !== 'GET') {
      const cas = (body['options'] as Body | undefined)?.['cas'];
      if (cas !== undefined && cas !== versions.length) {
        return errors(400, 'check-and-set parameter did not match the current version');
      }
      this.#write(key, body['data'] as Body);
      return ok({ data: this.#metadata(key, versions.length + 1) });
    }
    const asked = Number(query.get('version') ?? versions.length) || versions.length;
    const version = versions[asked - 1];
    if (version === undefined) return errors(404);
    const isGone = version.deletedAt !== '' || version.destroyed;
    const reply = ok({ data: { data: isGone ? null : version.data, metadata: this.#metadata(key, asked) } });
    return isGone ? { ...reply, status: 404 } : reply;
  }

  #write(key: string, data: Body): void {
    const versions = this.#versioned.get(key) ?? [];
    versions.push({ data, deletedAt: '', destroyed: false });
    this.#versioned.set(key, versions);
  }

  #metadata(key: string, number: number): Body {
    const version = this.#versioned.get(key)?.[number - 1];
    return {
      created_time: this.#now(),
      custom_metadata: null,
      deletion_time: version?.deletedAt ?? '',
      destroyed: version?.destroyed ?? false,
      version: number,
    };
  }
}
