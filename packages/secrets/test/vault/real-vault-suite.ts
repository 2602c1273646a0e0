import { randomUUID } from 'node:crypto';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Admin, type VaultUnderTest } from './admin.ts';
import { Client, given } from './rig.ts';

/** What the double says of AppRole, wrapping, tokens and transit, put to a real server. */
export function realVaultSuite(vault: VaultUnderTest): void {
  describe('a real Vault, beyond KV', () => {
    const admin = new Admin(vault);
    const path = `sallyport-test-${randomUUID()}`;
    const options = { address: vault.address, namespace: vault.namespace, dangerouslyAllowHttp: true };
    let clients: Client[];
    const clientWith = (auth: ConstructorParameters<typeof Client>[0]['auth']): Client => {
      const client = new Client({ ...options, auth });
      clients.push(client);
      return client;
    };

    beforeEach(async () => {
      clients = [];
      await admin.ask('POST', `sys/mounts/${path}/kv`, { type: 'kv', options: { version: '1' } });
      await admin.ask('POST', `${path}/kv/app`, { value: 'there' });
      await admin.ask('POST', `sys/mounts/${path}/transit`, { type: 'transit' });
      await admin.ask('POST', `${path}/transit/keys/app`);
      await admin.ask('POST', `sys/auth/${path}`, { type: 'approle' });
      await admin.ask('POST', `sys/policies/acl/${path}`, {
        policy: `path "${path}/*" { capabilities = ["read"] }`,
      });
      await admin.ask('POST', `auth/${path}/role/app`, { token_policies: path, token_ttl: '60s' });
    });
    afterEach(async () => {
      await Promise.all(clients.map((client) => client.close()));
      await admin.ask('DELETE', `sys/auth/${path}`);
      await admin.ask('DELETE', `sys/policies/acl/${path}`);
      await admin.ask('DELETE', `sys/mounts/${path}/transit`);
      await admin.ask('DELETE', `sys/mounts/${path}/kv`);
    });

    const roleId = async (): Promise<Secret> => {
      const { data } = await admin.ask('GET', `auth/${path}/role/app/role-id`);
      return new Secret((data as { role_id: string }).role_id);
    };
    const wrappedSecretId = async (): Promise<string> => {
      const { wrap_info: info } = await admin.ask('POST', `auth/${path}/role/app/secret-id`, {}, '60s');
      return (info as { token: string }).token;
    };

    it('logs in with a wrapped secret id, and denies the second who unwraps it', async () => {
      const wrapping = await wrappedSecretId();
      const creationPath = `auth/${path}/role/app/secret-id`;
      const auth = { method: 'approle', roleId, secretId: given(wrapping), mount: path } as const;
      const client = clientWith({ ...auth, wrapped: { creationPath } });
      expect((await client.resolve(`vault://${path}/kv/app`)).value).toBe('there');
      const second = await clientWith({ ...auth, wrapped: true }).failure(`vault://${path}/kv/app`);
      expect(second.code).toBe('denied');
      expect(second.message).toContain('somebody else may have read');
    });

    it('logs in again when the token was revoked, and denies what no policy allows', async () => {
      const client = clientWith({
        method: 'approle',
        roleId,
        secretId: async () => {
          const { data } = await admin.ask('POST', `auth/${path}/role/app/secret-id`, {});
          return new Secret((data as { secret_id: string }).secret_id);
        },
        mount: path,
      });
      await client.resolve(`vault://${path}/kv/app`);
      await admin.ask('PUT', `sys/leases/revoke-prefix/auth/${path}/login`, { sync: true });
      expect((await client.resolve(`vault://${path}/kv/app`)).value).toBe('there');
      expect(client.typesOf()).toEqual(['login', 'login']);
      expect((await client.failure('vault://sallyport-no-such-mount/app')).code).toBe('denied');
    });

    it('decrypts', async () => {
      const plaintext = Buffer.from('héllo').toString('base64');
      const { data } = await admin.ask('POST', `${path}/transit/encrypt/app`, { plaintext });
      const { ciphertext } = data as { ciphertext: string };
      const client = clientWith({ method: 'token', token: given(vault.token) });
      expect((await client.resolve(`vault-transit://${path}/transit/app#${ciphertext}`)).value).toBe('héllo');
      const wrong = `vault-transit://${path}/transit/app#vault:v1:${Buffer.alloc(40).toString('base64')}`;
      expect((await client.failure(wrong)).code).toBe('invalid_value');
    });
  });
}
