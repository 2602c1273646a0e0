import { createDetector, SECRET_ENTITIES } from '@sallyport/detection/secrets';
import { isClientConfigRule, withClientConfigs } from '../client-config/with-client-configs.ts';
import { type ByteScan, createByteScanner } from '../engine/byte-scanner.ts';
import { createChunkScanner } from '../engine/chunk-scanner.ts';
import { archiveKindOf } from '../source/archive-kind.ts';
import { type FileProblem, scanFile } from '../source/read-file.ts';
import type { Job, JobHit, JobProblem, JobResult, JobSettings } from './job.ts';

/** Does the jobs of a scan; it holds a detector and a buffer. */
export type RunJob = (job: Job) => Promise<JobResult>;

export function createRunJob(settings: JobSettings): RunJob {
  const { threshold, without, maxFileBytes } = settings;
  const detector = createDetector({
    entities: SECRET_ENTITIES,
    without: without.filter((rule) => !isClientConfigRule(rule)),
    ...(threshold === undefined ? {} : { threshold }),
  });
  const scanner = createByteScanner(createChunkScanner(withClientConfigs(detector, { without, threshold })));

  return async (job) => {
    const result = { files: 0, bytes: 0, binary: 0, empty: 0 };
    const hits: JobHit[] = [];
    const problems: JobProblem[] = [];
    const take = (index: number, scan: ByteScan | FileProblem, inside?: string): void => {
      const place = inside === undefined ? { index } : { index, inside };
      if ('why' in scan) {
        problems.push({ ...place, why: scan.why, message: scan.message });
        return;
      }
      if (scan.kind === 'text') {
        result.files += 1;
        result.bytes += scan.bytes;
      } else result[scan.kind] += 1;
      for (const hit of scan.hits) hits.push({ ...place, hit });
    };
    if (job.kind === 'bytes') {
      for (const [index, blob] of job.blobs.entries())
        take(index, scanner.scanAll(Buffer.from(blob.buffer, blob.byteOffset, blob.length)));
      return { ...result, hits, problems };
    }
    for (const [index, given] of job.paths.entries()) {
      const path = typeof given === 'string' ? given : Buffer.from(given);
      const kind = settings.archives ? archiveKindOf(String(path)) : undefined;
      if (kind === undefined) take(index, scanFile(scanner, path, maxFileBytes));
      else {
        // The libraries for archives are loaded where there is one.
        const { scanArchive } = await import('../source/archive.ts');
        const takeEntry = (inside: string, scan: ByteScan | FileProblem): void => take(index, scan, inside);
        await scanArchive(scanner, path, { kind, maxFileBytes }, takeEntry);
      }
    }
    return { ...result, hits, problems };
  };
}
