import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { keystoreProvider, type KeystoreProviderOptions } from '../../src/keystore/keystore-provider.ts';
import { keystoreReference } from '../../src/keystore/keystore-reference.ts';
import { parseReference } from '../../src/reference.ts';
import { SecretError } from '../../src/secret-error.ts';
import type { Resolved, SecretProvider } from '../../src/secret-provider.ts';
import { secretProviderContract } from '../support/contract.ts';
import { codeOf, failureOf, KeystoreFolder, PASSPHRASE } from './keystore-rig.ts';

secretProviderContract('the keystore', async () => {
  const folder = new KeystoreFolder();
  const keystore = await folder.open();
  await keystore.set('something', '{"member":"x"}');
  let hangs = false;
  const store = async (name: string, value: string | Buffer): Promise<string> => {
    await keystore.set(name, value);
    return keystoreReference(name);
  };
  return {
    provider: keystoreProvider({
      file: folder.file,
      passphrase: () => (hangs ? new Promise<never>(() => undefined) : Promise.resolve(PASSPHRASE)),
      dangerouslyCheapForTests: true,
    }),
    put: store,
    putBytes: store,
    remove: (name) => keystore.remove(name),
    missing: 'keystore:never-there',
    missingField: () => Promise.resolve('keystore:something#other'),
    // Refused when they are stored.
    takesTooLarge: false,
    takesEmpty: false,
    hang: () => {
      hangs = true;
    },
    close: () => {
      folder.dispose();
      return Promise.resolve();
    },
  };
});

/** Time that passes when a test says so. */
class TestClock implements Clock {
  #now = 0;
  #waiting: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { at: this.#now + ms, action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { action } of due) action();
  }
}

describe('the keystore provider', () => {
  let rig: KeystoreFolder;
  let asked: number;
  let passphrase: Secret;
  let provider: SecretProvider | undefined;
  beforeEach(() => {
    rig = new KeystoreFolder();
    asked = 0;
    passphrase = PASSPHRASE;
  });
  afterEach(async () => {
    await provider?.close();
    rig.dispose();
  });

  function open(options: Partial<KeystoreProviderOptions> = {}): SecretProvider {
    provider = keystoreProvider({
      file: rig.file,
      passphrase: () => {
        asked += 1;
        return Promise.resolve(passphrase);
      },
      dangerouslyCheapForTests: true,
      ...options,
    });
    return provider;
  }

  const resolve = (from: SecretProvider, reference: string): Promise<Resolved> =>
    from.resolve(parseReference(reference), { signal: new AbortController().signal });

  it('gives the newest value and its version, or the version that is asked for', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    await keystore.set('api-key', 'two');
    const provider = open();
    expect(await resolve(provider, 'keystore:api-key')).toEqual({ value: 'two', version: '2' });
    expect(await resolve(provider, 'keystore:api-key?version=1')).toEqual({ value: 'one', version: '1' });
    const error = await failureOf(resolve(provider, 'keystore:api-key?version=7'));
    expect(error.code).toBe('not_found');
    expect(error.reference).toBe('keystore:api-key?version=7');
    expect(error.message).toBe(`keystore:api-key?version=7: ${rig.file} has only versions 2, 1 of it`);
  });

  it('asks whether another name was meant', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const error = await failureOf(resolve(open(), 'keystore:api-kye'));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe(`keystore:api-kye: is not in ${rig.file}; did you mean "api-key"?`);
  });

  it('refuses a version that can be none, without any I/O', async () => {
    const provider = open();
    for (const version of ['latest', '0', '01', '1.0', '-1']) {
      const reference = `keystore:api-key?version=${version}`;
      expect(provider.check?.(parseReference(reference))).toContain('sallyport secrets list');
      expect(await codeOf(resolve(provider, reference))).toBe('invalid_reference');
    }
    expect(provider.check?.(parseReference('keystore:api-key?version=12'))).toBeUndefined();
    expect(asked).toBe(0);
  });

  it('asks for the passphrase when it is first needed, and once', async () => {
    await (await rig.open()).set('api-key', 'one');
    const provider = open();
    expect(asked).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => resolve(provider, 'keystore:api-key')));
    await (await rig.open()).set('api-key', 'two');
    expect((await resolve(provider, 'keystore:api-key')).value).toBe('two');
    expect(asked).toBe(1);
  });

  it('says what to do without a file, and finds it once it is there', async () => {
    const provider = open();
    const error = await failureOf(resolve(provider, 'keystore:api-key'));
    expect(error.code).toBe('not_configured');
    expect(error.message).toMatch(/^keystore:api-key: .*sallyport secrets set api-key --keystore/);
    expect(asked).toBe(0);
    await (await rig.open()).set('api-key', 'one');
    expect((await resolve(provider, 'keystore:api-key')).value).toBe('one');
  });

  it('refuses everybody with a wrong passphrase, having asked once, and takes the right one later', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    passphrase = new Secret('incorrect horse battery');
    const provider = open();
    const errors = await Promise.all(
      ['keystore:api-key', 'keystore:other', 'keystore:api-key?version=1'].map(async (reference) => {
        const error = await failureOf(resolve(provider, reference));
        expect(error.message.startsWith(`${reference}: the passphrase does not open`)).toBe(true);
        expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/horse|hunter2/);
        return error.code;
      }),
    );
    expect(errors).toEqual(['denied', 'denied', 'denied']);
    expect(asked).toBe(1);
    passphrase = PASSPHRASE;
    expect((await resolve(provider, 'keystore:api-key')).value).toBe('hunter2');
  });

  it('asks again when the passphrase was changed under it', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    const provider = open();
    await resolve(provider, 'keystore:api-key');
    const next = new Secret('another long passphrase');
    await keystore.changePassphrase(next);
    expect(await codeOf(resolve(provider, 'keystore:api-key'))).toBe('denied');
    passphrase = next;
    const both = [resolve(provider, 'keystore:api-key'), resolve(provider, 'keystore:api-key')];
    expect((await Promise.all(both)).map(({ value }) => value)).toEqual(['hunter2', 'hunter2']);
  });

  it('keeps to itself what a failing source of the passphrase says', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const provider = open({ passphrase: () => Promise.reject(new Error('was hunter2?')) });
    const error = await failureOf(resolve(provider, 'keystore:api-key'));
    expect(error.code).toBe('not_configured');
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    const said = new SecretError('not_configured', 'keystore', 'set the variable');
    const other = open({ passphrase: () => Promise.reject(said) });
    expect((await failureOf(resolve(other, 'keystore:api-key'))).message).toBe(
      'keystore:api-key: set the variable',
    );
  });

  it('refuses options that cannot be', () => {
    expect(() => open({ file: '' })).toThrow('name the keystore');
    for (const pollMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => open({ pollMs })).toThrow('milliseconds');
  });

  describe('watching', () => {
    const reference = parseReference('keystore:api-key');

    it('tells every watcher once of each replacement, and nobody otherwise', async () => {
      const keystore = await rig.open();
      await keystore.set('api-key', 'one');
      const clock = new TestClock();
      const provider = open({ clock, pollMs: 1000 });
      const told = [0, 0];
      provider.watch?.(reference, () => (told[0] = (told[0] ?? 0) + 1));
      const stop = provider.watch?.(reference, () => (told[1] = (told[1] ?? 0) + 1));
      clock.pass(1000);
      expect(told).toEqual([0, 0]);
      await keystore.set('api-key', 'two');
      clock.pass(999);
      expect(told).toEqual([0, 0]);
      clock.pass(1);
      clock.pass(1000);
      expect(told).toEqual([1, 1]);
      stop?.();
      await keystore.set('api-key', 'three');
      clock.pass(1000);
      expect(told).toEqual([2, 1]);
    });

    it('misses no change between a look-up and the watch', async () => {
      const keystore = await rig.open();
      await keystore.set('api-key', 'one');
      const clock = new TestClock();
      const provider = open({ clock });
      await resolve(provider, 'keystore:api-key');
      await keystore.set('api-key', 'two');
      await resolve(provider, 'keystore:api-key?version=1');
      let told = 0;
      provider.watch?.(reference, () => (told += 1));
      clock.pass(2000);
      clock.pass(2000);
      expect(told).toBe(1);
    });

    it('sees a file that goes and comes, and one that was copied into its place', async () => {
      const clock = new TestClock();
      const provider = open({ clock });
      let told = 0;
      provider.watch?.(reference, () => (told += 1));
      await (await rig.open()).set('api-key', 'one');
      clock.pass(2000);
      expect(told).toBe(1);
      copyFileSync(rig.file, `${rig.file}.copy`);
      rmSync(rig.file);
      clock.pass(2000);
      expect(told).toBe(2);
      renameSync(`${rig.file}.copy`, rig.file);
      clock.pass(2000);
      expect(told).toBe(3);
      writeFileSync(rig.file, 'something longer');
      clock.pass(2000);
      expect(told).toBe(4);
    });

    it('keeps no timer once nobody watches, or it is closed', async () => {
      const clock = new TestClock();
      const provider = open({ clock });
      const stop = provider.watch?.(reference, () => undefined);
      expect(clock.waiting).toBe(1);
      stop?.();
      clock.pass(2000);
      expect(clock.waiting).toBe(0);
      provider.watch?.(reference, () => undefined);
      await provider.close();
      provider.watch?.(reference, () => undefined);
      expect(clock.waiting).toBe(0);
    });
  });
});
