import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPseudonym, pseudonymFrom } from '../../src/personal/pseudonym.ts';
import { SubjectKey } from '../../src/personal/subject-key.ts';

const keyOf = (name: string): SubjectKey =>
  new SubjectKey({
    pseudonym: pseudonymFrom(randomBytes(16)),
    name,
    key: randomBytes(32),
    since: 0,
    random: randomBytes,
  });

const PLACE = { record: 'r1', member: 'sealed' };

test('any text comes back as it was, and the same text looks different each time', () => {
  const key = keyOf('ann');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seal = key.seal(text, PLACE);
      expect(key.open(JSON.parse(JSON.stringify(seal)) as typeof seal, PLACE)).toBe(text);
      expect(key.seal(text, PLACE).data).not.toBe(seal.data);
    }),
  );
});

test('a seal opens in its place and with its key alone', () => {
  const key = keyOf('ann');
  const seal = key.seal('text', PLACE);
  expect(seal).toMatchObject({ v: 1, key: key.pseudonym });
  expect(key.open(seal, { ...PLACE, record: 'r2' })).toBeUndefined();
  expect(key.open(seal, { ...PLACE, member: 'other' })).toBeUndefined();
  expect(keyOf('ann').open(seal, PLACE)).toBeUndefined();
});

test('a seal with any bit changed does not open, and neither does anything else', () => {
  const key = keyOf('ann');
  const seal = key.seal('text', PLACE);
  const data = Buffer.from(seal.data, 'base64url');
  for (let bit = 0; bit < data.length * 8; bit += 1) {
    const changed = Buffer.from(data);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(key.open({ ...seal, data: changed.toString('base64url') }, PLACE)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), fc.string(), (nonce, other) => {
      expect(key.open({ ...seal, nonce, data: other }, PLACE)).toBeUndefined();
    }),
  );
});

test('digests are the same for one person, and different for another', () => {
  const key = keyOf('ann');
  expect(key.digest('text')).toEqual(key.digest('text'));
  expect(key.digest('text').sha256).not.toBe(keyOf('ann').digest('text').sha256);
  expect(key.digest('ä').bytes).toBe(2);
});

test('a pseudonym is RFC 4648 base32 of its bytes', () => {
  // https://www.rfc-editor.org/rfc/rfc4648#section-10
  expect(pseudonymFrom(Buffer.from('fooba'))).toBe('subject:mzxw6ytb');
  expect(pseudonymFrom(Buffer.from('foob'))).toBe('subject:mzxw6yq');
  expect(isPseudonym(pseudonymFrom(randomBytes(16)))).toBe(true);
  expect(isPseudonym('subject:alice')).toBe(false);
});

test('whoever has the data key opens seals and makes digests as PERSONAL.md says', () => {
  const data = randomBytes(32);
  const key = new SubjectKey({
    pseudonym: 'subject:x',
    name: 'ann',
    key: data,
    since: 0,
    random: randomBytes,
  });
  const expanded = (purpose: string): Buffer =>
    createHmac('sha256', data).update(`sallyport/v1 subject keys ${purpose}\u0001`).digest();
  const seal = key.seal('text', PLACE);
  const bytes = Buffer.from(seal.data, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', expanded('seal'), Buffer.from(seal.nonce, 'base64url'));
  decipher.setAAD(Buffer.from('["sallyport/v1 seal","r1","sealed"]'));
  decipher.setAuthTag(bytes.subarray(-16));
  expect(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('text');
  expect(key.digest('text').sha256).toBe(
    createHmac('sha256', expanded('digest')).update('text').digest('hex'),
  );
});
