import type { Checkpoint } from './checkpoint.ts';
import type { JournalFs } from './journal-fs.ts';
import type { Signer } from './note.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What happens to a journal that no caller is told of. Names of files and counts; never a value of a record. */
export type JournalEvent =
  /** Bytes that a crash left behind the last whole record were moved to a file in the folder. */
  | { readonly type: 'torn_tail'; readonly bytes: number; readonly file: string }
  /** The lock of a process that is gone was removed. */
  | { readonly type: 'stale_lock'; readonly holder: string }
  /** Records cannot be written; appends are refused until `recovered`. */
  | { readonly type: 'broken'; readonly error: Error }
  /** Records cannot be written; appends wait for so many milliseconds, until `recovered` or `broken`. */
  | { readonly type: 'blocking'; readonly error: Error; readonly ms: number }
  /** Records cannot be written, or not as fast as they come; what cannot be kept is lost until `recovered`. */
  | { readonly type: 'dropping'; readonly error: Error }
  /** How many appends were refused, and how many records that were accepted are lost. The chain says so too. */
  | { readonly type: 'recovered'; readonly refused: number; readonly lost: number }
  /** The wall clock was set by so many milliseconds, back when negative. The order of records is not by the clock. */
  | { readonly type: 'clock_stepped'; readonly ms: number }
  | { readonly type: 'rotated'; readonly first: number }
  /** Records before `first` were removed. */
  | { readonly type: 'pruned'; readonly first: number; readonly segments: number; readonly bytes: number }
  | { readonly type: 'prune_failed'; readonly error: Error }
  /** The signer failed; records are written without a checkpoint, up to 4,096 of them, and wait then. */
  | { readonly type: 'sign_failed'; readonly error: Error }
  /** `onCheckpoint` threw: the checkpoint is stored, and went nowhere else. */
  | { readonly type: 'push_failed'; readonly error: Error };

/**
 * What appends meet while the disk does not take records. `deny`: they are refused, but for those that need not be
 * durable, of which up to 10,000 wait in memory. `blockMs`: they wait, at most so many milliseconds from when the disk
 * failed, and then it is the same. `dangerouslyDrop`: they succeed; up to
 * 10,000 records wait in memory, and more are lost, until a `dropped` entry in the chain says how many, and from when
 * to when.
 */
export type FailurePolicy = 'deny' | { readonly blockMs: number } | 'dangerouslyDrop';

export interface JournalOptions {
  readonly signer: Signer;
  /** Verifier keys that signed this journal before. Default: none. */
  readonly formerKeys?: readonly string[];
  /** A segment of so many bytes is followed by another one. Default: 16 MiB. */
  readonly segmentBytes?: number;
  /** So is one so old, in milliseconds. Default: 24 hours. */
  readonly segmentAgeMs?: number;
  /** Segments whose last record is older are removed, in milliseconds. Default: none is. */
  readonly keepMs?: number;
  /** The oldest segments are removed while all have more bytes. Default: none is. */
  readonly keepBytes?: number;
  /** A checkpoint is signed at the latest after so many records. Default: 256. */
  readonly checkpointRecords?: number;
  /** And so long after a record, in milliseconds. Default: 1,000. */
  readonly checkpointMs?: number;
  /** How long a record that nobody waits for may stay in memory, in milliseconds. Default: 100. */
  readonly lazyMs?: number;
  /** Bytes that may wait for the disk before appends are refused. Default: 64 MiB. */
  readonly pendingBytes?: number;
  /** How long after a failure the disk is tried again, in milliseconds. Default: 1,000. */
  readonly retryMs?: number;
  /** Default: `deny`. */
  readonly onFailure?: FailurePolicy;
  /** How long appends wait for the signer once 4,096 records have no checkpoint, in milliseconds. Default: 10,000. */
  readonly unsignedMs?: number;
  /** A wall clock that is set by more is told, in milliseconds. Default: 2,000. */
  readonly clockStepMs?: number;
  /** Told of each signed checkpoint once it is stored, to push it to where this machine cannot change it. */
  readonly onCheckpoint?: (note: string, checkpoint: Checkpoint) => void;
  readonly onEvent?: (event: JournalEvent) => void;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds since any moment, of a clock that is never set. Default: `performance.now`. */
  readonly monotonic?: () => number;
  /** Ids that are never used again. Default: UUIDv7. */
  readonly newId?: () => string;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
  /** Who holds the lock. Default: this process. */
  readonly self?: ProcessIdentity;
}
