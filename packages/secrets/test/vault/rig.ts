import { Secret } from '@sallyport/core';
import { parseReference } from '../../src/reference.ts';
import { SecretError } from '../../src/secret-error.ts';
import type { Resolved, SecretProvider } from '../../src/secret-provider.ts';
import type { VaultAuth } from '../../src/vault/vault-auth.ts';
import type { VaultApi } from '../../src/vault/vault-client.ts';
import type { VaultEvent } from '../../src/vault/vault-event.ts';
import type { VaultOptions } from '../../src/vault/vault-options.ts';
import { vaultProviders, vaultProvidersOn } from '../../src/vault/vault-providers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { DoubleApi } from './double-api.ts';
import { type DoubleTtl, VaultDouble } from './vault-double.ts';

export const ROLE_ID = 'the-role-id-5f0c';
export const SECRET_ID = 'the-secret-id-9a41';

export function given(value: string): () => Promise<Secret> {
  return async () => new Secret(value);
}

export const APPROLE: VaultAuth = { method: 'approle', roleId: given(ROLE_ID), secretId: given(SECRET_ID) };

/** Lets AppRole log in with `ROLE_ID` and `SECRET_ID`. */
export function allowApprole(double: VaultDouble, ttl: DoubleTtl): void {
  double.logins.set('auth/approle/login', {
    ...ttl,
    accepts: (body) => body['role_id'] === ROLE_ID && body['secret_id'] === SECRET_ID,
  });
}

/** The three providers, and what they did. */
export class Client {
  readonly events: VaultEvent[] = [];
  readonly #providers: readonly SecretProvider[];

  constructor(options: Omit<VaultOptions, 'onEvent'>, api?: VaultApi) {
    const all = { ...options, onEvent: (event: VaultEvent) => void this.events.push(event) };
    this.#providers = api === undefined ? vaultProviders(all) : vaultProvidersOn(api, all);
  }

  provider(scheme: string): SecretProvider {
    const found = this.#providers.find((provider) => provider.scheme === scheme);
    if (found === undefined) throw new Error(`no ${scheme}`);
    return found;
  }

  resolve(text: string, signal: AbortSignal = new AbortController().signal): Promise<Resolved> {
    const reference = parseReference(text);
    return this.provider(reference.scheme).resolve(reference, { signal });
  }

  async failure(text: string, signal?: AbortSignal): Promise<SecretError> {
    const error: unknown = await this.resolve(text, signal).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof SecretError) return error;
    throw new Error(
      error === undefined ? 'there was a value' : 'something else than a SecretError was thrown',
    );
  }

  watch(text: string, changed: () => void): () => void {
    const reference = parseReference(text);
    const provider = this.provider(reference.scheme);
    return provider.watch?.(reference, changed) ?? (() => undefined);
  }

  typesOf(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  async close(): Promise<void> {
    await Promise.all(this.#providers.map((provider) => provider.close()));
  }
}

/** A double and a client of it on the same clock, with nothing between them that takes time. */
export function fastRig(options: Partial<VaultOptions> = {}): {
  readonly clock: FakeClock;
  readonly double: VaultDouble;
  readonly api: DoubleApi;
  readonly client: Client;
} {
  const clock = new FakeClock();
  const double = new VaultDouble(clock);
  double.kv().addMount('kv', 2);
  double.kv().put('kv', 'app', { value: 'the-value-77e1' });
  const api = new DoubleApi(double);
  return { clock, double, api, client: clientOf(double, clock, APPROLE, options, api) };
}

export function clientOf(
  double: VaultDouble,
  clock: FakeClock,
  auth: VaultAuth,
  options: Partial<VaultOptions> = {},
  api: DoubleApi = new DoubleApi(double),
): Client {
  const all = { address: 'http://127.0.0.1:8200', auth, clock, random: () => 0.5, ...options };
  return new Client(all, api);
}
