import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type SecretProvider,
  fileProvider,
  MAX_SECRET_BYTES,
  parseReference,
  systemdProvider,
} from '../src/index.ts';
import { type ProviderRig, secretProviderContract } from './support/contract.ts';
import { FakeClock } from './support/fake-clock.ts';
import { failure, SecretsRig } from './support/secrets-rig.ts';

const { signal } = new AbortController();

async function rigIn(
  directory: string,
  rig: Pick<ProviderRig, 'provider'>,
  prefix: string,
): Promise<ProviderRig> {
  const write = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(directory, name), content);
    return `${prefix}${name}`;
  };
  return {
    ...rig,
    put: write,
    putBytes: write,
    remove: (name) => rm(join(directory, name)),
    missing: `${prefix}never`,
    missingField: async () => `${await write('json', '{"a":"b"}')}#toString`,
    takesTooLarge: true,
    takesEmpty: true,
    close: () => rm(directory, { recursive: true }),
  };
}

secretProviderContract('fileProvider', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
  return rigIn(directory, { provider: fileProvider() }, `file://${directory}/`);
});

secretProviderContract('systemdProvider', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const provider = systemdProvider({ env: { CREDENTIALS_DIRECTORY: directory } });
  return rigIn(directory, { provider }, 'systemd:');
});

describe('fileProvider', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
    path = join(directory, 'secret');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const resolve = async (text = `file://${path}`): Promise<string> =>
    (await fileProvider().resolve(parseReference(text), { signal })).value;

  it.each([
    ['v', 'v'],
    ['v\n', 'v'],
    ['v\r\n', 'v'],
    ['v\n\n', 'v\n'],
    ['v\r\n\r\n', 'v\r\n'],
    ['v\r', 'v\r'],
    ['\nv \n', '\nv '],
  ])('takes one line end away, and nothing else: %j', async (content, value) => {
    await writeFile(path, content);
    expect(await resolve()).toBe(value);
  });

  it('takes a file that has nothing but a line end for empty', async () => {
    await writeFile(path, '\r\n');
    expect((await failure(resolve())).code).toBe('invalid_value');
  });

  it('keeps a line end in base64, which is about bytes', async () => {
    await writeFile(path, 'v\n');
    expect(await resolve(`file://${path}?encoding=base64`)).toBe(Buffer.from('v\n').toString('base64'));
  });

  it('reads a member of a JSON file', async () => {
    await writeFile(
      path,
      '{"text":"a\\nb","number":8080,"yes":true,"none":null,"more":{"x":1},"a/b":"slash"}\n',
    );
    const member = (name: string): Promise<string> => resolve(`file://${path}#${name}`);
    expect(await member('text')).toBe('a\nb');
    expect(await member('number')).toBe('8080');
    expect(await member('yes')).toBe('true');
    expect(await member('a/b')).toBe('slash');
    expect((await failure(member('none'))).code).toBe('invalid_value');
    expect((await failure(member('more'))).code).toBe('invalid_value');
    expect((await failure(member('other'))).code).toBe('not_found');
  });

  it('shows nothing of a file that is no JSON', async () => {
    await writeFile(path, 'hunter2');
    const error = await failure(resolve(`file://${path}#a`));
    expect(error.code).toBe('invalid_value');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter');
  });

  it('takes the longest secret with its line end, and nothing longer', async () => {
    await writeFile(path, `${'x'.repeat(MAX_SECRET_BYTES)}\r\n`);
    expect(await resolve()).toHaveLength(MAX_SECRET_BYTES);
    for (const more of ['x', 'x\n', 'xx\r\n']) {
      await writeFile(path, 'x'.repeat(MAX_SECRET_BYTES) + more);
      expect((await failure(resolve())).code).toBe('too_large');
    }
    await truncate(path, 2 ** 40);
    expect((await failure(resolve())).code).toBe('too_large');
  });

  it.runIf(process.platform === 'linux')('reads a file whose size is not known beforehand', async () => {
    expect(await resolve('file:///proc/self/status')).toContain('Pid:');
  });

  it('names a directory as one', async () => {
    const error = await failure(resolve(`file://${directory}`));
    expect([error.code, error.message]).toEqual([
      'invalid_value',
      `file://${directory}: names a directory; name a file in it`,
    ]);
  });

  it.skipIf(process.platform === 'win32')('neither hangs at a FIFO nor reads a device', async () => {
    execFileSync('mkfifo', [path]);
    expect((await failure(resolve())).code).toBe('invalid_value');
    for (const device of ['zero', 'null', 'tty']) {
      expect((await failure(resolve(`file:///dev/${device}`))).code).not.toBe('unavailable');
    }
  });

  it('tells a file that is not there from one that may not be read', async () => {
    await writeFile(path, 'v', { mode: 0o000 });
    expect((await failure(resolve(`file://${path}/below`))).code).toBe('not_found');
    expect((await failure(resolve(`file://${directory}/${'n'.repeat(300)}`))).code).toBe('not_found');
    await symlink('circle', join(directory, 'circle'));
    expect((await failure(resolve(`file://${directory}/circle`))).code).toBe('not_found');
    const isRoot = process.getuid?.() === 0;
    // Root may read everything.
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect((await failure(resolve())).code).toBe('denied');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('refuses a version', async () => {
    await writeFile(path, 'v');
    expect((await failure(resolve(`file://${path}?version=1`))).code).toBe('invalid_reference');
  });

  it('reads no further when it is aborted', async () => {
    await writeFile(path, 'v');
    const options = { signal: AbortSignal.abort() };
    const error = await failure(fileProvider().resolve(parseReference(`file://${path}`), options));
    expect(error.code).toBe('timeout');
  });

  describe('watching', () => {
    const watched = (): { seen: () => string[]; rig: SecretsRig; provider: SecretProvider } => {
      const provider = fileProvider({ pollMs: 5 });
      const rig = new SecretsRig({ providers: { file: provider } });
      const { told } = rig.watched(`file://${path}`);
      return { seen: () => told.map((line) => line.split(' ')[1] ?? ''), rig, provider };
    };

    it('sees a file that is written in place, replaced, taken away and put back', async () => {
      await writeFile(path, 'one');
      const { seen, rig } = watched();
      await rig.value(`file://${path}`);
      await writeFile(path, 'two');
      await vi.waitFor(() => expect(seen()).toEqual(['two']));
      await writeFile(join(directory, 'new'), 'six');
      await rename(join(directory, 'new'), path);
      await vi.waitFor(() => expect(seen()).toEqual(['two', 'six']));
      await rm(path);
      await vi.waitFor(async () => expect(await rig.code(`file://${path}`)).toBe('not_found'));
      await writeFile(path, 'ten');
      await vi.waitFor(() => expect(seen()).toEqual(['two', 'six', 'ten']));
      await rig.secrets.close();
    });

    it('sees the swap of directories that Kubernetes makes', async () => {
      const publish = async (version: string, value: string): Promise<void> => {
        await mkdir(join(directory, `..${version}`));
        await writeFile(join(directory, `..${version}`, 'secret'), value);
        await symlink(`..${version}`, join(directory, '..data_tmp'));
        await rename(join(directory, '..data_tmp'), join(directory, '..data'));
      };
      await publish('2026_01', 'one');
      await symlink(join('..data', 'secret'), path);
      const { seen, rig } = watched();
      await rig.value(`file://${path}`);
      await publish('2026_02', 'two');
      await rm(join(directory, '..2026_01'), { recursive: true });
      await vi.waitFor(() => expect(seen()).toEqual(['two']));
      await rig.secrets.close();
    });

    it('looks at the interval it is given, and leaves nothing behind', async () => {
      await writeFile(path, 'one');
      const clock = new FakeClock();
      const provider = fileProvider({ pollMs: 1_000, clock });
      let changes = 0;
      const end = provider.watch?.(parseReference(`file://${path}`), () => (changes += 1));
      // Once at the beginning: what changed just before may not have been seen.
      await vi.waitFor(() => expect([changes, clock.waiting]).toEqual([1, 1]));
      await writeFile(path, 'longer');
      await clock.advance(999);
      expect([changes, clock.waiting]).toEqual([1, 1]);
      await clock.advance(1);
      await vi.waitFor(() => expect([changes, clock.waiting]).toEqual([2, 1]));
      end?.();
      expect(clock.waiting).toBe(0);
      provider.watch?.(parseReference(`file://${path}`), () => undefined);
      await vi.waitFor(() => expect(clock.waiting).toBe(1));
      await provider.close();
      expect(clock.waiting).toBe(0);
      provider.watch?.(parseReference(`file://${path}`), () => (changes += 1));
      expect([changes, clock.waiting]).toEqual([2, 0]);
    });

    it('tells nothing when the watch ends while it looks', async () => {
      await writeFile(path, 'one');
      const clock = new FakeClock();
      const provider = fileProvider({ clock });
      let changes = 0;
      provider.watch?.(parseReference(`file://${path}`), () => (changes += 1))?.();
      const other = provider.watch?.(parseReference(`file://${path}`), () => (changes += 10));
      await vi.waitFor(() => expect(changes).toBeGreaterThan(9));
      expect([changes, clock.waiting]).toEqual([10, 1]);
      other?.();
    });

    it('refuses an interval that is none', () => {
      expect(() => fileProvider({ pollMs: 0 })).toThrow('pollMs has to be a number');
    });
  });
});

describe('systemdProvider', () => {
  it.each([{}, { CREDENTIALS_DIRECTORY: '' }, { CREDENTIALS_DIRECTORY: 'relative' }])(
    'is not set up without a directory from systemd: %j',
    async (env) => {
      const provider = systemdProvider({ env });
      const error = await failure(provider.resolve(parseReference('systemd:a'), { signal }));
      expect(error.code).toBe('not_configured');
      expect(error.message).toContain('LoadCredential=');
      expect(provider.watch?.(parseReference('systemd:a'), () => undefined)?.()).toBeUndefined();
    },
  );

  it.each(['systemd:a/b', 'systemd:a?version=1'])('refuses %s', async (text) => {
    const provider = systemdProvider({ env: { CREDENTIALS_DIRECTORY: tmpdir() } });
    const error = await failure(provider.resolve(parseReference(text), { signal }));
    expect([error.code, error.message]).toEqual([
      'invalid_reference',
      expect.stringContaining('write it as systemd:api-key'),
    ]);
  });

  it('sees a credential that is renewed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
    await writeFile(join(directory, 'a'), 'one\n');
    const provider = systemdProvider({ env: { CREDENTIALS_DIRECTORY: directory }, pollMs: 5 });
    const rig = new SecretsRig({ providers: { systemd: provider } });
    const { told } = rig.watched('systemd:a');
    expect(await rig.value('systemd:a')).toBe('one');
    await writeFile(join(directory, 'a'), 'two\n');
    await vi.waitFor(() => expect(told).toEqual(['systemd:a two']));
    await rig.secrets.close();
    await rm(directory, { recursive: true });
  });
});
