import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '../../src/reference.ts';
import type { SecretError } from '../../src/secret-error.ts';
import type { Resolved, SecretProvider } from '../../src/secret-provider.ts';
import { vaultProviders } from '../../src/vault/vault-providers.ts';
import { secretProviderContract } from '../support/contract.ts';
import { Admin, type KvStore, type VaultUnderTest } from './admin.ts';

export interface OpenVault extends VaultUnderTest {
  /** Makes it hang; only the double can. */
  hang?(): void;
  /** Whether it takes a value of more than a megabyte, which depends on the storage of a real one. */
  readonly takesTooLarge: boolean;
  close(): Promise<void>;
}

export function providersFor({ address, token, namespace }: VaultUnderTest): readonly SecretProvider[] {
  return vaultProviders({
    address,
    namespace,
    auth: { method: 'token', token: async () => new Secret(token) },
    dangerouslyAllowHttp: true,
  });
}

export function providerOf(providers: readonly SecretProvider[], scheme: string): SecretProvider {
  const found = providers.find((provider) => provider.scheme === scheme);
  if (found === undefined) throw new Error(`no ${scheme}`);
  return found;
}

/** What holds of KV in any Vault, the double and the real one alike. */
export function kvSuite(name: string, open: () => Promise<OpenVault>): void {
  for (const version of [1, 2] as const) {
    secretProviderContract(`${name}, KV ${version}`, async () => {
      const vault = await open();
      const store = await new Admin(vault).mountKv(version);
      await store.put('two-fields', { username: 'app', password: 'of-the-app' });
      return {
        provider: providerOf(providersFor(vault), 'vault'),
        missing: `vault://${store.path}/never-there#value`,
        takesTooLarge: vault.takesTooLarge,
        takesEmpty: true,
        missingField: async () => `vault://${store.path}/two-fields#other`,
        async put(name, value) {
          await store.put(name, { value });
          return `vault://${store.path}/${name}#value`;
        },
        remove: (name) => store.remove(name),
        ...(vault.hang === undefined ? {} : { hang: () => vault.hang?.() }),
        async close() {
          if (vault.hang === undefined) await store.unmount();
          await vault.close();
        },
      };
    });
  }

  describe(`${name}, KV in particular`, () => {
    let vault: OpenVault;
    let provider: SecretProvider;
    let stores: Readonly<Record<1 | 2, KvStore>>;
    const resolve = (reference: string): Promise<Resolved> =>
      provider.resolve(parseReference(reference), { signal: new AbortController().signal });
    const failure = (reference: string): Promise<SecretError> =>
      resolve(reference).then(
        () => Promise.reject(new Error('resolved')),
        (error: SecretError) => error,
      );

    beforeEach(async () => {
      vault = await open();
      provider = providerOf(providersFor(vault), 'vault');
      const admin = new Admin(vault);
      stores = { 1: await admin.mountKv(1), 2: await admin.mountKv(2) };
    });
    afterEach(async () => {
      await provider.close();
      await stores[1].unmount();
      await stores[2].unmount();
      await vault.close();
    });

    it.each([1, 2] as const)(
      'takes the only field of a secret when none is named (KV %i)',
      async (version) => {
        await stores[version].put('app', { 'api-key': 'the-only-one' });
        expect((await resolve(`vault://${stores[version].path}/app`)).value).toBe('the-only-one');
      },
    );

    it.each([1, 2] as const)('asks for a field by name when there are several (KV %i)', async (version) => {
      await stores[version].put('app', { username: 'somebody', password: 'h1dden' });
      const error = await failure(`vault://${stores[version].path}/app`);
      expect(error.code).toBe('invalid_value');
      expect(error.message).toContain('#field: password, username');
      expect(error.message).not.toContain('h1dden');
      expect(error.message).not.toContain('somebody');
    });

    it('gives numbers and booleans as text, and refuses what has no text', async () => {
      const numbers = { port: 5432, ratio: 0.5, large: 2 ** 60 };
      const fields = { ...numbers, on: true, off: false, nested: { a: 'h1dden' }, none: null };
      await stores[2].put('app', fields);
      const at = (field: string): string => `vault://${stores[2].path}/app#${field}`;
      const values = await Promise.all(['port', 'on', 'off'].map((field) => resolve(at(field))));
      expect(values.map(({ value }) => value)).toEqual(['5432', 'true', 'false']);
      for (const field of ['ratio', 'large', 'nested', 'none']) {
        const error = await failure(at(field));
        expect(error.code).toBe('invalid_value');
        expect(error.message).not.toContain('h1dden');
      }
    });

    it('gives base64 of a text when asked to', async () => {
      await stores[2].put('app', { value: 'é' });
      expect((await resolve(`vault://${stores[2].path}/app?encoding=base64#value`)).value).toBe('w6k=');
    });

    it('reads names that have to be encoded, and stays inside them', async () => {
      const names = ['a b', 'a&#x2F;b', 'a+b', 'ü', 'a=b&c', "a'b(c)!*"];
      for (const name of names) await stores[1].put(encodeURIComponent(name), { value: `of ${name}` });
      const values = await Promise.all(
        names.map((name) => resolve(`vault://${stores[1].path}/${encodeURIComponent(name)}#value`)),
      );
      expect(values.map(({ value }) => value)).toEqual(names.map((name) => `of ${name}`));
    });

    it('gives the version that is asked for, and says which one it gave', async () => {
      await stores[2].put('app', { value: 'first' });
      await stores[2].put('app', { value: 'second' });
      const at = (query: string): string => `vault://${stores[2].path}/app${query}#value`;
      expect(await resolve(at('?version=1'))).toMatchObject({ value: 'first', version: '1' });
      expect(await resolve(at(''))).toMatchObject({ value: 'second', version: '2' });
      expect((await failure(at('?version=3'))).code).toBe('not_found');
    });

    it('says the same of deleted and destroyed versions as of those that never were', async () => {
      await stores[2].put('app', { value: 'first' });
      await stores[2].put('app', { value: 'second' });
      await stores[2].remove('app');
      const deleted = await failure(`vault://${stores[2].path}/app#value`);
      expect(deleted.code).toBe('not_found');
      expect(deleted.message).toContain('deleted');
      await stores[2].destroy('app', [1]);
      expect((await failure(`vault://${stores[2].path}/app?version=1#value`)).code).toBe('not_found');
      expect((await failure(`vault://${stores[2].path}/other#value`)).code).toBe('not_found');
    });

    it('refuses a version where the mount keeps none', async () => {
      await stores[1].put('app', { value: 'only' });
      const reference = `vault://${stores[1].path}/app?version=1#value`;
      const error = await failure(reference);
      expect(error.code).toBe('invalid_reference');
      expect(error.message).toContain('leave out ?version');
      // By now the version of the mount is known, and no request is needed to say so.
      expect(provider.check?.(parseReference(reference))).toContain('leave out ?version');
    });

    it('says of the path of the API that "data/" is left out', async () => {
      await stores[2].put('app', { value: 'there' });
      const error = await failure(`vault://${stores[2].path}/data/app#value`);
      expect(error.code).toBe('not_found');
      expect(error.message).toContain('without "data/"');
    });

    it('denies what is in no mount', async () => {
      expect((await failure('vault://sallyport-no-such-mount/app#value')).code).toBe('denied');
    });
  });
}
