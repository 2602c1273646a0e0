import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findJournals } from '../../src/reading/find-journals.ts';

const SEGMENT = '0000000000000000.journal';

describe('the journals of a folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sallyport-find-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function make(path: string, file = SEGMENT): void {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, file), '');
  }

  async function names(): Promise<string[]> {
    return (await findJournals(root)).map(({ name }) => name);
  }

  test('are itself when it holds segments', async () => {
    make('.');
    mkdirSync(join(root, 'spool'));
    expect(await findJournals(root)).toEqual([{ name: '.', folder: root }]);
  });

  test('are also those below one: a copy of a journal in a folder above hides none', async () => {
    for (const path of ['.', 'files', 'files/0', 'mail/2']) make(path);
    expect(await names()).toEqual(['.', 'files', 'files/0', 'mail/2']);
  });

  test('are those one and two levels below, in the order of their names and numbers', async () => {
    for (const path of ['mail/10', 'mail/2', 'files/0', 'alone', 'deep/er/still']) make(path);
    mkdirSync(join(root, 'empty'));
    expect(await names()).toEqual(['alone', 'files/0', 'mail/2', 'mail/10']);
  });

  test('are also those of which only checkpoints are left', async () => {
    make('files/0', '0000000000000012.checkpoints');
    expect(await names()).toEqual(['files/0']);
  });

  test('are found behind links, and a link that leads nowhere is no folder', async () => {
    make('elsewhere/kept/here');
    symlinkSync(join(root, 'elsewhere/kept/here'), join(root, 'linked'));
    symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
    expect(await names()).toEqual(['linked']);
  });

  test('are not those with a pipe, a device or a folder in the place of a file, and that is told', async () => {
    for (const path of ['pipe/0', 'device/0', 'folder/0', 'linked/0']) make(path);
    execFileSync('mkfifo', [join(root, 'pipe/0/0000000000000012.checkpoints')]);
    symlinkSync('/dev/zero', join(root, 'device/0/0000000000000012.journal'));
    mkdirSync(join(root, 'folder/0/0000000000000012.journal'));
    symlinkSync(join(root, 'device/0', SEGMENT), join(root, 'linked/0/0000000000000012.journal'));
    const told: unknown[] = [];
    const found = await findJournals(root, (name, irregular) => told.push([name, irregular]));
    expect(found.map(({ name }) => name)).toEqual(['linked/0']);
    expect(told).toEqual([
      ['device/0', '0000000000000012.journal'],
      ['folder/0', '0000000000000012.journal'],
      ['pipe/0', '0000000000000012.checkpoints'],
    ]);
  });

  test('are none in a folder of other files', async () => {
    make('.', 'audit.jsonl');
    make('files', '1.journal');
    expect(await names()).toEqual([]);
  });

  test('a folder that is not there, or a file, is an error of the system', async () => {
    await expect(findJournals(join(root, 'no'))).rejects.toMatchObject({ code: 'ENOENT' });
    make('.');
    await expect(findJournals(join(root, SEGMENT))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  // Root may read everything.
  if (process.getuid?.() !== 0) {
    test('a folder below that may not be read is told of, and the others are found', async () => {
      make('files/0');
      make('closed/0');
      chmodSync(join(root, 'closed'), 0);
      const closed: string[] = [];
      const found = await findJournals(root, (name) => closed.push(name));
      chmodSync(join(root, 'closed'), 0o700);
      expect(found.map(({ name }) => name)).toEqual(['files/0']);
      expect(closed).toEqual(['closed']);
    });
  }
});
