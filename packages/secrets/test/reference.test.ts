import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  looksLikeReference,
  parseReference,
  SCHEMES,
  SecretError,
  type SecretReference,
} from '../src/index.ts';

function refusal(text: string): SecretError {
  let error: unknown;
  try {
    parseReference(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(SecretError);
  expect((error as SecretError).code).toBe('invalid_reference');
  return error as SecretError;
}

/** What a text comes to: undefined when it is refused with a SecretError. */
function parsed(text: string): SecretReference | undefined {
  try {
    return parseReference(text);
  } catch (thrown) {
    if (thrown instanceof SecretError && thrown.code === 'invalid_reference') return undefined;
    throw thrown;
  }
}

const SLASHED = [
  'file:///',
  'vault://',
  'vault+payments://',
  'vault-lease://',
  'awssm://',
  'azkv://',
  'gcpsm://',
];

describe('parseReference', () => {
  it.each([
    ['env:API_KEY', { scheme: 'env', path: 'API_KEY' }],
    ['file:///run/secrets/api-key', { scheme: 'file', path: '/run/secrets/api-key' }],
    ['file:///etc/app.json#db', { scheme: 'file', path: '/etc/app.json', field: 'db' }],
    ['systemd:api-key', { scheme: 'systemd', path: 'api-key' }],
    ['vault://kv/app#api_key', { scheme: 'vault', path: 'kv/app', field: 'api_key' }],
    ['vault+eu-1://kv/app', { scheme: 'vault', alias: 'eu-1', path: 'kv/app' }],
    ['vault://kv/a%20b?version=3#x%20y', { path: 'kv/a b', version: '3', field: 'x y' }],
    ['awssm://prod/app?version=AWSPREVIOUS&encoding=base64', { version: 'AWSPREVIOUS', encoding: 'base64' }],
    ['vault-transit://transit/key#vault:v1:a+b/c==', { path: 'transit/key', field: 'vault:v1:a+b/c==' }],
    ['vault://kv/a#b#c', { path: 'kv/a', field: 'b#c' }],
    ['vault://kv/100%25', { path: 'kv/100%' }],
    ['literal:a:b?c#d%41\n', { scheme: 'literal', path: 'a:b?c#d%41\n', text: 'literal:...' }],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text)).toMatchObject({ text, encoding: 'utf8', ...expected });
  });

  it.each([
    ['hunter2', 'write one such as env:API_KEY'],
    ['', 'write one such as env:API_KEY'],
    ['vualt://kv/app', 'there are env, literal'],
    ['constructor:x', 'there are env, literal'],
    ['literal+x:hunter2', 'write it as literal:'],
    ['literal+x', 'write one such as env:API_KEY'],
    ['env://A', 'write it as env:A'],
    ['vault:kv/app', 'write it as vault://kv/app'],
    ['vault:///kv/app', 'write two'],
    ['file://run/secrets/a', 'needs the absolute path of the file'],
    ['vault://', 'names nothing'],
    ['env:', 'names nothing'],
    ['vault://kv/app#', 'names no field after "#"'],
    ['vault://kv//app', 'has an empty segment'],
    ['vault://kv/app/', 'has an empty segment'],
    ['vault://kv/100%', 'write %25'],
    ['vault://kv/%c0%ae%c0%ae', 'write %25'],
    ['vault://kv/app?version=1&version=2', 'says the same twice'],
    ['vault://kv/app?version=1=2', 'may have ?version=... and ?encoding=base64'],
    ['vault://kv/app?version=', 'may have ?version=...'],
    ['vault://kv/app?version=a/b', 'may have ?version=...'],
    ['vault://kv/app?address=http://evil', 'may have ?version=...'],
    ['vault://kv/app?', 'may have ?version=...'],
    ['vault://admin:hunter2@vault.example/kv/app', 'has an address or a login in it'],
    [`vault://kv/${'a'.repeat(2048)}`, 'is longer than 2048'],
    [`literal:${'a'.repeat(2048)}`, 'is longer than 2048'],
  ])('refuses %s, saying what to write', (text, why) => {
    expect(refusal(text).message).toContain(why);
  });

  const CLIMBS = [
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '%252e%252e',
    '%25252e',
    '..%2f..',
    '%2f',
    '%5c',
    '..%5c',
    '..\\',
    '\\',
  ];
  it.each(SLASHED.flatMap((start) => CLIMBS.map((climb) => [start, climb] as const)))(
    'never climbs: %sa/%s/b',
    (start, climb) => {
      for (const text of [
        `${start}a/${climb}/b`,
        `${start}${climb}/b`,
        `${start}a/${climb}`,
        `${start}${climb}`,
      ]) {
        refusal(text);
      }
    },
  );

  const UNSEEN = [
    '\0',
    '\r\n',
    '\n',
    '\t',
    '\x7f',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\u2028',
    '\ud800',
    '\u0085',
  ];
  it.each(UNSEEN.map((text) => [JSON.stringify(text), text] as const))(
    'takes no control, invisible or broken character: %s',
    (_, unseen) => {
      for (const start of [...SLASHED, 'env:', 'systemd:']) {
        refusal(`${start}a${unseen}`);
        refusal(`${start}${unseen}a`);
        refusal(`${start}a#b${unseen}`);
        refusal(`${start}a?version=1${unseen}`);
        // A half pair has no percent encoding.
        if (unseen !== '\ud800') refusal(`${start}a${encodeURIComponent(unseen)}b`);
      }
    },
  );

  it('never throws anything but a SecretError, whatever the text', () => {
    const scheme = fc.constantFrom(...SCHEMES, 'vault+a', 'x', '');
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('/', '..', '%', '%2e', '%25', '#', '?', '&', '=', 'version=1', '@', ':', '\\', '\0'),
    );
    const shaped = fc
      .tuple(scheme, fc.constantFrom(':', '://', ':///', ''), fc.array(piece, { maxLength: 12 }))
      .map(([scheme, separator, pieces]) => scheme + separator + pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped), (text) => {
        parsed(text);
        looksLikeReference(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives only paths that no second reading would change, and no way up', () => {
    const piece = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.string({ unit: fc.constantFrom(...'abc-_. @:+~é'), minLength: 1, maxLength: 6 }),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('%2e', '%2f', '%25', '%41', '..', '%5C', '%00', '%0d%0a', '%'),
      },
    );
    const segment = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
    const reference = fc
      .tuple(fc.constantFrom(...SLASHED), fc.array(segment, { minLength: 1, maxLength: 5 }))
      .map(([start, segments]) => start + segments.join('/'));
    let taken = 0;
    fc.assert(
      fc.property(reference, (text) => {
        const result = parsed(text);
        if (result === undefined) return;
        taken += 1;
        const { path, scheme } = result;
        expect(path.startsWith('/')).toBe(scheme === 'file');
        const segments = path.slice(scheme === 'file' ? 1 : 0).split('/');
        for (const segment of segments) expect(['', '.', '..']).not.toContain(segment);
        expect(path).not.toMatch(/[\\\p{Cc}\p{Cf}]|%[0-9a-f]{2}/iu);
        expect(new URL(encodeURI(`http://host/${segments.join('/')}`)).pathname.split('/').length).toBe(
          segments.length + 1,
        );
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('reads what it gave once more to the same, when it is encoded again', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
      .filter((text) => !/[\\/\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|%[0-9a-f]{2}|^\.{1,2}$/iu.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), segment, (segments, field) => {
        const text = `vault://${segments.map(encodeURIComponent).join('/')}#${encodeURIComponent(field)}`;
        expect(parseReference(text)).toMatchObject({ path: segments.join('/'), field });
      }),
    );
  });

  it('shows nothing of a text that is no reference: it may be a secret in the wrong place', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{6,40}$/);
    const wrapped = fc.tuple(
      secret,
      fc.constantFrom(
        (value: string) => value,
        (value: string) => `${value}:x`,
        (value: string) => `${value.toLowerCase()}:`,
        (value: string) => `x${value}://${value}`,
        (value: string) => `https://user:${value}@host/`,
        (value: string) => `postgres://${value}`,
        (value: string) => `\n${value}`,
        (value: string) => `{"a":"${value}"}`,
        (value: string) => `vault://user:${value}@host/kv`,
        (value: string) => `vault://kv/app?token=${value}`,
        (value: string) => `vault+${value}/://kv`,
        (value: string) => `env:A\n${value}`,
        (value: string) => `literal:${value}${'x'.repeat(2048)}`,
        (value: string) => `literal+x:${value}`,
        (value: string) => `literal+${value}:x`,
        (value: string) => `env:${value}${'x'.repeat(200)}%`,
      ),
    );
    fc.assert(
      fc.property(wrapped, ([value, wrap]) => {
        const text = wrap(value);
        if (parsed(text) !== undefined) return;
        const { message, reference } = refusal(text);
        // A text such as "provider" would be in the message anyway.
        const words = refusal('x').message + refusal('x:y').message;
        if (words.toLowerCase().includes(value.toLowerCase())) return;
        expect(message.toLowerCase()).not.toContain(value.toLowerCase());
        expect(reference.toLowerCase()).not.toContain(value.toLowerCase());
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('looksLikeReference', () => {
  it.each([
    ['env:A', true],
    ['vault+payments://kv', true],
    ['vault', false],
    ['https://example.com', false],
    ['toString:x', false],
    ['ENV:A', false],
    [' env:A', false],
  ])('of %s is %s', (text, looks) => {
    expect(looksLikeReference(text)).toBe(looks);
  });
});
