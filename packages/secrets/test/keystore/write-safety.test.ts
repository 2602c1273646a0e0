import { execFileSync, spawn } from 'node:child_process';
import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fail } from '../../src/keystore/derive-key.ts';
import { replaceFile, type WriteStep } from '../../src/keystore/replace-file.ts';
import { withWriteLock } from '../../src/keystore/write-lock.ts';
import { SecretError } from '../../src/secret-error.ts';
import { codeOf, failureOf, KeystoreFolder } from './keystore-rig.ts';

const WRITER = new URL('endless-writer.ts', import.meta.url).pathname;
const STEPS: readonly WriteStep[] = ['create', 'write', 'sync', 'rename', 'sync-folder'];
const fail: Fail = (code, why) => new SecretError(code, 'keystore', why);

let rig: KeystoreFolder;
beforeEach(() => {
  rig = new KeystoreFolder();
});
afterEach(() => rig.dispose());

describe('replacing a file', () => {
  it.each(STEPS)('leaves all of the old or all of the new when it fails at %s', async (broken) => {
    writeFileSync(rig.file, 'old');
    const failing = replaceFile(rig.file, 'new', fail, (step) => {
      if (step === broken) throw new Error('no space');
    });
    await expect(failing).rejects.toThrow('no space');
    expect(readFileSync(rig.file, 'utf8')).toBe(broken === 'sync-folder' ? 'new' : 'old');
    expect(readdirSync(rig.folder)).toEqual([basename(rig.file)]);
  });

  it('shows all of the old or all of the new at every step, and writes nothing that others can read', async () => {
    writeFileSync(rig.file, 'old', { mode: 0o644 });
    const seen: string[] = [];
    await replaceFile(rig.file, 'new', fail, (step) => {
      seen.push(`${step}: ${readFileSync(rig.file, 'utf8')}`);
      for (const name of readdirSync(rig.folder)) {
        if (name !== basename(rig.file)) expect(statSync(join(rig.folder, name)).mode & 0o777).toBe(0o600);
      }
    });
    expect(seen).toEqual(['create: old', 'write: old', 'sync: old', 'rename: old', 'sync-folder: new']);
  });

  it('takes away what writers that were killed left behind, and nothing else', async () => {
    const others = ['sallyport.keystore.sallyport-new', 'x.keystore.0123456789abcdef.sallyport-new', 'notes'];
    for (const name of others) writeFileSync(join(rig.folder, name), '');
    writeFileSync(`${rig.file}.0123456789abcdef.sallyport-new`, 'half');
    await replaceFile(rig.file, 'new', fail);
    expect(readdirSync(rig.folder).toSorted()).toEqual([...others, basename(rig.file)].toSorted());
  });

  it('leaves the file to the owner that it had', async () => {
    writeFileSync(rig.file, 'old');
    const owner = process.getuid?.() === 0 ? 4321 : (process.getuid?.() ?? 0);
    chownSync(rig.file, owner, statSync(rig.file).gid);
    await replaceFile(rig.file, 'new', fail);
    expect(statSync(rig.file).uid).toBe(owner);
  });
});

describe('a writer that is killed', () => {
  it('leaves a keystore that opens, is whole, and can be written again', { timeout: 120_000 }, async () => {
    for (let kills = 0; kills < 6; kills += 1) {
      const writer = spawn(
        process.execPath,
        ['--conditions=@sallyport/source', '--import', 'tsx', WRITER, rig.file],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await new Promise((started) => writer.stdout.once('data', started));
      await sleep(kills * 7);
      const ended = new Promise((end) => writer.once('exit', end));
      writer.kill('SIGKILL');
      await ended;
      const keystore = await rig.open();
      const [newest] = await keystore.list();
      const number = Number((await keystore.get('counter')).reveal().toString());
      expect(newest?.version).toBe(number);
      await keystore.set('counter', String(number + 1));
    }
    expect(readdirSync(rig.folder)).toEqual([basename(rig.file)]);
  });
});

describe('two writers', () => {
  it('lose nothing of each other', async () => {
    const writers = await Promise.all([rig.open(), rig.open(), rig.open()]);
    await Promise.all(
      writers.flatMap((writer, number) =>
        ['a', 'b', 'c'].map((name) => writer.set(`${name}${number}`, 'value')),
      ),
    );
    expect(await (await rig.open()).list()).toHaveLength(9);
    expect(readdirSync(rig.folder)).toEqual([basename(rig.file)]);
  });

  it('in one file: the second is told who writes, and changes nothing', async () => {
    const keystore = await rig.open({ lockWaitMs: 60 });
    await keystore.set('api-key', 'one');
    await withWriteLock(rig.file, 0, fail, async () => {
      const error = await failureOf(keystore.set('api-key', 'two'));
      expect(error.code).toBe('unavailable');
      expect(error.message).toContain(`process ${process.pid} writes it`);
      expect(error.message).toContain(`${rig.file}.lock`);
    });
    expect((await keystore.list())[0]?.version).toBe(1);
    expect((await keystore.set('api-key', 'three')).version).toBe(2);
  });

  it('take over, one of them, the lock of a process that has ended', async () => {
    await (await rig.open()).set('api-key', 'one');
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((end) => gone.once('exit', end));
    writeFileSync(`${rig.file}.lock`, JSON.stringify({ pid: gone.pid, host: hostname(), id: 'x' }));
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(2);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withWriteLock(rig.file, 5000, fail, work)));
    expect(most).toBe(1);
    expect(readdirSync(rig.folder)).toEqual([basename(rig.file)]);
  });

  it.each([
    ['of another host', JSON.stringify({ pid: 2 ** 22, host: 'elsewhere.invalid', id: 'x' })],
    ['that cannot be read', 'half a li'],
    ['that is empty', ''],
  ])('never take over a lock %s', async (_, text) => {
    const keystore = await rig.open({ lockWaitMs: 0 });
    writeFileSync(`${rig.file}.lock`, text);
    const error = await failureOf(keystore.set('api-key', 'one'));
    expect(error.code).toBe('unavailable');
    expect(error.message).toContain(`delete ${rig.file}.lock`);
    expect(readFileSync(`${rig.file}.lock`, 'utf8')).toBe(text);
  });

  it('do not wait for somebody to write into a lock that is a pipe', async () => {
    const keystore = await rig.open({ lockWaitMs: 0 });
    execFileSync('mkfifo', [`${rig.file}.lock`]);
    expect((await failureOf(keystore.set('api-key', 'x'))).code).toBe('unavailable');
  });

  it('leave alone a lock that is not theirs any more', async () => {
    await withWriteLock(rig.file, 0, fail, () => {
      writeFileSync(`${rig.file}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), id: 'next' }));
      return Promise.resolve();
    });
    expect(readdirSync(rig.folder)).toEqual([`${basename(rig.file)}.lock`]);
  });

  it('give the lock back when the work fails', async () => {
    const keystore = await rig.open();
    expect(await codeOf(keystore.rotate('none', 'x'))).toBe('not_found');
    expect(readdirSync(rig.folder)).toEqual([]);
  });
});
