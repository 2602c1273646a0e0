import type { Suppressed } from '../allow/suppression.ts';
import type { BaselineEntry } from '../baseline/baseline-file.ts';
import type { ScanFinding, ScanProblem, ScanSummary } from '../scan-finding.ts';

/** All that a report tells. Nothing in it holds a credential. */
export interface ReportInput {
  /** Sorted by path, line and column. A path may be absolute: what is outside of the working directory. */
  readonly findings: readonly ScanFinding[];
  readonly problems: readonly ScanProblem[];
  readonly summary: ScanSummary;
  /** What is not reported, by what says so. */
  readonly suppressed?: Suppressed;
  /** What is odd about the baseline. */
  readonly baseline?: BaselineRemarks;
  /** How an entry of a client's config could be written instead, for findings in one. */
  readonly fixes?: ReadonlyMap<ScanFinding, string>;
  /** Of the program that scanned. */
  readonly version: string;
}

export interface BaselineRemarks {
  /** Entries that no finding is covered by; empty where not all was scanned that they may be about. */
  readonly unused: readonly BaselineEntry[];
  /** Entries without a reason. */
  readonly unreviewed: readonly BaselineEntry[];
}

/** A report in parts, to be written one after the other: there may be a hundred thousand findings. */
export type Report = Iterable<string>;
