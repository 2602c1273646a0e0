/**
 * The suites that the double passes, against a real server. In one shell:
 *
 *   docker run --rm -p 8200:8200 -e BAO_DEV_ROOT_TOKEN_ID=root openbao/openbao
 *   docker run --rm -p 8200:8200 -e VAULT_DEV_ROOT_TOKEN_ID=root hashicorp/vault
 *
 * and in another: `VAULT_ADDR=http://127.0.0.1:8200 VAULT_TOKEN=root vitest run packages/secrets/test/vault`.
 * The token has to be allowed to mount; what is mounted has a random path under `sallyport-test/`, and is
 * unmounted afterwards.
 */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Admin } from './admin.ts';
import { DoubleServer } from './double-server.ts';
import { kvSuite, providerOf, providersFor } from './kv-suite.ts';
import { realVaultSuite } from './real-vault-suite.ts';
import { VaultDouble } from './vault-double.ts';

const address = process.env['VAULT_ADDR'];
const token = process.env['VAULT_TOKEN'];

if (address !== undefined && token !== undefined) {
  const namespace = process.env['VAULT_NAMESPACE'];
  const vault = { address, token, namespace, takesTooLarge: false, close: () => Promise.resolve() };
  kvSuite('a real Vault', () => Promise.resolve(vault));
  realVaultSuite(vault);
}

it('has suites that run without a real Vault too: on the double', async () => {
  const double = new VaultDouble(systemClock);
  const server = await DoubleServer.listen(double);
  const vault = { address: server.address, token: double.rootToken };
  const store = await new Admin(vault).mountKv(2);
  await store.put('app', { value: 'there' });
  const provider = providerOf(providersFor(vault), 'vault');
  const reference = {
    text: `vault://${store.path}/app#value`,
    scheme: 'vault',
    alias: undefined,
    path: `${store.path}/app`,
    field: 'value',
    version: undefined,
    encoding: 'utf8',
  } as const;
  const { signal } = new AbortController();
  expect(await provider.resolve(reference, { signal })).toEqual({ value: 'there', version: '1' });
  await provider.close();
  await server.close();
});
