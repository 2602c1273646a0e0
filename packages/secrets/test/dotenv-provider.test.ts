import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dotenvProvider, parseReference } from '../src/index.ts';
import { secretProviderContract } from './support/contract.ts';
import { failure } from './support/secrets-rig.ts';

const { signal } = new AbortController();

secretProviderContract('dotenvProvider', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const path = join(directory, '.env');
  const values = new Map([['OTHER', 'x']]);
  const write = async (): Promise<void> => {
    const lines = [...values].map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(path, `# a comment\n\n${lines.join('')}`, { mode: 0o600 });
  };
  await write();
  return {
    provider: dotenvProvider({ path }),
    async put(name, value) {
      values.set(name.toUpperCase(), value);
      await write();
      return `dotenv:${name.toUpperCase()}`;
    },
    async remove(name) {
      values.delete(name.toUpperCase());
      await write();
    },
    missing: 'dotenv:NEVER_SET',
    takesTooLarge: true,
    takesEmpty: true,
    close: () => rm(directory, { recursive: true }),
  };
});

describe('dotenvProvider', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-'));
    path = join(directory, '.env');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const resolve = async (text: string): Promise<string> =>
    (await dotenvProvider({ path }).resolve(parseReference(text), { signal })).value;

  it('reads what .env files have: export, quotes, comments, CR LF', async () => {
    await writeFile(path, 'export A=1 # one\r\nB="two\\nlines"\r\n# C=3\r\nD=`four`\r\nE: five\r\n');
    expect(await Promise.all(['A', 'B', 'D', 'E'].map((name) => resolve(`dotenv:${name}`)))).toEqual([
      '1',
      'two\nlines',
      'four',
      'five',
    ]);
    expect((await failure(resolve('dotenv:C'))).code).toBe('not_found');
  });

  it('finds nothing in a file that is empty, or is not there', async () => {
    expect(await failure(resolve('dotenv:A'))).toMatchObject({
      code: 'not_found',
      message: `dotenv:A: ${path}: there is no such file`,
    });
    await writeFile(path, '');
    expect(await failure(resolve('dotenv:A'))).toMatchObject({
      code: 'not_found',
      message: `dotenv:A: ${path} has no such variable; write it there`,
    });
    for (const name of ['toString', '__proto__']) {
      expect((await failure(resolve(`dotenv:${name}`))).code).toBe('not_found');
    }
  });

  it('leaves the environment and the output alone', async () => {
    await writeFile(path, 'SALLYPORT_TEST_DOTENV=hunter2\n');
    const before = { ...process.env };
    const spies = [
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
      vi.spyOn(console, 'log'),
      vi.spyOn(console, 'error'),
    ];
    try {
      expect(await resolve('dotenv:SALLYPORT_TEST_DOTENV')).toBe('hunter2');
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect({ ...process.env }).toEqual(before);
  });

  it('warns once that it is for development, and once of a file that others may read', async () => {
    await writeFile(path, 'A=1\n');
    const warnings: string[] = [];
    const provider = dotenvProvider({ path, onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([]);
    await chmod(path, 0o600);
    await provider.resolve(parseReference('dotenv:A'), { signal });
    expect(warnings).toEqual(['Secrets are read from a .env file, which is for development only.']);
    for (const mode of [0o640, 0o604]) {
      await chmod(path, mode);
      await provider.resolve(parseReference('dotenv:A'), { signal });
    }
    expect(warnings.slice(1)).toEqual([
      'The .env file may be read by others than its owner; run chmod 600 on it.',
    ]);
  });

  it('refuses to be made without a path, and references that are more than a name', async () => {
    expect(() => dotenvProvider({} as never)).toThrow("such as { path: '.env' }");
    for (const text of ['dotenv:A#b', 'dotenv:A?version=1', 'dotenv:a/b']) {
      expect((await failure(resolve(text))).code).toBe('invalid_reference');
    }
  });
});
