import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeys, signersOf, verifierKeys } from '../../src/audit/verifier-keys.ts';
import { newSigner } from './journal-bench.ts';

const { signer, publicPem } = newSigner('example.com/audit');
const other = newSigner('example.com/other').signer;

describe('a key that is given', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function file(text: string): string {
    const path = join(folder, 'key');
    writeFileSync(path, text);
    return path;
  }

  function keysFrom(given: string, names = ['example.com/audit']): readonly string[] {
    return verifierKeys(readKeys([given]), names);
  }

  test('may be a verifier key, or a file with some, one a line', () => {
    expect(keysFrom(signer.verifierKey)).toEqual([signer.verifierKey]);
    const lines = `# ours\n${signer.verifierKey}\r\n\n  ${other.verifierKey}\n`;
    expect(keysFrom(file(lines))).toEqual([signer.verifierKey, other.verifierKey]);
  });

  test('may be a public key as PEM, JWK or JWKS, which gets the names that signed', () => {
    const jwk = createPublicKey(publicPem).export({ format: 'jwk' });
    for (const text of [publicPem, JSON.stringify(jwk), JSON.stringify({ keys: [jwk] })]) {
      expect(keysFrom(text)).toEqual([signer.verifierKey]);
      expect(keysFrom(file(text))).toEqual([signer.verifierKey]);
    }
    expect(keysFrom(file(publicPem + newSigner().publicPem))).toHaveLength(2);
    expect(keysFrom(publicPem, ['a', 'b', 'a'])).toHaveLength(2);
  });

  test('that is private is refused, and not shown', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const jwk = JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' }));
    for (const text of [pem, jwk]) {
      const path = file(text);
      expect(() => readKeys([path])).toThrow('is a private key, which nobody needs to check anything');
      expect(() => readKeys([text])).toThrow(/^the key is a private key/);
    }
  });

  test.each([
    ['nothing', '', 'is no key'],
    ['some text', 'hello\n', 'is no key'],
    ['a verifier key with a typo', signer.verifierKey.replace('+', '+0'), 'is no key'],
    ['broken JSON', '{"kty":', 'neither a key nor JSON'],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }),
      'Ed25519',
    ],
    ['a list of nothing', '{"keys":[null]}', 'Ed25519'],
  ])('in a file with %s is refused, and it is said what is taken', (_, text, message) => {
    const path = file(String(text));
    expect(() => keysFrom(path)).toThrow(message);
  });

  test('that is no file and no key is refused, and not shown', () => {
    expect(() => readKeys(['s3cret'])).toThrow('--key is neither a verifier key (name+id+key) nor a file');
    expect(() => readKeys(['s3cret'])).not.toThrow('s3cret');
    expect(() => readKeys([folder])).toThrow('is a folder');
  });
});

test('a note tells who says to have signed it', () => {
  expect(signersOf('origin\n1\nabc\n\n— example.com/a AAAA\n— b BBBB\n')).toEqual(['example.com/a', 'b']);
  expect(signersOf('origin\n1\nabc\n')).toEqual([]);
});
