import { parentPort, workerData } from 'node:worker_threads';
import type { Job, JobSettings } from './job.ts';
import type { Answer } from './pool.ts';
import { createRunJob } from './run-job.ts';

const runJob = createRunJob(workerData as JobSettings);

const answer = (message: Answer): void => parentPort?.postMessage(message, []);

parentPort?.on('message', ({ id, job }: { readonly id: number; readonly job: Job }) => {
  runJob(job).then(
    (result) => answer({ id, result }),
    // Only its kind: what an error says may hold what was scanned.
    (error: unknown) => answer({ id, error: error instanceof Error ? error.name : 'unknown' }),
  );
});
