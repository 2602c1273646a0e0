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

  test('are itself when it holds segments, whatever is below', async () => {
    make('.');
    make('files/0');
    expect(await findJournals(root)).toEqual([{ name: '.', folder: root }]);
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
