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
  /** How many appends were refused, and how many records that were accepted before are lost. */
  | { readonly type: 'recovered'; readonly refused: number; readonly lost: number }
  | { readonly type: 'rotated'; readonly first: number }
  /** Records before `first` were removed. */
  | { readonly type: 'pruned'; readonly first: number; readonly segments: number; readonly bytes: number }
  | { readonly type: 'prune_failed'; readonly error: Error }
  /** The signer failed; records are written without a checkpoint, up to 4,096 of them. */
  | { readonly type: 'sign_failed'; readonly error: Error }
  /** `onCheckpoint` threw: the checkpoint is stored, and went nowhere else. */
  | { readonly type: 'push_failed'; readonly error: Error };

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
  /** Told of each signed checkpoint once it is stored, to push it to where this machine cannot change it. */
  readonly onCheckpoint?: (note: string, checkpoint: Checkpoint) => void;
  readonly onEvent?: (event: JournalEvent) => void;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Ids that are never used again. Default: UUIDv7. */
  readonly newId?: () => string;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
  /** Who holds the lock. Default: this process. */
  readonly self?: ProcessIdentity;
}
