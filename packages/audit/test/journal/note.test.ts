import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointText, parseCheckpoint } from '../../src/journal/checkpoint.ts';
import { openNote, parseVerifierKey, signNote, verifierKeyOf } from '../../src/journal/note.ts';
import {
  developmentSigner,
  DEVELOPMENT_KEY,
  signerFromSecret,
  verifierKeyFrom,
} from '../../src/journal/signer.ts';
import { newPem, newSigner } from './support.ts';

/** The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note. */
const VECTOR_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const VECTOR_SEED = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const VECTOR_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const VECTOR_NOTE = `${VECTOR_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe('a signed note', () => {
  it('of the reference opens with its key, and ours of the same text and key is the same', async () => {
    expect(openNote(VECTOR_NOTE, [parseVerifierKey(VECTOR_KEY)])).toEqual({
      status: 'ok',
      text: VECTOR_TEXT,
      key: 'PeterNeumann+c74f20a3',
    });
    const seed = Buffer.from(VECTOR_SEED, 'base64').subarray(1);
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    });
    expect(verifierKeyOf('PeterNeumann', createPublicKey(key))).toBe(VECTOR_KEY);
    const signer = {
      name: 'PeterNeumann',
      verifierKey: VECTOR_KEY,
      sign: (bytes: Uint8Array) => sign(null, bytes, key),
    };
    expect(await signNote(VECTOR_TEXT, signer)).toBe(VECTOR_NOTE);
  });

  it('with any bit changed is not accepted, whatever the bit', async () => {
    const signer = newSigner();
    const keys = [parseVerifierKey(signer.verifierKey)];
    const note = Buffer.from(await signNote('origin\n12\nAAAA\n', signer));
    expect(openNote(note.toString(), keys).status).toBe('ok');
    for (let bit = 0; bit < note.length * 8; bit += 1) {
      const changed = Buffer.from(note);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openNote(changed.toString(), keys).status).not.toBe('ok');
    }
  });

  it('is not accepted without a key that signed it, and never throws', () => {
    expect(openNote(VECTOR_NOTE, [])).toEqual({ status: 'unknown_key' });
    expect(openNote(VECTOR_NOTE, [parseVerifierKey(newSigner().verifierKey)])).toEqual({
      status: 'unknown_key',
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openNote(text, [parseVerifierKey(VECTOR_KEY)]).status).not.toBe('ok');
      }),
    );
  });

  it('may carry signatures of others beside one that is known', async () => {
    const witness = await signNote(VECTOR_TEXT, newSigner('witness.example'));
    const line = witness.slice(witness.lastIndexOf('\n\n') + 2);
    const opened = openNote(VECTOR_NOTE + line, [parseVerifierKey(VECTOR_KEY)]);
    expect(opened.status).toBe('ok');
  });
});

describe('a key', () => {
  it('is the same as PEM, as JWK and as a secret', () => {
    const pem = newPem();
    const key = createPublicKey(pem);
    const signer = signerFromSecret('a.example/log', new Secret(pem));
    expect(verifierKeyFrom('a.example/log', key.export({ format: 'pem', type: 'spki' }).toString())).toBe(
      signer.verifierKey,
    );
    expect(verifierKeyFrom('a.example/log', key.export({ format: 'jwk' }))).toBe(signer.verifierKey);
    const jwk = new Secret(JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' })));
    expect(signerFromSecret('a.example/log', jwk).verifierKey).toBe(signer.verifierKey);
  });

  it('that is none is refused without being shown', () => {
    const rsa = 'BEGIN of something private';
    expect(() => signerFromSecret('a', new Secret(rsa))).toThrow(/openssl genpkey -algorithm ed25519/);
    expect(() => signerFromSecret('a', new Secret(rsa))).not.toThrow(/private/);
    expect(() => signerFromSecret('with space', new Secret(newPem()))).toThrow(/neither spaces nor a plus/);
    expect(() => verifierKeyFrom('a', 'nothing')).toThrow(/PEM or as JWK/);
    for (const text of ['', 'a+b', VECTOR_KEY.replace('c74f', 'c74e'), VECTOR_KEY.slice(0, -4)])
      expect(() => parseVerifierKey(text)).toThrow(/name\+id\+key/);
  });

  it('for development is made once, kept for its owner, and loud each time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'));
    const file = join(folder, 'sub', 'development-key.pem');
    const warnings: string[] = [];
    const first = await developmentSigner(file, (warning) => warnings.push(warning));
    const second = await developmentSigner(file, (warning) => warnings.push(warning));
    expect(second.verifierKey).toBe(first.verifierKey);
    expect(first.name).toBe(DEVELOPMENT_KEY);
    expect(warnings).toEqual([
      expect.stringContaining('proves nothing'),
      expect.stringContaining('proves nothing'),
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('PRIVATE KEY');
    rmSync(folder, { recursive: true });
  });
});

describe('a checkpoint', () => {
  it('is read as it is written', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const read = parseCheckpoint(text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(read && checkpointText(read)).toBe(text);
  });

  it('with a second way to write the same number or root is none', () => {
    for (const text of [
      '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
      'o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
      'o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n',
      'o\n1\nCsUYapGGPo4dkMgI\n',
      'o\n',
    ])
      expect(parseCheckpoint(text)).toBeUndefined();
  });
});
