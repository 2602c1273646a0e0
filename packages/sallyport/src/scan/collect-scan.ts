import {
  createSuppression,
  type Baseline,
  type KeepFinding,
  type RawFinding,
  readScanAllow,
  rulesById,
  scan,
  type ScanFinding,
  type ScanProblem,
  type ScanSummary,
  type Suppressed,
} from '@sallyport/scan';
import { Progress } from '../redact/progress.ts';
import type { ScanPlan, SourceOptions } from './scan-options.ts';
import { shownPathOf } from './shown-path.ts';

/** What scans of all sources found together. */
export interface CollectedScan {
  readonly findings: readonly ScanFinding[];
  readonly problems: readonly ScanProblem[];
  readonly summary: ScanSummary;
  readonly suppressed: Suppressed;
}

export interface CollectOptions {
  readonly source: SourceOptions;
  readonly plan: ScanPlan;
  readonly baseline: Baseline;
  /** Where a bar is shown; undefined where it would be in the way. */
  readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown } | undefined;
  readonly signal?: AbortSignal;
  /** Sees each finding that is reported, with the credential. Default: nobody. */
  readonly seen?: (raw: RawFinding, fingerprint: string) => void;
  /** Takes the place of allow list, marks and baseline. */
  readonly keep?: KeepFinding;
}

const NOTHING: ScanSummary = {
  files: 0,
  bytes: 0,
  commits: 0,
  skipped: { binary: 0, ignored: 0, empty: 0 },
  findings: 0,
  suppressed: 0,
  problems: 0,
  ms: 0,
  aborted: false,
};

/** Scans one source after the other. What stands in the work tree is not told again of the history of the same file. */
export async function collectScan(options: CollectOptions): Promise<CollectedScan> {
  const { source, plan, baseline, signal, seen } = options;
  const { allow = [], archives, maxFile, without, marks } = source;
  const list = readScanAllow(allow, new Set(rulesById().keys()));
  const suppression = createSuppression({
    allow: list,
    allowEntries: allow.length,
    baseline,
    ...(marks !== undefined && { marks }),
  });
  const ask = options.keep ?? suppression.keep;
  const keep: KeepFinding = (raw, fingerprint) => {
    const isKept = ask(raw, fingerprint);
    if (isKept) seen?.(raw, fingerprint);
    return isKept;
  };
  const findings: ScanFinding[] = [];
  const problems: ScanProblem[] = [];
  const known = new Set<string>();
  let summary = NOTHING;
  const progress = new Progress(options.terminal);
  try {
    for (const target of plan.targets) {
      const before = summary;
      const shown = shownPathOf(target);
      const here = new Set<string>();
      const events = scan({
        target,
        keep: (raw, fingerprint) => keep({ ...raw, path: shown(raw.path) }, fingerprint),
        skipPath: (path) => list.skips(shown(path)) !== undefined,
        ...(archives !== undefined && { archives }),
        ...(maxFile !== undefined && { maxFileBytes: maxFile }),
        ...(without !== undefined && { without }),
        ...(signal !== undefined && { signal }),
      });
      for await (const event of events) {
        switch (event.type) {
          case 'progress':
            progress.show(
              `${before.files + event.files} files`,
              before.bytes + event.bytes,
              event.totalBytes,
            );
            break;
          case 'problem':
            problems.push({ ...event.problem, path: shown(event.problem.path) });
            break;
          case 'finding': {
            const { fingerprint } = event.finding;
            const path = shown(event.finding.path);
            const key = `${fingerprint} ${path}`;
            if (known.has(key)) break;
            here.add(key);
            findings.push({ ...event.finding, path });
            break;
          }
          case 'summary':
            summary = sum(before, event.summary);
            break;
        }
      }
      for (const key of here) known.add(key);
    }
  } finally {
    progress.clear();
  }
  if (plan.targets.length > 1) findings.sort(byPlace);
  return {
    findings,
    problems,
    summary: { ...summary, findings: findings.length },
    suppressed: suppression.counts(),
  };
}

function byPlace(a: ScanFinding, b: ScanFinding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function sum(a: ScanSummary, b: ScanSummary): ScanSummary {
  return {
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
    commits: a.commits + b.commits,
    skipped: {
      binary: a.skipped.binary + b.skipped.binary,
      ignored: a.skipped.ignored + b.skipped.ignored,
      empty: a.skipped.empty + b.skipped.empty,
    },
    findings: a.findings + b.findings,
    suppressed: a.suppressed + b.suppressed,
    problems: a.problems + b.problems,
    ms: a.ms + b.ms,
    aborted: a.aborted || b.aborted,
  };
}
