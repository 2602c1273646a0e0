import type { Secret } from '@sallyport/core';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSettings } from './vault-options.ts';
import { encodePath } from './vault-path.ts';
import { type Outgoing, type TlsIdentity, VaultTransport } from './vault-transport.ts';

/** One request to the API. */
export interface VaultAsk {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/v1/`; not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: object | undefined;
  readonly token?: Secret | undefined;
}

/** Asks Vault once. */
export interface VaultApi {
  /** What the answer holds; undefined when it is empty. @throws VaultFailure */
  ask(ask: VaultAsk, signal: AbortSignal): Promise<unknown>;
  identify(identity: TlsIdentity): void;
  close(): void;
}

/** As node-vault 0.12 is; its own declarations leave half of it out. */
interface NodeVault {
  token: string;
  namespace: string;
  pathPrefix: string;
  request(options: object): Promise<unknown>;
}

/**
 * Vault through node-vault's generic request, with our transport under it. Its other parts are not used: they
 * follow redirects with the token, have no time limit, put tokens into errors, and renew in a loop when a TTL
 * is over 24.8 days.
 */
export class VaultClient implements VaultApi {
  readonly #settings: VaultSettings;
  readonly #transport: VaultTransport;
  #vault: Promise<NodeVault> | undefined;

  constructor(settings: VaultSettings) {
    this.#settings = settings;
    this.#transport = new VaultTransport(settings);
  }

  async ask({ method, path, query, body, token }: VaultAsk, signal: AbortSignal): Promise<unknown> {
    const parameters = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    try {
      const vault = await (this.#vault ??= this.#load());
      return await vault.request({
        method,
        path: `/${encodePath(path)}${parameters}`,
        headers: {
          // Agents and proxies may demand it, against requests that a browser was tricked into.
          'X-Vault-Request': 'true',
          ...(token === undefined ? {} : { 'X-Vault-Token': token.reveal() }),
        },
        ...(body === undefined ? {} : { json: body }),
        signal,
      });
    } catch (thrown) {
      throw VaultFailure.from(thrown);
    }
  }

  identify(identity: TlsIdentity): void {
    this.#transport.identify(identity);
  }

  close(): void {
    this.#transport.close();
  }

  async #load(): Promise<NodeVault> {
    // Loaded at the first request: it takes most of a start-up that may never need Vault.
    const { default: makeVault } = await import('node-vault');
    const vault = makeVault({
      endpoint: this.#settings.endpoint,
      apiVersion: 'v1',
      // By default it prints requests and answers when DEBUG says so.
      debug: () => undefined,
      'request-promise': {
        defaults: () => (outgoing: Outgoing) => this.#transport.send(outgoing),
      },
    }) as unknown as NodeVault;
    // An option that is empty is taken from VAULT_TOKEN, VAULT_NAMESPACE and VAULT_PREFIX.
    vault.token = '';
    vault.namespace = this.#settings.namespace;
    vault.pathPrefix = '';
    return vault;
  }
}
