import { describe, expect, it } from 'vitest';
import { envProvider, literalProvider, parseReference } from '../src/index.ts';
import { secretProviderContract } from './support/contract.ts';
import { failure } from './support/secrets-rig.ts';

secretProviderContract('envProvider', async () => {
  const env: Record<string, string> = {};
  return {
    provider: envProvider({ env }),
    async put(name, value) {
      env[name.toUpperCase()] = value;
      return `env:${name.toUpperCase()}`;
    },
    async remove(name) {
      delete env[name.toUpperCase()];
    },
    missing: 'env:NEVER_SET',
    takesTooLarge: true,
    takesEmpty: false,
    async close() {},
  };
});

const { signal } = new AbortController();

describe('envProvider', () => {
  it('reads the environment of the process, as it is at that moment', async () => {
    const provider = envProvider();
    const reference = parseReference('env:SALLYPORT_TEST_VARIABLE');
    try {
      process.env['SALLYPORT_TEST_VARIABLE'] = 'first';
      expect((await provider.resolve(reference, { signal })).value).toBe('first');
      process.env['SALLYPORT_TEST_VARIABLE'] = 'second';
      expect((await provider.resolve(reference, { signal })).value).toBe('second');
    } finally {
      delete process.env['SALLYPORT_TEST_VARIABLE'];
    }
  });

  it('takes an empty variable for none, so that the next of a list may have a value', async () => {
    const provider = envProvider({ env: { A: '' } });
    const error = await failure(provider.resolve(parseReference('env:A'), { signal }));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe('env:A: the environment variable is set, but to nothing; set it');
  });

  it.each(['toString', '__proto__', 'constructor'])(
    'takes nothing that every object has: %s',
    async (name) => {
      const provider = envProvider({ env: {} });
      expect((await failure(provider.resolve(parseReference(`env:${name}`), { signal }))).code).toBe(
        'not_found',
      );
    },
  );

  it.each(['env:A?version=2'])('refuses %s without looking', async (text) => {
    const provider = envProvider({ env: { A: 'x', 'A/B': 'x', 'A=B': 'x' } });
    const reference = parseReference(text);
    expect(provider.check?.(reference)).toContain('write it as env:API_KEY');
    expect((await failure(provider.resolve(reference, { signal }))).code).toBe('invalid_reference');
  });
});

describe('literalProvider', () => {
  it.each(['anonymous', 'a:b?c#d', '%41', ' x ', '../..'])('gives %j as it stands', async (text) => {
    const reference = parseReference(`literal:${text}`);
    expect(await literalProvider().resolve(reference, { signal })).toEqual({ value: text });
  });

  it('refuses an empty one, and shows none in an error', async () => {
    const provider = literalProvider();
    expect(provider.check?.(parseReference('literal:'))).toContain('is empty');
    await provider.close();
    const error = await failure(provider.resolve(parseReference('literal:hunter2'), { signal }));
    expect([error.code, error.message]).toEqual(['closed', 'literal:...: the provider was closed']);
  });
});
