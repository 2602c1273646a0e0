import type { LocatedHit } from '../engine/located-hit.ts';
import type { ProblemReason } from '../scan-finding.ts';

/** What a worker is asked to scan. */
export type Job =
  | {
      readonly kind: 'files';
      /** Absolute; bytes where a name is no UTF-8. */
      readonly paths: readonly (string | Uint8Array)[];
    }
  | { readonly kind: 'bytes'; readonly blobs: readonly Uint8Array[] };

/** What is the same for all jobs of a scan. */
export interface JobSettings {
  /** Of a file; a longer one is a problem. */
  readonly maxFileBytes: number;
  /** Whether to look into archives. */
  readonly archives: boolean;
  /** The least score of a finding; `undefined` for the default of the detector. */
  readonly threshold: number | undefined;
  /** Ids of rules to leave out. */
  readonly without: readonly string[];
}

/** A credential in one of the files of a job. */
export interface JobHit {
  /** Its index in the job. */
  readonly index: number;
  /** The path in the archive, or archives, that the file is. */
  readonly inside?: string;
  readonly hit: LocatedHit;
}

export interface JobProblem {
  readonly index: number;
  readonly inside?: string;
  readonly why: ProblemReason;
  readonly message: string;
}

export interface JobResult {
  readonly files: number;
  readonly bytes: number;
  readonly binary: number;
  readonly empty: number;
  readonly hits: readonly JobHit[];
  readonly problems: readonly JobProblem[];
}
