import { fingerprintOf } from './fingerprint.ts';
import type {
  KeepFinding,
  RawFinding,
  ScanEvent,
  ScanFinding,
  ScanProblem,
  ScanSummary,
  SkipReason,
} from './scan-finding.ts';

/** What a scan has found and counted so far. */
export interface ScanLedger {
  readonly findings: RawFinding[];
  readonly skipped: Record<SkipReason, number>;
  files: number;
  bytes: number;
  commits: number;
  totalFiles: number | undefined;
  problem(problem: ScanProblem): void;
  progress(): void;
  /** Tells the findings that are kept, and the summary. */
  close(ms: number, aborted: boolean): void;
}

export function createLedger(emit: (event: ScanEvent) => void, keep: KeepFinding): ScanLedger {
  let problems = 0;
  const ledger: ScanLedger = {
    findings: [],
    skipped: { binary: 0, ignored: 0, empty: 0 },
    files: 0,
    bytes: 0,
    commits: 0,
    totalFiles: undefined,
    problem: (problem) => {
      problems += 1;
      emit({ type: 'problem', problem });
    },
    progress: () => {
      const { files, bytes, totalFiles, skipped } = ledger;
      const done = files + skipped.binary + skipped.empty;
      const total = totalFiles === undefined ? {} : { totalFiles };
      emit({ type: 'progress', files: done, bytes, ...total });
    },
    close: (ms, aborted) => {
      const { findings, skipped, files, bytes, commits } = ledger;
      let kept = 0;
      for (const raw of findings.sort(byPlace)) {
        const fingerprint = fingerprintOf(raw.rule, raw.secret);
        if (!keep(raw, fingerprint)) continue;
        kept += 1;
        emit({ type: 'finding', finding: reported(raw, fingerprint) });
      }
      const suppressed = findings.length - kept;
      const counts = { files, bytes, commits, skipped, findings: kept, suppressed, problems };
      const summary: ScanSummary = { ...counts, ms, aborted };
      emit({ type: 'summary', summary });
    },
  };
  return ledger;
}

function byPlace(a: RawFinding, b: RawFinding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (
    a.line - b.line ||
    a.column - b.column ||
    (a.rule < b.rule ? -1 : Number(a.rule > b.rule)) ||
    ((a.commit?.id ?? '') < (b.commit?.id ?? '') ? -1 : 1)
  );
}

/** Without what only suppression may see. */
function reported(raw: RawFinding, fingerprint: string): ScanFinding {
  const { secret: _, lineText: _1, start: _2, end: _3, lineBefore: _4, ...open } = raw;
  return { ...open, fingerprint };
}
