import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keystore } from '../../src/keystore/keystore.ts';
import { keystoreReference } from '../../src/keystore/keystore-reference.ts';
import type { SecretError } from '../../src/secret-error.ts';
import { MAX_SECRET_BYTES } from '../../src/secret-provider.ts';
import { CHEAP, codeOf, failureOf, KeystoreFolder, PASSPHRASE } from './keystore-rig.ts';

let rig: KeystoreFolder;
beforeEach(() => {
  rig = new KeystoreFolder();
});
afterEach(() => rig.dispose());

async function valueOf(keystore: Keystore, name: string, version?: number): Promise<string> {
  return (await keystore.get(name, version)).reveal().toString();
}

/** Every file that is there, as it is. */
function everything(): string {
  return readdirSync(rig.folder)
    .map((name) => `${name}\n${readFileSync(join(rig.folder, name), 'latin1')}`)
    .join('\n');
}

describe('a keystore', () => {
  it('gives back what was stored, to whoever has the passphrase', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    expect(await valueOf(await rig.open({ create: false }), 'api-key')).toBe('hunter2');
  });

  it('uses a key that takes 128 MiB to guess, unless it is told that this is a test', async () => {
    const keystore = await Keystore.open(rig.file, PASSPHRASE, { create: true });
    await keystore.set('api-key', 'hunter2');
    expect(JSON.parse(readFileSync(rig.file, 'utf8'))).toMatchObject({
      format: 'sallyport-keystore',
      version: 1,
      kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 },
    });
    expect(await valueOf(await Keystore.open(rig.file, PASSPHRASE), 'api-key')).toBe('hunter2');
  });

  it('refuses a file with a cheap key when this is no test', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const error = await failureOf(Keystore.open(rig.file, PASSPHRASE));
    expect(error.code).toBe('invalid_value');
    expect(error.message).toContain('too cheap or too dear');
  });

  it('shows neither names nor values in the file', async () => {
    const keystore = await rig.open();
    await keystore.set('payments-api-key', 'hunter2-hunter2');
    const text = everything();
    for (const hidden of ['payments', 'hunter2', PASSPHRASE.reveal()]) expect(text).not.toContain(hidden);
    expect(text).not.toContain(Buffer.from('hunter2-hunter2').toString('base64').slice(0, -2));
  });

  it('never writes the same text twice for the same content', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    const nonces = new Set<string>();
    for (let writes = 0; writes < 20; writes += 1) {
      await keystore.remove('api-key');
      await keystore.set('api-key', 'hunter2');
      const { cipher } = JSON.parse(readFileSync(rig.file, 'utf8')) as { cipher: { nonce: string } };
      nonces.add(cipher.nonce);
    }
    expect(nonces.size).toBe(20);
  });

  it('does not open with another passphrase, and names neither', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const error = await failureOf(rig.open({}, new Secret('incorrect horse battery')));
    expect(error.code).toBe('denied');
    expect(error.message).toContain(`the passphrase does not open ${rig.file}, or the file was altered`);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/horse|hunter2/);
  });

  it('opens however the letters of the passphrase were composed', async () => {
    await (
      await rig.open({}, new Secret('cafe\u0301 cre\u0300me bru\u0302le\u0301e'))
    ).set('api-key', 'hunter2');
    const keystore = await rig.open({}, new Secret('caf\u00E9 cr\u00E8me br\u00FBl\u00E9e'));
    expect(await valueOf(keystore, 'api-key')).toBe('hunter2');
  });

  it('refuses to be made with a passphrase that is short, or one character over and over', async () => {
    for (const weak of ['hunter2hunt', 'aaaaaaaaaaaaaaaaaaaa', '']) {
      const keystore = await rig.open({}, new Secret(weak));
      expect(await codeOf(keystore.set('api-key', 'x'))).toBe('invalid_value');
    }
    expect(readdirSync(rig.folder)).toEqual([]);
  });

  it('says which command makes one when there is none', async () => {
    const error = await failureOf(rig.open({ create: false }));
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('sallyport secrets set NAME');
    const named = await failureOf((await rig.open()).get('api-key'));
    expect(named.code).toBe('not_configured');
    expect(named.message).toContain(`"sallyport secrets set api-key --keystore ${rig.file}" makes one`);
    expect(await codeOf((await rig.open()).list())).toBe('not_configured');
  });

  it('keeps the last three values of a name', async () => {
    const keystore = await rig.open();
    for (const value of ['one', 'two', 'three', 'four']) await keystore.set('api-key', value);
    expect(await valueOf(keystore, 'api-key')).toBe('four');
    expect(await valueOf(keystore, 'api-key', 3)).toBe('three');
    expect(await valueOf(keystore, 'api-key', 2)).toBe('two');
    const error = await failureOf(keystore.get('api-key', 1));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe(`keystore:api-key: ${rig.file} has only versions 4, 3, 2 of it`);
    await keystore.set('other', 'x');
    expect((await failureOf(keystore.get('other', 2))).message).toContain('has only version 1 of it');
  });

  it('counts on when a removed name comes again, so that no version is ever another value', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    await keystore.set('api-key', 'two');
    await keystore.remove('api-key');
    await keystore.set('other', 'unrelated');
    expect((await keystore.set('api-key', 'three')).versions).toEqual([3]);
    await keystore.remove('api-key');
    await (await rig.open()).changePassphrase(new Secret('another long passphrase'));
    const again = await rig.open({}, new Secret('another long passphrase'));
    expect((await again.set('api-key', 'four')).versions).toEqual([4]);
    expect(await codeOf(again.get('api-key', 1))).toBe('not_found');
    expect((await again.list()).map(({ name, version }) => [name, version])).toEqual([
      ['api-key', 4],
      ['other', 1],
    ]);
  });

  it('says which command stores what is not there, or which name may be meant', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    for (const doing of [
      () => keystore.get('Api-Kye'),
      () => keystore.rotate('Api-Kye', 'two'),
      () => keystore.remove('Api-Kye'),
    ]) {
      expect((await failureOf(doing())).message).toBe(
        `keystore:Api-Kye: is not in ${rig.file}; did you mean "api-key"?`,
      );
    }
    const other = await failureOf(keystore.get("it's"));
    expect(other.message).toContain(String.raw`"sallyport secrets set 'it'\''s' --keystore ${rig.file}"`);
  });

  it('lists names, versions and times, and no value', async () => {
    await (await rig.open()).set('b', 'hunter2');
    const keystore = await rig.open({ timeOfDay: () => new Date('2026-02-03T00:00:00Z') });
    await keystore.rotate('b', 'hunter3');
    await keystore.set('a', 'hunter4');
    const list = await keystore.list();
    expect(list).toEqual([
      {
        name: 'a',
        version: 1,
        versions: [1],
        created: '2026-02-03T00:00:00.000Z',
        changed: '2026-02-03T00:00:00.000Z',
      },
      {
        name: 'b',
        version: 2,
        versions: [2, 1],
        created: '2026-01-02T03:04:05.678Z',
        changed: '2026-02-03T00:00:00.000Z',
      },
    ]);
  });

  it('shows no value of itself or of an entry', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    const entry = await keystore.get('api-key');
    for (const thing of [keystore, entry]) {
      expect(inspect(thing, { depth: 9, showHidden: true }) + JSON.stringify(thing)).not.toMatch(
        /hunter2|horse/,
      );
    }
  });

  it('rotates and removes only what is there', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    expect(await codeOf(keystore.rotate('other', 'x'))).toBe('not_found');
    expect(await codeOf(keystore.remove('other'))).toBe('not_found');
    await keystore.remove('api-key');
    expect(await codeOf(keystore.get('api-key'))).toBe('not_found');
    expect(await keystore.list()).toEqual([]);
  });

  it('sees at once what another writer did', async () => {
    const [one, other] = [await rig.open(), await rig.open()];
    await one.set('api-key', 'first');
    await other.set('api-key', 'second');
    await one.set('unrelated', 'third');
    expect(await valueOf(one, 'api-key')).toBe('second');
    expect(await valueOf(other, 'unrelated')).toBe('third');
  });

  it('changes the passphrase, and everything is as before under the new one', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    await keystore.set('api-key', 'two');
    const before = JSON.parse(readFileSync(rig.file, 'utf8')) as { kdf: { salt: string } };
    const next = new Secret('another long passphrase');
    await keystore.changePassphrase(next);
    const after = JSON.parse(readFileSync(rig.file, 'utf8')) as { kdf: { salt: string } };
    expect(after.kdf.salt).not.toBe(before.kdf.salt);
    expect(await valueOf(keystore, 'api-key')).toBe('two');
    const again = await rig.open({}, next);
    expect(await valueOf(again, 'api-key', 1)).toBe('one');
    expect(await codeOf(rig.open())).toBe('denied');
    await keystore.set('api-key', 'three');
    expect(await valueOf(again, 'api-key')).toBe('three');
  });

  it('never fails a reader while its own passphrase changes', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    let isDone = false;
    const changing = async (): Promise<void> => {
      for (let changes = 0; changes < 20; changes += 1) {
        await keystore.changePassphrase(new Secret(`another long passphrase ${changes}`));
      }
      isDone = true;
    };
    const reading = async (): Promise<void> => {
      while (!isDone) expect(await valueOf(keystore, 'api-key')).toBe('hunter2');
    };
    await Promise.all([changing(), reading(), reading(), reading()]);
  });

  it('keeps the passphrase when the new one is weak', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'hunter2');
    expect(await codeOf(keystore.changePassphrase(new Secret('short')))).toBe('invalid_value');
    expect(await valueOf(await rig.open(), 'api-key')).toBe('hunter2');
  });

  it('stores bytes', async () => {
    const keystore = await rig.open();
    const bytes = Buffer.from([0, 0xff, 0x80, 0x0a]);
    await keystore.set('der', bytes);
    expect((await keystore.get('der')).reveal()).toEqual(bytes);
  });

  it('refuses values that are empty, too large or half a character', async () => {
    const keystore = await rig.open();
    expect(await codeOf(keystore.set('a', ''))).toBe('invalid_value');
    expect(await codeOf(keystore.set('a', 'half \uD800'))).toBe('invalid_value');
    expect(await codeOf(keystore.set('a', Buffer.alloc(MAX_SECRET_BYTES + 1)))).toBe('too_large');
    expect((await keystore.set('a', Buffer.alloc(MAX_SECRET_BYTES, 1))).version).toBe(1);
  });

  it('refuses to grow beyond what it would read again', async () => {
    const keystore = await rig.open();
    const most = Buffer.alloc(MAX_SECRET_BYTES, 1);
    let error: SecretError | undefined;
    let stored = 0;
    while (error === undefined && stored < 100) {
      const storing = keystore.set(`name-${stored}`, most);
      error = await storing.then(
        () => undefined,
        (thrown: SecretError) => thrown,
      );
      stored += 1;
    }
    expect(error?.code).toBe('too_large');
    expect(await keystore.list()).toHaveLength(stored - 1);
  });

  it('refuses names that no reference can have', async () => {
    const keystore = await rig.open();
    for (const name of [
      '',
      ' ',
      ' a',
      'a\t',
      '\u00A0a',
      '.',
      '..',
      'a/../b',
      'a//b',
      'a\\b',
      'a\u0000b',
      'a\u202Eb',
      '\uD800',
      'a%41',
    ]) {
      expect(await codeOf(keystore.set(name, 'x')), JSON.stringify(name)).toBe('invalid_reference');
    }
    expect(existsSync(rig.file)).toBe(false);
  });
});

describe('the file of a keystore', () => {
  it('is for its owner alone, whatever it was before', async () => {
    const keystore = await rig.open({ onWarning: () => undefined });
    await keystore.set('api-key', 'one');
    expect(statSync(rig.file).mode & 0o777).toBe(0o600);
    chmodSync(rig.file, 0o664);
    await keystore.set('api-key', 'two');
    expect(statSync(rig.file).mode & 0o777).toBe(0o600);
  });

  it('is warned of, once, when others can use it', async () => {
    const warnings: string[] = [];
    const keystore = await rig.open({ onWarning: (text) => warnings.push(text) });
    await keystore.set('api-key', 'one');
    await keystore.list();
    expect(warnings).toEqual([]);
    chmodSync(rig.file, 0o640);
    await keystore.list();
    await keystore.list();
    expect(warnings).toEqual([expect.stringMatching(/mode 640.*chmod 600/)]);
  });

  it('is not put in the place of a symbolic link, but is read through one', async () => {
    const real = join(rig.folder, 'real.keystore');
    await (await Keystore.open(real, PASSPHRASE, CHEAP)).set('api-key', 'hunter2');
    symlinkSync(real, rig.file);
    const keystore = await rig.open();
    expect(await valueOf(keystore, 'api-key')).toBe('hunter2');
    const error = await failureOf(keystore.set('api-key', 'other'));
    expect(error.code).toBe('invalid_value');
    expect(error.message).toContain('symbolic link; name the file that it leads to');
    expect(await valueOf(keystore, 'api-key')).toBe('hunter2');
  });

  it('is refused when it is a folder, or no keystore', async () => {
    mkdirSync(rig.file);
    expect(await codeOf(rig.open())).toBe('invalid_value');
    const other = join(rig.folder, 'other');
    for (const text of ['', 'API_KEY=hunter2', '{}', '[]', 'null', '{"format":"sallyport-keystore"}']) {
      writeFileSync(other, text);
      const error = await failureOf(
        Keystore.open(other, PASSPHRASE, { ...CHEAP, onWarning: () => undefined }),
      );
      expect(error.code).toBe('invalid_value');
      expect(error.message).not.toContain('hunter2');
    }
  });

  it('of a newer format is refused as such', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const file = JSON.parse(readFileSync(rig.file, 'utf8')) as object;
    writeFileSync(rig.file, JSON.stringify({ ...file, version: 2, more: true }));
    expect((await failureOf(rig.open())).message).toContain('use a newer Sallyport');
  });

  it.each([
    ['more memory', { N: 2 ** 30 }],
    ['a little more memory', { N: 2 ** 19 }],
    ['more of each block', { r: 1024 }],
    ['more rounds', { p: 1_000_000 }],
    ['no power of two', { N: 131_071 }],
    ['less than one', { N: 0, p: 0 }],
    ['text', { N: '131072' }],
    ['a short salt', { salt: 'AAAA' }],
    ['something unknown', { extra: 1 }],
  ])('is refused before any work when it asks for a key of %s', async (_, kdf) => {
    await (await rig.open()).set('api-key', 'hunter2');
    const file = JSON.parse(readFileSync(rig.file, 'utf8')) as { kdf: object };
    writeFileSync(rig.file, JSON.stringify({ ...file, kdf: { ...file.kdf, ...kdf } }));
    expect(await codeOf(rig.open())).toBe('invalid_value');
  });

  it('is refused with a shorter tag', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const file = JSON.parse(readFileSync(rig.file, 'utf8')) as { cipher: { tag: string } };
    const tag = Buffer.from(file.cipher.tag, 'base64').subarray(0, 4).toString('base64');
    writeFileSync(rig.file, JSON.stringify({ ...file, cipher: { ...file.cipher, tag } }));
    expect(await codeOf(rig.open())).toBe('invalid_value');
  });

  it('is refused with anything among its base64, which decoders pass over', async () => {
    await (await rig.open()).set('api-key', 'hunter2');
    const file = JSON.parse(readFileSync(rig.file, 'utf8')) as { payload: string };
    for (const payload of [` ${file.payload}`, `${file.payload}\n`, file.payload.replace(/=*$/, '====')]) {
      writeFileSync(rig.file, JSON.stringify({ ...file, payload }));
      expect(await codeOf(rig.open())).toBe('invalid_value');
    }
  });

  it('is not mixed from two states of itself', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    const older = JSON.parse(readFileSync(rig.file, 'utf8')) as Record<string, unknown>;
    await keystore.set('api-key', 'two');
    const newer = JSON.parse(readFileSync(rig.file, 'utf8')) as Record<string, unknown>;
    for (const part of ['cipher', 'payload']) {
      writeFileSync(rig.file, JSON.stringify({ ...newer, [part]: older[part] }));
      expect(await codeOf(keystore.get('api-key'))).toBe('denied');
    }
  });

  it('may be an older copy, which nothing can tell', async () => {
    const keystore = await rig.open();
    await keystore.set('api-key', 'one');
    copyFileSync(rig.file, `${rig.file}.backup`);
    await keystore.set('api-key', 'two');
    renameSync(`${rig.file}.backup`, rig.file);
    expect(await valueOf(keystore, 'api-key')).toBe('one');
  });

  it('says what to do when its folder is not there', async () => {
    const keystore = await Keystore.open(join(rig.folder, 'none', 'x.keystore'), PASSPHRASE, CHEAP);
    const error = await failureOf(keystore.set('api-key', 'x'));
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain('make its folder');
  });
});

describe('whatever is stored', () => {
  const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((name) => {
    try {
      keystoreReference(name);
      return true;
    } catch {
      return false;
    }
  });
  const values = fc.uint8Array({ minLength: 1, maxLength: 200 });

  it('comes back byte for byte under its name, also __proto__', async () => {
    const content = fc.dictionary(fc.oneof(names, fc.constantFrom('__proto__', 'constructor')), values, {
      minKeys: 1,
      maxKeys: 6,
    });
    await fc.assert(
      fc.asyncProperty(content, async (entries) => {
        const folder = new KeystoreFolder();
        try {
          const keystore = await folder.open();
          for (const [name, value] of Object.entries(entries)) await keystore.set(name, value);
          const again = await folder.open();
          expect((await again.list()).map(({ name }) => name).toSorted()).toEqual(
            Object.keys(entries).toSorted(),
          );
          for (const [name, value] of Object.entries(entries)) {
            expect((await again.get(name)).reveal()).toEqual(Buffer.from(value));
          }
        } finally {
          folder.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is never another value, whichever byte of the file is changed', async () => {
    const writer = await rig.open();
    await writer.set('api-key', 'one');
    await writer.set('api-key', 'two');
    const intact = readFileSync(rig.file);
    const outcomes = new Set<string>();
    const trying = async (altered: Buffer): Promise<void> => {
      writeFileSync(rig.file, altered);
      const found = await rig
        .open()
        .then((keystore) => valueOf(keystore, 'api-key'))
        .catch((error: unknown) => (error as SecretError).code);
      outcomes.add(found);
    };
    for (let at = 0; at < intact.length; at += 1) {
      await trying(intact.subarray(0, at));
      // The third makes a space of a line break, and the other way round: all that may be changed.
      for (const flip of [0x01, 0x20, 0x2a, 0x80]) {
        const altered = Buffer.from(intact);
        altered[at] = (altered[at] ?? 0) ^ flip;
        await trying(altered);
      }
    }
    expect(outcomes).toEqual(new Set(['two', 'denied', 'invalid_value']));
  });
});
