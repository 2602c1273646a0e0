import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Job, JobResult, JobSettings } from './job.ts';
import type { RunJob } from './run-job.ts';

/** Runs jobs, as many at a time as there are threads. */
export interface Pool {
  /** How many jobs are worth handing over at a time. */
  readonly width: number;
  run(job: Job, transfer?: readonly ArrayBuffer[]): Promise<JobResult>;
  close(): Promise<void>;
}

/** In this thread: for few files, where a worker would take longer to start than they to be scanned. */
export function createLocalPool(settings: JobSettings): Pool {
  // Loaded when the first job comes, so that the files are being listed meanwhile.
  let running: Promise<RunJob> | undefined;
  return {
    width: 1,
    run: async (job) => {
      running ??= import('./run-job.ts').then(({ createRunJob }) => createRunJob(settings));
      return (await running)(job);
    },
    close: () => Promise.resolve(),
  };
}

/** What a worker answers: the number of the job, and its result or what went wrong. */
export interface Answer {
  readonly id: number;
  readonly result?: JobResult;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
}

/** Compiled, it is a module beside this one; a bundle has to put it there. */
export function workerUrl(): URL {
  return new URL(`./scan-worker${extname(import.meta.url)}`, import.meta.url);
}

export function hasWorker(url: URL): boolean {
  return existsSync(fileURLToPath(url));
}

export function createWorkerPool(
  settings: JobSettings,
  threads: number,
  url: URL,
  options: WorkerOptions = {},
): Pool {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(url, { ...options, workerData: settings });
    const state = { worker, busy: 0 };
    worker.on('message', ({ id, result, error }: Answer) => {
      state.busy -= 1;
      const asked = waiting.get(id);
      waiting.delete(id);
      if (result === undefined) asked?.reject(new Error(error ?? 'A worker failed.'));
      else asked?.resolve(result);
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      if (waiting.size > 0) fail(new Error(`A worker ended with code ${code}.`));
    });
    return state;
  });
  return {
    width: threads * 2,
    run: (job, transfer = []) => {
      const least = workers.reduce((a, b) => (b.busy < a.busy ? b : a));
      least.busy += 1;
      const id = next++;
      return new Promise<JobResult>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        least.worker.postMessage({ id, job }, [...transfer]);
      });
    },
    close: async () => {
      await Promise.all(workers.map(({ worker }) => worker.terminate()));
    },
  };
}
