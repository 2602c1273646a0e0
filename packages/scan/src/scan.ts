import { availableParallelism } from 'node:os';
import { scanLog } from './git/scan-log.ts';
import { scanStaged } from './git/scan-staged.ts';
import { GitError } from './git/run-git.ts';
import type { ScanContext } from './scan-context.ts';
import type { ScanEvent } from './scan-finding.ts';
import { createLedger } from './scan-ledger.ts';
import type { ScanOptions } from './scan-options.ts';
import { scanStdin } from './source/scan-stdin.ts';
import { scanTree } from './source/scan-tree.ts';
import type { JobSettings } from './workers/job.ts';
import { createLocalPool, createWorkerPool, hasWorker, type Pool, workerUrl } from './workers/pool.ts';

const MOST_FILE = 4 * 2 ** 30;
/** More threads than this wait for the disk. */
const MOST_THREADS = 8;
/**
 * Bytes. A worker compiles rules and code for as long as it takes to scan some 16 MiB: whoever has less does without. What
 * git writes waits while this thread scans, so there a worker is worth its start sooner.
 */
const HERE_FIRST = { tree: 1 << 24, git: 1 << 22 } as const;

/**
 * Scans for credentials. Problems and progress are told as they come; the findings come at the end, sorted by path, line
 * and column, whatever the workers did; the summary is last.
 *
 * @throws TypeError for an option that cannot be used, with what to write instead
 */
export async function* scan(options: ScanOptions): AsyncGenerator<ScanEvent, void, undefined> {
  check(options);
  const events: ScanEvent[] = [];
  let wake = (): void => {};
  const emit = (event: ScanEvent): void => {
    events.push(event);
    wake();
  };
  let ended = false;
  const running = run(options, emit).finally(() => {
    ended = true;
    wake();
  });
  // It is awaited at the end; until then a failure is nobody else's to report.
  running.catch(() => {});
  for (;;) {
    const now = events.splice(0);
    yield* now;
    if (events.length > 0) continue;
    if (ended) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  await running;
}

function check({ threads, maxFileBytes, target }: ScanOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= 64))
    throw new TypeError('threads has to be a whole number from 0 to 64.');
  if (maxFileBytes !== undefined && !(maxFileBytes > 0))
    throw new TypeError('maxFileBytes has to be a number above 0.');
  if (target.kind === 'range' && (target.range === '' || /[\0\n\s]/.test(target.range)))
    throw new TypeError('A range has to be one word, such as main..feature; scan all with history.');
}

async function run(options: ScanOptions, emit: (event: ScanEvent) => void): Promise<void> {
  const { target, signal, clock = (): number => performance.now(), keep = (): boolean => true } = options;
  const start = clock();
  const ledger = createLedger(emit, keep);
  const { maxFileBytes = MOST_FILE, archives = false, threshold, without = [] } = options;
  const settings: JobSettings = { maxFileBytes, archives, threshold, without };
  let pool: Pool | undefined;
  const context: ScanContext = {
    ledger,
    environment: options.environment ?? process.env,
    maxFileBytes,
    signal,
    skipPath: options.skipPath ?? ((): boolean => false),
    pool: (isMuch) => (pool ??= createPool(options, settings, isMuch)),
  };
  try {
    await scanTarget(target, context);
  } catch (error) {
    if (signal?.aborted !== true) {
      if (!(error instanceof GitError)) throw error;
      ledger.problem({ path: '', why: 'git', message: error.message, fatal: true });
    }
  } finally {
    await pool?.close();
  }
  ledger.progress();
  ledger.close(clock() - start, signal?.aborted === true);
}

function createPool({ threads, worker, target }: ScanOptions, settings: JobSettings, isMuch: boolean): Pool {
  const url = worker?.url ?? workerUrl();
  // Of a tree this thread scans, too; of a history it reads what git writes, which is busy itself.
  const isTree = target.kind === 'tree';
  const count = threads ?? (isMuch ? Math.min(MOST_THREADS, availableParallelism()) - 1 : 0);
  if (count === 0 || !hasWorker(url)) return createLocalPool(settings);
  const hereFirst = threads === undefined ? HERE_FIRST[isTree ? 'tree' : 'git'] : 0;
  return createWorkerPool(settings, {
    threads: count,
    url,
    options: worker?.options,
    alsoHere: isTree,
    hereFirst,
  });
}

async function scanTarget(target: ScanOptions['target'], context: ScanContext): Promise<void> {
  switch (target.kind) {
    case 'tree':
      return scanTree(target, context);
    case 'staged':
      return scanStaged(target.root, context);
    case 'range':
      return scanLog(target.root, target.range, context);
    case 'history':
      return scanLog(target.root, undefined, context);
    case 'stdin':
      return scanStdin(target, context);
  }
}
