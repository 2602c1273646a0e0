import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/workers/job.ts';
import { createWorkerPool } from '../../src/workers/pool.ts';
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

  test('are started only when this thread has scanned as much as they cost', async () => {
    using folder = temporaryFolder();
    folder.write('worker.mjs', 'throw new Error("no");\n');
    const settings = { maxFileBytes: 1 << 20, archives: false, threshold: undefined, without: [] };
    const url = new URL(`file://${folder.path}/worker.mjs`);
    const pool = createWorkerPool(settings, { threads: 2, url, alsoHere: true, hereFirst: 10_000 });
    const job = (): Job => ({ kind: 'bytes', blobs: [Buffer.from('some text\n'.repeat(500))] });
    try {
      expect(await pool.run(job())).toMatchObject({ files: 1, bytes: 5_000 });
      expect(await pool.run(job())).toMatchObject({ files: 1, bytes: 5_000 });
      await expect(pool.run(job())).rejects.toThrow();
    } finally {
      await pool.close();
    }
  });
});
