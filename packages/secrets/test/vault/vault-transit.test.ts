import { describe, expect, it } from 'vitest';
import { allowApprole, fastRig } from './rig.ts';

describe('a reference with a ciphertext', () => {
  const rig = () => {
    const made = fastRig();
    allowApprole(made.double, { ttlSeconds: 3600 });
    return made;
  };

  it.each(['transit/app', 'team-a/transit/app'])('is decrypted with the key %s', async (key) => {
    const { double, client } = rig();
    const ciphertext = double.encrypt(key, Buffer.from('héllo\n'));
    expect((await client.resolve(`vault-transit://${key}#${ciphertext}`)).value).toBe('héllo\n');
    await client.close();
  });

  it('gives bytes as base64 when asked to, and refuses them as text', async () => {
    const { double, client } = rig();
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const ciphertext = double.encrypt('transit/app', bytes);
    const error = await client.failure(`vault-transit://transit/app#${ciphertext}`);
    expect(error.code).toBe('invalid_value');
    expect(error.message).toContain('encoding=base64');
    const asBase64 = await client.resolve(`vault-transit://transit/app?encoding=base64#${ciphertext}`);
    expect(asBase64.value).toBe(bytes.toString('base64'));
    await client.close();
  });

  it('of another key is invalid, and of a key that is not there not found', async () => {
    const { double, client } = rig();
    const ciphertext = double.encrypt('transit/app', Buffer.from('x'));
    double.encrypt('transit/other', Buffer.from('y'));
    expect((await client.failure(`vault-transit://transit/other#${ciphertext}`)).code).toBe('invalid_value');
    expect((await client.failure(`vault-transit://transit/nobody#${ciphertext}`)).code).toBe('not_found');
    await client.close();
  });

  it('is refused when it decrypts to nothing', async () => {
    const { double, client } = rig();
    const ciphertext = double.encrypt('transit/app', Buffer.alloc(0));
    expect((await client.failure(`vault-transit://transit/app#${ciphertext}`)).code).toBe('invalid_value');
    await client.close();
  });

  it.each([
    'vault-transit://transit/app',
    'vault-transit://transit/app#password',
    'vault-transit://transit/app#vault:v0:YWJj',
    'vault-transit://transit#vault:v1:YWJj',
    'vault-transit://transit/app?version=2#vault:v1:YWJj',
  ])('is refused without a request when it is %s', async (reference) => {
    const { double, client } = rig();
    expect((await client.failure(reference)).code).toBe('invalid_reference');
    expect(double.seen).toEqual([]);
    await client.close();
  });
});
