import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import { verify } from '../../src/journal/verify.ts';
import { JournalReader } from '../../src/shipping/journal-reader.ts';
import { Bench, ids } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

const makePipe = (path: string): void => {
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
};
const REFUSED = {
  code: 'damaged',
  message: expect.stringContaining('a pipe, a device or a folder') as string,
};

describe.each([
  ['a pipe', makePipe],
  ['a device', (path: string) => symlinkSync('/dev/zero', path)],
  ['a folder', (path: string) => mkdirSync(path)],
] as const)('%s in the place of a file', (_, put) => {
  test.each(['.journal', '.checkpoints'])(
    'that should be a %s holds up nobody, and is told',
    async (extension) => {
      await bench.write(ids(3));
      const [path = ''] = bench.files(extension);
      rmSync(path);
      put(path);
      await expect(verify(bench.folder, bench.keys)).rejects.toMatchObject(REFUSED);
      await expect(bench.open()).rejects.toMatchObject(REFUSED);
      expect(readdirSync(bench.folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
      if (extension !== '.journal') return;
      const reader = new JournalReader(NODE_FS, {
        folder: bench.folder,
        from: undefined,
        onEvent: () => undefined,
      });
      await expect(reader.read({ records: 10, bytes: 1000 })).rejects.toMatchObject(REFUSED);
    },
  );

  test('is no text either', async () => {
    const path = `${bench.root}/text`;
    put(path);
    await expect(NODE_FS.readText(path)).rejects.toMatchObject(REFUSED);
    await expect(NODE_FS.open(path, 'write')).rejects.toThrow();
  });
});
