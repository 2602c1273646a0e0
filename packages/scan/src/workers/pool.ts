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
  return { width: 1, run: createLocalRun(settings), close: () => Promise.resolve() };
}

function createLocalRun(settings: JobSettings): RunJob {
  // Loaded when the first job comes, so that the files are being listed meanwhile.
  let running: Promise<RunJob> | undefined;
  return async (job) => {
    running ??= import('./run-job.ts').then(({ createRunJob }) => createRunJob(settings));
    return (await running)(job);
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

export interface WorkerPoolOptions {
  /** How many workers, 1 at least. */
  readonly threads: number;
  readonly url: URL;
  readonly options?: WorkerOptions | undefined;
  /** Whether this thread goes on doing jobs when the workers run and have enough of them. */
  readonly alsoHere: boolean;
  /** Bytes that this thread scans before it starts any worker. */
  readonly hereFirst: number;
}

/** What a file costs besides its bytes, as if it had more of them. */
const FILE_BYTES = 2_048;
/** Jobs that each worker has: one that it does and some that wait, for as long as this thread does one itself. */
const ENOUGH = 3;

interface WorkerState {
  readonly worker: Worker;
  busy: number;
}

export function createWorkerPool(settings: JobSettings, poolOptions: WorkerPoolOptions): Pool {
  const { threads, url, options = {}, alsoHere, hereFirst } = poolOptions;
  const runLocally = createLocalRun(settings);
  const workers: WorkerState[] = [];
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let done = 0;
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): WorkerState => {
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
  };
  const runHere = async (job: Job): Promise<JobResult> => {
    const result = await runLocally(job);
    done += result.bytes + result.files * FILE_BYTES;
    // What workers have answered meanwhile is heard before the next job, or they would wait for one.
    await new Promise((resolve) => setImmediate(resolve));
    return result;
  };
  return {
    width: threads * ENOUGH + 1,
    run: (job, transfer = []) => {
      if (workers.length === 0 && done < hereFirst) return runHere(job);
      while (workers.length < threads) workers.push(start());
      const least = workers.reduce((a, b) => (b.busy < a.busy ? b : a));
      if (alsoHere && least.busy >= ENOUGH) return runHere(job);
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
