import type { Environment } from './git/run-git.ts';
import type { RawFinding, ScanCommit, ScanProblem, ScanSource } from './scan-finding.ts';
import type { ScanLedger } from './scan-ledger.ts';
import type { Job, JobProblem } from './workers/job.ts';
import type { Pool } from './workers/pool.ts';

/** What every kind of scan works with. */
export interface ScanContext {
  readonly ledger: ScanLedger;
  readonly environment: Environment;
  readonly maxFileBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly skipPath: (path: string) => boolean;
  /** A pool for few files or for many; the first call decides. */
  pool(isMuch: boolean): Pool;
}

/** What a text of a job is called, and where it comes from. */
interface TextOrigin {
  readonly path: string;
  readonly source: ScanSource;
  readonly commit?: ScanCommit;
  /** Its text is a part of the file: the line of the file that one of the text is. */
  readonly lineOf?: (line: number) => number;
}

/** Hands jobs over, so many at a time that none waits long. */
export interface JobQueue {
  /** Resolves when there is room for another. */
  run(job: Job, originOf: (index: number) => TextOrigin, transfer?: readonly ArrayBuffer[]): Promise<void>;
  /** Resolves when all are done. */
  drain(): Promise<void>;
}

export interface QueueOptions {
  readonly context: ScanContext;
  readonly pool: Pool;
  /** Says what to do about what was not scanned; `undefined` for nothing. */
  readonly problem: (problem: JobProblem, path: string) => ScanProblem | undefined;
  /** Default: it goes to the ledger. */
  readonly found?: (finding: RawFinding) => void;
}

export function createJobQueue({ context, pool, problem, found }: QueueOptions): JobQueue {
  const { ledger } = context;
  const running = new Set<Promise<void>>();
  let failure: unknown;

  const take = async (
    job: Job,
    originOf: (index: number) => TextOrigin,
    transfer: readonly ArrayBuffer[],
  ): Promise<void> => {
    const result = await pool.run(job, transfer);
    ledger.files += result.files;
    ledger.bytes += result.bytes;
    ledger.skipped.binary += result.binary;
    ledger.skipped.empty += result.empty;
    for (const { index, inside, hit } of result.hits) {
      const finding = findingOf(hit, originOf(index), inside);
      if (found === undefined) ledger.findings.push(finding);
      else found(finding);
    }
    for (const each of result.problems) {
      const { path } = originOf(each.index);
      const told = problem(each, isInside(each.inside) ? `${path}!/${each.inside}` : path);
      if (told !== undefined) ledger.problem(told);
    }
    ledger.progress();
  };

  return {
    run: async (job, originOf, transfer = []) => {
      const one: Promise<void> = take(job, originOf, transfer)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => running.delete(one));
      running.add(one);
      while (running.size >= pool.width) await Promise.race(running);
      if (failure !== undefined) throw failure;
    },
    drain: async () => {
      await Promise.all(running);
      if (failure !== undefined) throw failure;
    },
  };
}

/** Nothing stands for the archive itself. */
function isInside(inside: string | undefined): inside is string {
  return inside !== undefined && inside !== '';
}

function findingOf(
  hit: Omit<RawFinding, 'path' | 'source' | 'commit'>,
  { path, source, commit, lineOf }: TextOrigin,
  inside: string | undefined,
): RawFinding {
  const origin = {
    path: isInside(inside) ? `${path}!/${inside}` : path,
    source: isInside(inside) ? ('archive' as const) : source,
    ...(commit === undefined ? {} : { commit }),
  };
  if (lineOf === undefined) return { ...hit, ...origin };
  // A part of a file knows neither where the file begins nor the line before it.
  const { byteOffset: _, lineBefore: _1, ...part } = hit;
  return { ...part, ...origin, line: lineOf(hit.line), endLine: lineOf(hit.endLine) };
}
