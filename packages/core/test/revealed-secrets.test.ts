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

  it.each([
    ['JSON as Go writes it', 'p&ss<w>rd-9', String.raw`p\u0026ss\u003cw\u003erd-9`],
    ['JSON as Python writes it', 'pässword-漢𝄞', String.raw`p\u00e4ssword-\u6f22\ud834\udd1e`],
    ['JSON as PHP writes it', 'abc/dëf', String.raw`abc\/d\u00ebf`],
    ['JSON as PHP writes it with its unescaped letters', 'abc/dëf', String.raw`abc\/dëf`],
    ['JSON as .NET writes it', `a"b'c+dë`, String.raw`a\u0022b\u0027c\u002Bd\u00EB`],
    ['JSON in JSON', 'a"b\\c', JSON.stringify(JSON.stringify('a"b\\c')).slice(3, -3)],
    ['a URL where slashes stay', 'abc/def+ghi', 'abc/def%2Bghi'],
    ['a URL in lower case', 'abc/def+ghi=jkl', 'abc%2fdef%2bghi%3djkl'],
    ['a URL by RFC 3986', "pass'word!(1)*x", 'pass%27word%21%281%29%2Ax'],
    ['a URL that knows no tilde', 'tok~en value', 'tok%7Een%20value'],
    ['a form', 'correct horse/~*', new URLSearchParams({ k: 'correct horse/~*' }).toString().slice(2)],
    ['a form as Python writes it', 'correct horse/~*', 'correct+horse%2F~%2A'],
    ['a form as PHP writes it', 'correct horse/~*', 'correct+horse%2F%7E%2A'],
    ['no white space around it', ' padded-secret\n', 'padded-secret'],
    ['base64 without the white space', 'padded-secret\n', Buffer.from('padded-secret').toString('base64')],
  ])('finds a value in %s', (_, value, written) => {
    const revealed = new RevealedSecrets();
    revealed.add(value);
    const shown = revealed.conceal(`<${written}>`);
    // What the bytes after it decide too, the last of base64, may stay.
    expect(shown).toMatch(/^<\[secret\].{0,3}>$/);
    expect(revealed.conceal(`<${written.slice(0, 4)}${written.slice(5)}>`)).not.toContain('[secret]');
  });

  it('finds a short line of a value that has several, but no line that is only punctuation', () => {
    const revealed = new RevealedSecrets();
    revealed.add('-----BEGIN KEY-----\r\nMIIEvQIBADANBg\r\nAb3=\r\n-----END KEY-----\r\n');
    revealed.add('hosts:\n  {{{{\n  }}}},\n  hunter22\n');
    expect(revealed.conceal('MIIEvQIBADANBg\nAb3=\n')).toBe('[secret]\n[secret]\n');
    expect(revealed.conceal('hosts: {{{{ }}}}, hunter22')).toBe('hosts: {{{{ }}}}, [secret]');
  });

  it('finds a line of a text that is a member of JSON, and no short line of the JSON itself', () => {
    const revealed = new RevealedSecrets();
    revealed.add(JSON.stringify({ i: 1, key: 'BEGIN\nMIIEvQIBADANBg\nAb3=\nEND' }, undefined, 1));
    expect(revealed.conceal('MIIEvQIBADANBg Ab3= "i": 1,')).toBe('[secret] [secret] "i": 1,');
  });

  it('takes the longer of two values that begin alike', () => {
    for (const values of [
      ['password', 'password123456'],
      ['password123456', 'password'],
    ]) {
      const revealed = new RevealedSecrets();
      for (const value of values) revealed.add(value);
      expect(revealed.conceal('password123456 password12345')).toBe('[secret] [secret]12345');
    }
  });

  it('finds a value of any length, in every encoding, and no text that differs from it in one place', () => {
    const value = digits(300_000);
    const revealed = new RevealedSecrets();
    revealed.add(value);
    expect(revealed.conceal(`<${value}>`)).toBe('<[secret]>');
    expect(revealed.conceal(Buffer.from(value).toString('base64'))).toBe('[secret]');
    const short = digits(500);
    const other = new RevealedSecrets();
    other.add(short);
    for (const place of [0, 3, 4, 20, 250, 499]) {
      const near = `${short.slice(0, place)}#${short.slice(place + 1)}`;
      expect(other.occursIn(near)).toBe(false);
    }
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

  it('forgets no form that another value still has', () => {
    const revealed = new RevealedSecrets(2);
    for (const value of ['one\nshared-line', 'two\nshared-line', 'shared']) revealed.add(value);
    expect(revealed.conceal('shared-line')).toBe('[secret]');
    revealed.add('another');
    expect(revealed.conceal('shared-line one two another')).toBe('[secret]-line one two [secret]');
  });

  it('forgets the oldest values when all of them together are too long', () => {
    const revealed = new RevealedSecrets();
    revealed.add('the oldest of all');
    for (let index = 0; index < 40; index += 1) revealed.add(digits(800_000, index));
    expect(revealed.size).toBeLessThan(40);
    expect(revealed.occursIn('the oldest of all')).toBe(false);
    expect(revealed.conceal(digits(800_000, 39))).toBe('[secret]');
  });

  it('remembers and forgets like one that never knew what it forgot', () => {
    const value = fc.string({ minLength: 4, maxLength: 9, unit: fc.constantFrom('a', 'b', '\n') });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (values, capacity) => {
        const revealed = new RevealedSecrets(capacity);
        for (const one of values) revealed.add(one);
        const kept = [...new Set(values.toReversed())].slice(0, capacity).toReversed();
        const fresh = new RevealedSecrets();
        for (const one of kept) fresh.add(one);
        expect(revealed.size).toBe(kept.length);
        for (const text of [...values, values.join('')]) {
          expect(revealed.conceal(text)).toBe(fresh.conceal(text));
        }
      }),
    );
  });

  const TOKENS = Array.from({ length: 4096 }, (_, index) => `eyJhbGciOiJSUzI1NiJ9.${digits(40, index)}`);
  it.each([
    ['no text', [digits(1000)], 'plain words, as they come; '],
    ['lines that begin alike', [numbered(64_000).join('\n')], 'user-9999999 user-0000 '],
    ['tokens that begin alike', TOKENS, 'eyJhbGciOiJSUzI1NiJ9.000 eyJhbGciOiJSUzI1NiJ8'],
    ['a value that is one letter', ['a'.repeat(1_000_000)], 'a'.repeat(511)],
    ['a text that is one letter', ['a'.repeat(1_000_000)], 'a'],
    ['a text that nearly is a value', [`${'ab'.repeat(250)}c`], 'ab'],
    ['the beginnings of a value', [digits(500)], digits(499)],
  ])('reads no character of a text often, however near it comes to a value: %s', (_, values, near) => {
    const revealed = new RevealedSecrets();
    for (const value of values) revealed.add(value);
    const text = near.repeat(Math.ceil(65_536 / near.length));
    expect(charactersRead(() => revealed.conceal(text)) / text.length).toBeLessThan(45);
  });

  it('rather conceals too much than to read it often where hundreds of values contain each other', () => {
    const revealed = new RevealedSecrets();
    for (let length = 4; length < 600; length += 1) revealed.add(`${'a'.repeat(length)}b`);
    const text = 'a'.repeat(20_000);
    expect(charactersRead(() => revealed.conceal(text)) / text.length).toBeLessThan(150);
    expect(charactersRead(() => revealed.heldFrom(text))).toBeLessThan(150 * 512);
    expect(revealed.conceal(`${'a'.repeat(599)}b`)).toBe('[secret]');
    expect(revealed.conceal(`${'a'.repeat(50)}b ${'a'.repeat(50)}c`)).toBe(`[secret] ${'a'.repeat(50)}c`);
  });

  it('takes as little to remember a value when it knows thousands that begin alike', () => {
    const revealed = new RevealedSecrets();
    const costs = [...TOKENS, ...TOKENS.map((token) => `${token}x`)].map((token) =>
      charactersRead(() => revealed.add(token)),
    );
    expect(revealed.size).toBe(4096);
    expect(Math.max(...costs.slice(4096))).toBeLessThan(3 * (costs[100] ?? 0) + 1000);
    expect(charactersRead(() => revealed.add(`${TOKENS[7]}x`))).toBe(0);
  });

  it('tells where a text may end within a value', () => {
    const revealed = new RevealedSecrets();
    revealed.add('abcdef');
    revealed.add(digits(5000));
    expect(revealed.heldFrom('xxabc')).toBe(2);
    expect(revealed.heldFrom('xxabcdef')).toBe(8);
    expect(revealed.heldFrom('xxabca')).toBe(5);
    expect(revealed.heldFrom('xxabc#')).toBe(6);
    expect(revealed.heldFrom(`x${digits(300)}`)).toBe(1);
    expect(new RevealedSecrets().heldFrom('abc')).toBe(3);
  });

  it('tells where values are', () => {
    const revealed = new RevealedSecrets();
    for (const value of ['abcdef', 'defghi', 'xyzxyz']) revealed.add(value);
    expect(revealed.places('-abcdefghi-xyzxyzxyzxyz')).toEqual([
      { start: 1, end: 10 },
      { start: 11, end: 23 },
    ]);
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

/** Digits in no order, and others for each seed. */
function digits(length: number, seed = 0): string {
  let state = seed + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString().padStart(10, '0').slice(0, 8);
  }
  return text.slice(0, length);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `user-${String(index).padStart(7, '0')}`);
}

/** How many characters are looked at, one by one, while something is done. */
function charactersRead(work: () => void): number {
  // oxlint-disable-next-line typescript/unbound-method
  const { charCodeAt } = String.prototype;
  let count = 0;
  // oxlint-disable-next-line no-extend-native
  String.prototype.charCodeAt = function counted(at) {
    count += 1;
    return charCodeAt.call(this, at);
  };
  try {
    work();
  } finally {
    // oxlint-disable-next-line no-extend-native
    String.prototype.charCodeAt = charCodeAt;
  }
  return count;
}
