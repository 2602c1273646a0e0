import { RevealedSecrets, Secret } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('RevealedSecrets', () => {
  it('hears of a value when it is revealed, and not before', () => {
    const revealed = new RevealedSecrets();
    const secret = new Secret('correct horse', revealed);
    expect(revealed.occursIn('a correct horse')).toBe(false);
    secret.reveal();
    expect(revealed.conceal('a correct horse, a battery')).toBe('a [secret], a battery');
  });

  const VALUE = 'p4ss"wörd/+\\\n%x';
  it.each([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify({ key: VALUE })],
    ['in a URL', `https://example.org/?q=${encodeURIComponent(VALUE)}&r=1`],
    ['in base64', Buffer.from(VALUE).toString('base64')],
    ['in basic authentication', Buffer.from(`ann:${VALUE}`).toString('base64')],
    ['one byte further', Buffer.from(`x${VALUE}yz`).toString('base64')],
    ['in base64url', Buffer.from(`xx${VALUE}`).toString('base64url')],
  ])('finds a value %s', (_, text) => {
    const revealed = new RevealedSecrets();
    revealed.add(VALUE);
    expect(revealed.occursIn(text)).toBe(true);
    const shown = revealed.conceal(text);
    expect(shown).toContain('[secret]');
    expect(revealed.occursIn(shown)).toBe(false);
  });

  it('keeps JSON valid', () => {
    const revealed = new RevealedSecrets();
    revealed.add(VALUE);
    expect(JSON.parse(revealed.conceal(JSON.stringify({ a: VALUE, b: [VALUE, 1] })))).toEqual({
      a: '[secret]',
      b: ['[secret]', 1],
    });
  });

  it('finds one line of a value that has several, and one member of a value that is JSON', () => {
    const revealed = new RevealedSecrets();
    revealed.add('-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n');
    revealed.add('{"user":"ann","password":"correct horse"}');
    expect(revealed.conceal('got MIIEvQIBADANBg and correct horse of ann')).toBe(
      'got [secret] and [secret] of ann',
    );
  });

  it('leaves nothing of two values that overlap', () => {
    const revealed = new RevealedSecrets();
    revealed.add('abcdef');
    revealed.add('defghi');
    expect(revealed.conceal('-abcdefghi-')).toBe('-[secret]-');
    expect(revealed.conceal('abcdefabcdef')).toBe('[secret]');
  });

  it('does not remember what is too short to be told from ordinary text', () => {
    const revealed = new RevealedSecrets();
    revealed.add('abc');
    expect(revealed.conceal('abc')).toBe('abc');
    expect(revealed.size).toBe(0);
  });

  it('forgets the value that was revealed longest ago when it is full', () => {
    const revealed = new RevealedSecrets(2);
    for (const value of ['first', 'second', 'first', 'third']) revealed.add(value);
    expect(revealed.conceal('first second third')).toBe('[secret] second [secret]');
  });

  it('never leaves a value in a text, whatever the values and the text are', () => {
    const values = fc.array(fc.string({ minLength: 4, maxLength: 12, unit: 'binary' }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        values,
        fc.array(fc.oneof(fc.nat({ max: 4 }), fc.string({ maxLength: 3 }))),
        (known, parts) => {
          const revealed = new RevealedSecrets();
          for (const value of known) revealed.add(value);
          const text = parts.map((part) => (typeof part === 'number' ? (known[part] ?? '') : part)).join('');
          const shown = revealed.conceal(text);
          for (const piece of shown.split('[secret]')) {
            for (const value of known) expect(piece.includes(value)).toBe(false);
          }
          if (!known.some((value) => text.includes(value))) return;
          expect(shown).toContain('[secret]');
        },
      ),
    );
  });
});
