import type { WorkerOptions } from 'node:worker_threads';
import type { KeepFinding } from './scan-finding.ts';

/** Where the text comes from. */
export type ScanTarget =
  | {
      /** What lies in a folder, or is tracked there. */
      readonly kind: 'tree';
      readonly root: string;
      /** Files and folders under `root`; a file that is named is scanned though it is ignored. Default: all of it. */
      readonly paths?: readonly string[];
      /** Whether ignored files are scanned, too. Default false. */
      readonly noIgnore?: boolean;
    }
  /** What the index has and the last commit has not; the work tree is not read. */
  | { readonly kind: 'staged'; readonly root: string }
  /** The lines that some commits add: `main..feature`, `HEAD~3..`. */
  | { readonly kind: 'range'; readonly root: string; readonly range: string }
  /** The lines that any commit of any reference adds. */
  | { readonly kind: 'history'; readonly root: string }
  /** What is piped in; `name` is its path in findings. Default `stdin`. */
  | { readonly kind: 'stdin'; readonly stream: AsyncIterable<Buffer>; readonly name?: string };

export interface ScanOptions {
  readonly target: ScanTarget;
  /** Asked about each finding before it is reported. Default: all are. */
  readonly keep?: KeepFinding;
  /** Whether a path is left out, unread; it counts as ignored. Default: none is. */
  readonly skipPath?: (path: string) => boolean;
  /** The longest file that is scanned, in bytes. Default 4 GiB. */
  readonly maxFileBytes?: number;
  /** Whether to look into ZIP, tar and gzip files, of a tree only. Default false. */
  readonly archives?: boolean;
  /** The least score of a finding, from 0 to 1. Default 0.5. */
  readonly threshold?: number;
  /** Ids of rules to leave out. Default: none. */
  readonly without?: readonly string[];
  /** Worker threads besides this one; 0 scans in this one alone. Default: one less than the machine has processors, once this one has scanned 16 MiB (of a history 4). */
  readonly threads?: number;
  /** Ends it early: what was found so far is told. */
  readonly signal?: AbortSignal;
  /** Default `process.env`; of it git gets its path and home. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where the module of the workers is, and how to start them, where it is not beside this one. */
  readonly worker?: { readonly url: URL; readonly options?: WorkerOptions };
  /** In milliseconds. Default `performance.now`. */
  readonly clock?: () => number;
}
