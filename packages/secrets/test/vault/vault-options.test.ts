import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePath } from '../../src/vault/vault-path.ts';
import { checkVaultOptions, type VaultOptions } from '../../src/vault/vault-options.ts';
import { APPROLE, given } from './rig.ts';

const check = (options: Partial<VaultOptions>) =>
  checkVaultOptions({ address: 'https://vault.example.com:8200', auth: APPROLE, ...options });

describe('the options of Vault', () => {
  it.each([
    'https://vault.example.com',
    'http://localhost:8200',
    'http://127.0.0.1:8200',
    'http://[::1]:8200',
  ])('take %s as an address', (address) => {
    expect(check({ address }).endpoint).toBe(address);
  });

  it('keep the path that a proxy has Vault under', () => {
    expect(check({ address: 'https://example.com/vault/' }).endpoint).toBe('https://example.com/vault');
  });

  it.each([
    'http://vault.example.com:8200',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'ftp://vault.example.com',
    'vault.example.com:8200',
    'https://user@vault.example.com',
    'https://:password@vault.example.com',
    'https://vault.example.com?x=1',
    'https://vault.example.com#x',
    '',
  ])('refuse %s as an address', (address) => {
    expect(() => check({ address })).toThrow(TypeError);
  });

  it('take plain http to other machines when told that it is dangerous', () => {
    const address = 'http://vault.example.com:8200';
    expect(check({ address, dangerouslyAllowHttp: true }).endpoint).toBe(address);
  });

  it.each<[string, Partial<VaultOptions>]>([
    ['a certificate without a key', { clientCert: given('x') }],
    ['cert without a certificate', { auth: { method: 'cert' } }],
    ['a path in place of a certificate', { ca: '/etc/vault/ca.pem' }],
    ['a namespace with a line break', { namespace: 'a\r\nx-evil: 1' }],
    ['a mount that climbs', { auth: { method: 'cert', mount: '../sys' } }],
    ['a mount of nothing', { auth: { ...APPROLE, mount: '' } as VaultOptions['auth'] }],
    ['a KV version that is none', { kv: { kv: 3 as 2 } }],
    ['a KV mount that climbs', { kv: { 'kv/../sys': 2 } }],
    ['a time of nothing', { requestTimeoutMs: 0 }],
    ['a size that is no number', { maxResponseBytes: Number.NaN }],
  ])('refuse %s', (_, options) => {
    expect(() => check(options)).toThrow(TypeError);
  });
});

describe('a path', () => {
  it('decodes to its segments, whatever is in them, and has as many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 6 }),
        (segments) => {
          let encoded: string;
          try {
            encoded = encodePath(segments);
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            expect(
              segments.some((part) => part === '.' || part === '..' || /[/\\\p{C}\p{Zl}\p{Zp}]/u.test(part)),
            ).toBe(true);
            return;
          }
          expect(encoded.split('/').map(decodeURIComponent)).toEqual(segments);
          // What node-vault and a URL parser would change is not there.
          expect(encoded).toMatch(/^[\w.~!*'()%/-]+$/);
          expect(new URL(`http://x/v1/${encoded}?y`).pathname).toBe(`/v1/${encoded}`);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([[['a', '', 'b']], [['..']], [['.']], [['a/b']], [['a\\b']], [['a\n']]])(
    'refuses %j',
    (segments) => {
      expect(() => encodePath(segments)).toThrow(TypeError);
    },
  );
});
