import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/samples.ts';
import { runScan } from '../support/run-scan.ts';
import { temporaryFolder } from '../support/temporary-repository.ts';

const worker = {
  url: new URL('../support/scan-worker.mjs', import.meta.url),
  options: { execArgv: ['--conditions=@sallyport/source'] },
};

describe('worker threads', () => {
  test('find what one thread finds, in the same order, however many they are', async () => {
    using folder = temporaryFolder();
    for (const [at, { text }] of SAMPLES.entries())
      folder.write(`${at % 7}/${at}.txt`, `${'some text\n'.repeat(at % 50)}${text}\n`);
    const target = { kind: 'tree', root: folder.path } as const;
    const alone = await runScan({ target });
    for (const threads of [1, 3]) {
      const together = await runScan({ target, threads, worker });
      expect(together.findings).toEqual(alone.findings);
      expect(together.summary).toMatchObject({ files: alone.summary.files, bytes: alone.summary.bytes });
    }
  }, 120_000);

  test('that cannot start fail the scan', async () => {
    using folder = temporaryFolder();
    folder.write('a.txt', 'x\n');
    folder.write('worker.mjs', 'throw new Error("no");\n');
    const url = new URL(`file://${folder.path}/worker.mjs`);
    await expect(
      runScan({ target: { kind: 'tree', root: folder.path }, threads: 1, worker: { url } }),
    ).rejects.toThrow();
  });
});
