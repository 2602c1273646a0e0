import { crc32 as reference } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62 } from '../../src/checksums/base62.ts';
import { bech32Check, isBech32 } from '../../src/checksums/bech32.ts';
import { crc32 } from '../../src/checksums/crc32.ts';
import { crc16, isNkeySeed } from '../../src/checksums/nkey.ts';
import { isGithubToken, isGitlabRoutable, isGrafanaToken } from '../../src/checksums/tokens.ts';
import { expandExample, withCheck } from './expand-example.ts';

it('CRC-32 gives the published check value, and differs when one unit does', () => {
  expect(crc32('123456789')).toBe(0xcbf43926);
  expect(crc32('')).toBe(0);
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.nat(), (text, place) => {
      const at = place % text.length;
      const other = String.fromCharCode((text.charCodeAt(at) & 255) ^ 1);
      expect(crc32(text.slice(0, at) + other + text.slice(at + 1))).not.toBe(crc32(text));
    }),
  );
});

it.runIf(typeof reference === 'function')('CRC-32 is that of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(crc32(Buffer.from(bytes).toString('latin1'))).toBe(reference(bytes));
    }),
  );
});

it('CRC-16/XMODEM gives the published check value', () => {
  expect(crc16(Buffer.from('123456789'))).toBe(0x31c3);
});

it('base 62 counts digits, capitals and small letters, with zeros before', () => {
  expect([base62(0, 6), base62(61, 2), base62(62, 2), base62(2 ** 32 - 1, 6)]).toEqual([
    '000000',
    '0z',
    '10',
    '4gfFC3',
  ]);
});

it('Bech32 holds for the published strings, and for none with another last unit', () => {
  for (const valid of [
    'A12UEL5L',
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
  ])
    expect(isBech32(valid), valid).toBe(true);
  for (const wrong of ['A12UEL5Q', '1qzzfhee', 'abcdef1b', 'no-mark'])
    expect(isBech32(wrong), wrong).toBe(false);
  expect(bech32Check('split', 'checkupstagehandshakeupstreamerranterredcaperred')).toBe('2y9e3w');
});

describe.each<[string, string, string, (value: string) => boolean]>([
  ['a GitHub token', 'github-pat', 'ghp_[A-Za-z0-9]{36}', isGithubToken],
  ['an npm token', 'npm-token', 'npm_[A-Za-z0-9]{36}', isGithubToken],
  ['a Grafana token', 'grafana-service-account-token', 'glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}', isGrafanaToken],
  ['a GitLab token', 'gitlab-pat-routable', 'glpat-[A-Za-z0-9_-]{27}\\.01\\.[a-z0-9]{9}', isGitlabRoutable],
  ['a NATS seed', 'nats-seed', 'SUA[A-Z2-7]{55}', isNkeySeed],
])('%s', (_, rule, shape, check) => {
  it('is right with its check, and wrong when one of its units is another', () => {
    const value = withCheck(rule, expandExample(`⟦‹${shape}›⟧`)).slice(1, -1);
    expect(check(value)).toBe(true);
    const at = 12;
    const other = value[at] === 'A' ? 'B' : 'A';
    expect(check(value.slice(0, at) + other + value.slice(at + 1))).toBe(false);
  });
});
