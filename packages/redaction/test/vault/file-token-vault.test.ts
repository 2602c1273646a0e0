import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenVault } from '../../src/token-vault.ts';
import { fileTokenVault, type FileTokenVaultOptions } from '../../src/vault/file/file-token-vault.ts';
import { processBirth } from '../../src/vault/file/process-birth.ts';
import { tokenVaultContract } from './contract.ts';
import { FakeClock } from './fake-clock.ts';
import { ALICE, BOB, codeOf, DAY, failureOf, Folder, HOUR, testKey } from './support.ts';

tokenVaultContract('a file', () => {
  const clock = new FakeClock();
  const folder = new Folder();
  const other = new Folder();
  const open = ({ file }: Folder): Promise<TokenVault> => fileTokenVault({ file, key: testKey(), clock });
  return Promise.resolve({
    open: () => open(folder),
    openOther: () => open(other),
    advance: (ms) => Promise.resolve(clock.advance(ms)),
    outlives: true,
    dispose: () => {
      folder.dispose();
      other.dispose();
      return Promise.resolve();
    },
  });
});

let folder: Folder;
let clock: FakeClock;
const vaults: TokenVault[] = [];
beforeEach(() => {
  folder = new Folder();
  clock = new FakeClock();
});
afterEach(async () => {
  for (const vault of vaults.splice(0)) await vault.close().catch(() => undefined);
  folder.dispose();
});

async function open(options: Partial<FileTokenVaultOptions> = {}): Promise<TokenVault> {
  const vault = await fileTokenVault({ file: folder.file, key: testKey(), clock, lockWaitMs: 0, ...options });
  vaults.push(vault);
  return vault;
}
const size = (): number => statSync(folder.file).size;
const value = (text: string, about = 'patient 1'): { entity: string; value: string; about: string } => ({
  entity: 'MRN',
  value: text,
  about,
});
const LONG = 'v'.repeat(5_000);

describe('the file', () => {
  it('is for its owner alone, in a folder that is made for it', async () => {
    const file = join(folder.path, 'deep', 'er', 'tokens.vault');
    const vault = await open({ file });
    await vault.tokensFor(ALICE, [value('x')]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    await vault.close();
    chmodSync(file, 0o644);
    await open({ file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has no value, token, subject or person in the clear', async () => {
    const vault = await open();
    const [token] = await vault.tokensFor(ALICE, [value('hunter2-hunter2', 'patient-of-note')]);
    const text = readFileSync(folder.file, 'latin1');
    for (const secret of ['hunter2', 'alice', 'clinic', 'patient-of-note', token ?? '', 'MRN']) {
      expect(text).not.toContain(secret);
    }
  });

  it('no longer has what was erased, nor anything sealed as before', async () => {
    const vault = await open();
    await vault.tokensFor(ALICE, [value('kept', 'patient 2')]);
    const without = size();
    await vault.tokensFor(ALICE, [value(LONG)]);
    const before = readFileSync(folder.file);
    expect(size()).toBeGreaterThan(without + LONG.length);
    expect(await vault.erase({ about: 'patient 1' })).toBe(1);
    expect(size()).toBeLessThanOrEqual(without);
    const after = readFileSync(folder.file);
    for (let at = 8; at + 16 <= before.length; at += 16) {
      expect(after.includes(before.subarray(at, at + 16))).toBe(false);
    }
    expect(readdirSync(folder.path).toSorted()).toEqual(['tokens.vault', 'tokens.vault.lock']);
  });

  it('no longer has what was erased while it was being written', async () => {
    const vault = await open();
    const empty = size();
    const writing = vault.tokensFor(ALICE, [value(LONG)]);
    expect(await vault.erase({ scope: ALICE })).toBe(1);
    const [token] = await writing;
    expect(await vault.valuesOf(ALICE, [token ?? ''])).toEqual([undefined]);
    expect(size()).toBe(empty);
  });

  it('no longer has what has expired, when it is erased or not', async () => {
    const vault = await open();
    const empty = size();
    await vault.tokensFor(ALICE, [value(LONG)]);
    clock.jump(DAY);
    expect(await vault.erase({ about: 'patient 1' })).toBe(0);
    expect(size()).toBe(empty);
    await vault.tokensFor(ALICE, [value(LONG)]);
    clock.advance(DAY);
    await vi.waitFor(() => expect(size()).toBe(empty));
    await vault.tokensFor(ALICE, [value(LONG)]);
    await vault.close();
    clock.jump(DAY);
    await open();
    expect(size()).toBe(empty);
  });

  it('does not grow without end when values are met again and again', async () => {
    const vault = await open({ ttlMs: HOUR });
    const requests = Array.from({ length: 2_000 }, (_, index) => value(`MRN-${index}`));
    const tokens = await vault.tokensFor(ALICE, requests);
    const first = size();
    for (let round = 0; round < 120; round += 1) {
      clock.jump(HOUR / 4);
      await vault.tokensFor(ALICE, requests);
    }
    expect(size()).toBeLessThan(first * 3 + 2 ** 22);
    expect(await vault.tokensFor(ALICE, requests)).toEqual(tokens);
    await vault.close();
    expect(await (await open({ ttlMs: HOUR })).tokensFor(ALICE, requests)).toEqual(tokens);
  }, 60_000);

  it('is written once for callers that come together', async () => {
    const vault = await open();
    const probe = await openFile(folder.file);
    const syncs = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'datasync');
    try {
      await Promise.all(Array.from({ length: 64 }, (_, n) => vault.tokensFor(ALICE, [value(`MRN-${n}`)])));
      expect(syncs.mock.calls.length).toBeLessThanOrEqual(2);
      expect(syncs.mock.calls.length).toBeGreaterThan(0);
      await vault.tokensFor(ALICE, [value('MRN-1')]);
      expect(syncs.mock.calls.length).toBeLessThanOrEqual(2);
    } finally {
      syncs.mockRestore();
      await probe.close();
    }
  });

  it('is on the disk before a token is given, also to who asks for it a second time', async () => {
    const vault = await open();
    const probe = await openFile(folder.file);
    let synced = (): void => undefined;
    const syncs = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'datasync').mockImplementation(
      () =>
        new Promise((resolve) => {
          synced = resolve;
        }),
    );
    try {
      const given: string[] = [];
      const ask = async (who: string): Promise<void> => {
        await vault.tokensFor(ALICE, [value('x')]);
        given.push(who);
      };
      const first = ask('first');
      await vi.waitFor(() => expect(syncs).toHaveBeenCalledTimes(1));
      const second = ask('second');
      await new Promise((later) => setTimeout(later, 20));
      expect(given).toEqual([]);
      synced();
      await Promise.all([first, second]);
      expect(given).toEqual(['first', 'second']);
    } finally {
      syncs.mockRestore();
      await probe.close();
    }
  });

  it('holds a shorter time also for what is there', async () => {
    const vault = await open();
    const tokens = await vault.tokensFor(ALICE, [value('x')]);
    await vault.close();
    const shorter = await open({ ttlMs: HOUR });
    clock.jump(HOUR);
    expect(await shorter.valuesOf(ALICE, tokens)).toEqual([undefined]);
  });

  it('opens, and drops nothing, when it holds more than it now may', async () => {
    const vault = await open();
    const requests = Array.from({ length: 20 }, (_, index) => value(`MRN-${index}`));
    const tokens = await vault.tokensFor(ALICE, requests);
    await vault.close();
    const smaller = await open({ maxTokens: 5 });
    expect(await smaller.tokensFor(ALICE, requests)).toEqual(tokens);
    expect(await codeOf(smaller.tokensFor(BOB, [value('new')]))).toBe('full');
  });
});

describe('the key', () => {
  it('is refused when it is another', async () => {
    await (await open()).close();
    const before = readFileSync(folder.file);
    const error = await failureOf(open({ key: testKey('B') }));
    expect(error.code).toBe('wrong_key');
    expect(error.message).toContain(folder.file);
    expect(readFileSync(folder.file).equals(before)).toBe(true);
    await open();
  });

  it.each(['', 'correct horse battery staple', 'a'.repeat(64)])(
    'is refused when it is weak (%#)',
    async (text) => {
      const error = await failureOf(open({ key: () => Promise.resolve(new Secret(text)) }));
      expect(error.code).toBe('weak_key');
      expect(error.message).toContain('"openssl rand -base64 32" makes one');
      expect(error.message).toContain('Do not rotate it in place');
      expect(error.message).toContain('keystore:NAME?version=1');
      expect(existsSync(folder.file)).toBe(false);
    },
  );
});

describe('the lock', () => {
  const leave = (holder: object | string): void =>
    writeFileSync(`${folder.file}.lock`, typeof holder === 'string' ? holder : JSON.stringify(holder));

  it('keeps a second vault out of the file, also in the same process', async () => {
    const first = await open();
    const error = await failureOf(open());
    expect(error.code).toBe('locked');
    expect(error.message).toContain(String(process.pid));
    await first.close();
    await open();
  });

  it('tells whoever wants to erase what to do while another process has the file, and then it can be done', async () => {
    const gateway = await open();
    await gateway.tokensFor(ALICE, [value('x')]);
    const { message } = await failureOf(open());
    expect(message).toContain('give each process a file of its own (tokens.file), or use Redis');
    expect(message).toContain('To erase from it, stop that process, erase, and start it again');
    expect(message).not.toContain('delete');
    await gateway.close();
    expect(await (await open()).erase({ about: 'patient 1' })).toBe(1);
  });

  it('says what to delete where nobody can know whether it is still held', async () => {
    leave({ pid: 1, host: 'elsewhere.example', id: 'x' });
    const { message } = await failureOf(open());
    expect(message).toContain('process 1 of the host elsewhere.example');
    expect(message).toContain(`delete ${folder.file}.lock`);
  });

  it('is waited for', async () => {
    const first = await open();
    const second = open({ lockWaitMs: 20_000 });
    await first.close();
    await second;
  });

  it('is taken over from a process that has ended, or was another of the same number', async () => {
    leave({ pid: 2 ** 22 + 1, host: hostname(), id: 'x' });
    await (await open()).close();
    const birth = await processBirth(process.pid);
    if (birth === undefined) return;
    leave({ pid: process.pid, host: hostname(), birth: `${birth}0`, id: 'x' });
    await (await open()).close();
    expect(readdirSync(folder.path)).toEqual(['tokens.vault']);
  });

  it.each([
    ['of another host', { pid: 2 ** 22 + 1, host: 'elsewhere.example', id: 'x' }],
    ['of nobody', 'rubbish'],
  ])('is not taken over when it is %s', async (_, holder) => {
    leave(holder);
    expect(await codeOf(open())).toBe('locked');
    expect(existsSync(folder.file)).toBe(false);
  });
});

describe('trouble', () => {
  it('with the place of the file is told without more than its code', async () => {
    const plain = join(folder.path, 'plain');
    writeFileSync(plain, '');
    expect(await codeOf(open({ file: join(plain, 'tokens.vault') }))).toBe('unavailable');
    const link = join(folder.path, 'link');
    symlinkSync(folder.file, link);
    expect(await codeOf(open({ file: link }))).toBe('unavailable');
    expect(await codeOf(open({ file: folder.path }))).toBe('unavailable');
  });

  it.each(['moved', 'deleted', 'replaced'])('is found when the file is %s', async (how) => {
    const vault = await open();
    const tokens = await vault.tokensFor(ALICE, [value('x')]);
    const content = readFileSync(folder.file);
    if (how === 'moved') renameSync(folder.file, `${folder.file}.old`);
    else rmSync(folder.file);
    if (how === 'replaced') writeFileSync(folder.file, content);
    expect(await codeOf(vault.tokensFor(ALICE, [value('y')]))).toBe('unavailable');
    expect(await codeOf(vault.valuesOf(ALICE, tokens))).toBe('unavailable');
    expect(await codeOf(vault.erase({ scope: ALICE }))).toBe('unavailable');
    await vault.close();
    if (how === 'replaced') expect(readFileSync(folder.file).equals(content)).toBe(true);
    else expect(existsSync(folder.file)).toBe(false);
  });

  it('with the disk refuses new values, and is over when the disk is well again', async () => {
    const vault = await open();
    const tokens = await vault.tokensFor(ALICE, [value('before')]);
    const probe = await openFile(folder.file);
    const prototype = Object.getPrototypeOf(probe) as typeof probe;
    const full = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('no space for hunter2'), { code: 'ENOSPC' }));
    const failing = [
      vi.spyOn(prototype, 'datasync').mockImplementation(full),
      vi.spyOn(prototype, 'sync').mockImplementation(full),
    ];
    try {
      const error = await failureOf(vault.tokensFor(ALICE, [value('during')]));
      expect(error.code).toBe('unavailable');
      expect(error.message).toContain('ENOSPC');
      expect(error.message).not.toContain('hunter2');
      expect(await codeOf(vault.tokensFor(ALICE, [value('during')]))).toBe('unavailable');
      clock.jump(2_000);
      expect(await codeOf(vault.tokensFor(ALICE, [value('during')]))).toBe('unavailable');
      clock.jump(2_000);
      expect(await codeOf(vault.erase({ about: 'patient 9' }))).toBe('unavailable');
      // What was durable stays of use.
      expect(await vault.tokensFor(ALICE, [value('before')])).toEqual(tokens);
      expect(await vault.valuesOf(ALICE, tokens)).toEqual(['before']);
    } finally {
      for (const one of failing) one.mockRestore();
      await probe.close();
    }
    clock.jump(2_000);
    const [during] = await vault.tokensFor(ALICE, [value('during')]);
    await vault.close();
    const again = await open();
    expect(await again.valuesOf(ALICE, [...tokens, during ?? ''])).toEqual(['before', 'during']);
  });
});
