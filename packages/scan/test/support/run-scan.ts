import {
  scan,
  type ScanFinding,
  type ScanOptions,
  type ScanProblem,
  type ScanSummary,
} from '../../src/index.ts';

export interface Outcome {
  readonly findings: readonly ScanFinding[];
  readonly problems: readonly ScanProblem[];
  readonly summary: ScanSummary;
  readonly progress: number;
}

/** Runs a scan to its end, in this thread where nothing else is said. */
export async function runScan(options: ScanOptions): Promise<Outcome> {
  const findings: ScanFinding[] = [];
  const problems: ScanProblem[] = [];
  const summaries: ScanSummary[] = [];
  let progress = 0;
  for await (const event of scan({ threads: 0, ...options })) {
    if (event.type === 'finding') findings.push(event.finding);
    else if (event.type === 'problem') problems.push(event.problem);
    else if (event.type === 'summary') summaries.push(event.summary);
    else progress += 1;
  }
  const [summary] = summaries;
  if (summary === undefined || summaries.length > 1) throw new Error('A scan ends with one summary.');
  return { findings, problems, summary, progress };
}
