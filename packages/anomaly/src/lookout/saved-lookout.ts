import type { WatchPart } from '../state/watch-parts.ts';
import type { CutPart } from './cut-lists.ts';

export const LOOKOUT_FORMAT = 'sallyport-lookout';
export const LOOKOUT_VERSION = 2;

/**
 * What `Lookout.save` gives, one after another: JSON values only. Names of principals stand in them; keep them as you keep
 * records.
 */
export type LookoutPart =
  | readonly ['lookout', LookoutHead]
  | WatchPart
  /** What one correlation remembers. */
  | CutPart<'rule'>
  | CutPart<'triage'>
  /** All of it is there. */
  | readonly ['end'];

interface LookoutHead {
  readonly format: typeof LOOKOUT_FORMAT;
  readonly version: typeof LOOKOUT_VERSION;
  readonly cursor: unknown;
  /** Of the time before nothing is told; milliseconds since the epoch. */
  readonly tellSince: number;
}

/** What was saved cannot be gone on from. */
export class LookoutStateError extends Error {
  override readonly name = 'LookoutStateError';

  constructor(what: string, options?: ErrorOptions) {
    super(`The saved state cannot be used: ${what}. Delete it to begin to learn anew.`, options);
  }
}
