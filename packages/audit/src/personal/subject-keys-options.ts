import { randomBytes } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { type ProcessIdentity, thisProcess } from '../journal/process-identity.ts';

export interface SubjectKeysOptions {
  /**
   * Made when it is not there, for its owner alone (0600), with a folder `FILE.lock` beside it. Any number of processes on
   * machines that share the file may use it.
   */
  readonly file: string;
  /** 32 random bytes as text, as `openssl rand -base64 32` makes them; asked once. */
  readonly key: () => Promise<Secret>;
  /** Makes, adds, erases and locks nothing: for whoever reads records. Default: false. */
  readonly readOnly?: boolean;
  /** How many people's keys are kept in memory. Default: 4,096. */
  readonly cached?: number;
  /** How many people the file may hold; the next one is refused, and with it the call. Default: 1,000,000. */
  readonly maxPeople?: number;
  /**
   * How long another process may write the file before a new person, and with it the call, is refused, in milliseconds.
   * Default: 5,000; to open and to erase at least 30,000.
   */
  readonly lockWaitMs?: number;
  /** Until an erasure by another process is noticed, at most, in milliseconds. Default: 1,000. */
  readonly recheckMs?: number;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds since any moment, by a clock that nobody sets. Default: `performance.now`. */
  readonly elapsed?: () => number;
  /** Default: `randomBytes` of node:crypto. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
  /** Who holds the lock. Default: this process. */
  readonly self?: ProcessIdentity;
}

export type SubjectKeysSettings = Required<Omit<SubjectKeysOptions, 'key'>>;

/** @throws TypeError for an option that is out of bounds */
export function settingsOf(options: SubjectKeysOptions): SubjectKeysSettings {
  const { key: _, ...rest } = options;
  return {
    readOnly: false,
    now: Date.now,
    elapsed: () => performance.now(),
    random: randomBytes,
    fs: NODE_FS,
    self: options.self ?? thisProcess(),
    ...rest,
    cached: atLeast(1, 'cached', options.cached ?? 4096),
    maxPeople: atLeast(1, 'maxPeople', options.maxPeople ?? 1_000_000),
    lockWaitMs: atLeast(0, 'lockWaitMs', options.lockWaitMs ?? 5000),
    recheckMs: atLeast(0, 'recheckMs', options.recheckMs ?? 1000),
  };
}

function atLeast(least: number, name: string, value: number): number {
  if (value >= least) return value;
  throw new TypeError(`${name} must be a number from ${least} on.`);
}
