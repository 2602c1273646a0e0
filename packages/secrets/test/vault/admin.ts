import { randomUUID } from 'node:crypto';

/** Where a Vault is, and the token of whoever may do everything in it. */
export interface VaultUnderTest {
  readonly address: string;
  readonly token: string;
  readonly namespace?: string | undefined;
}

/** What an operator does to a Vault, over HTTP alone: it works on the double and on the real one. */
export class Admin {
  readonly #vault: VaultUnderTest;

  constructor(vault: VaultUnderTest) {
    this.#vault = vault;
  }

  async ask(method: string, path: string, body?: object, wrapTtl?: string): Promise<Record<string, unknown>> {
    const { address, token, namespace } = this.#vault;
    const response = await fetch(`${address}/v1/${path}`, {
      method,
      headers: {
        'x-vault-token': token,
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        ...(wrapTtl === undefined ? {} : { 'x-vault-wrap-ttl': wrapTtl }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  /** Mounts a key-value store under a name that nothing else has. */
  async mountKv(version: 1 | 2): Promise<KvStore> {
    const path = `sallyport-test/${randomUUID()}`;
    await this.ask('POST', `sys/mounts/${path}`, { type: 'kv', options: { version: String(version) } });
    return new KvStore(this, path, version);
  }
}

export class KvStore {
  readonly path: string;
  readonly #admin: Admin;
  readonly #version: 1 | 2;

  constructor(admin: Admin, path: string, version: 1 | 2) {
    this.#admin = admin;
    this.path = path;
    this.#version = version;
  }

  async put(name: string, fields: object): Promise<void> {
    // A fresh KV 2 mount is upgraded in the background, and answers 400 until it is done.
    for (let tries = 0; ; tries += 1) {
      try {
        if (this.#version === 1) await this.#admin.ask('POST', `${this.path}/${name}`, fields);
        else await this.#admin.ask('POST', `${this.path}/data/${name}`, { data: fields });
        return;
      } catch (error) {
        if (tries === 20) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
    }
  }

  async remove(name: string): Promise<void> {
    await this.#admin.ask(
      'DELETE',
      this.#version === 1 ? `${this.path}/${name}` : `${this.path}/data/${name}`,
    );
  }

  async destroy(name: string, versions: readonly number[]): Promise<void> {
    await this.#admin.ask('POST', `${this.path}/destroy/${name}`, { versions });
  }

  async unmount(): Promise<void> {
    await this.#admin.ask('DELETE', `sys/mounts/${this.path}`);
  }
}
