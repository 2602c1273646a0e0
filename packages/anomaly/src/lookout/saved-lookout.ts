import type { SigmaState } from '../sigma/sigma-rules.ts';
import type { SavedWatch } from '../state/saved-watch.ts';

export const LOOKOUT_FORMAT = 'sallyport-lookout';
export const LOOKOUT_VERSION = 1;

/** What `Lookout.save` gives: JSON values only. Names of principals stand in it; keep it as you keep records. */
export interface SavedLookout {
  readonly format: typeof LOOKOUT_FORMAT;
  readonly version: typeof LOOKOUT_VERSION;
  readonly cursor: unknown;
  /** Of the time before nothing is told; milliseconds since the epoch. */
  readonly tellSince: number;
  readonly watch: SavedWatch;
  readonly rules: SigmaState;
  readonly triage: unknown;
}

/** What was saved cannot be gone on from. */
export class LookoutStateError extends Error {
  override readonly name = 'LookoutStateError';

  constructor(what: string, options?: ErrorOptions) {
    super(`The saved state cannot be used: ${what}. Delete it to begin to learn anew.`, options);
  }
}
