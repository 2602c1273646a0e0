/** What was found. Every one but `ok` and `torn` means that the journal is not what was written. */
export type Finding =
  | { readonly verdict: 'ok' }
  /** The file ends within a record that no checkpoint covers: a crash, or a journal that is being written. */
  | { readonly verdict: 'torn'; readonly file: string; readonly bytes: number }
  /** Records from `sequence` up to, not including, `until` are not vouched for; the first of them that can be told. */
  | {
      readonly verdict: 'tampered';
      readonly sequence: number;
      readonly until: number;
      readonly file: string;
      readonly why: 'bytes' | 'link' | 'order' | 'head' | 'checkpoint' | 'root' | 'origin';
    }
  /** Records from `sequence` up to, not including, `until` are missing. */
  | { readonly verdict: 'gap'; readonly sequence: number; readonly until: number }
  /** The journal ends at `sequence`, but a checkpoint stored in it, or one given from outside, covers `until`. */
  | {
      readonly verdict: 'truncated';
      readonly sequence: number;
      readonly until: number;
      readonly by: 'stored' | 'given';
    }
  /**
   * Records from `sequence` up to, not including, `until` have no checkpoint, and a crash does not leave so many: no
   * checkpoint is there at all, or more than 8,192 records follow the last one. Anybody could have written them.
   */
  | { readonly verdict: 'unsigned'; readonly sequence: number; readonly until: number }
  /** A checkpoint is signed by none of the keys. */
  | { readonly verdict: 'unknown_key'; readonly file: string };

export type Verification = Finding & {
  /** Which journal; empty when it could not be read. */
  readonly origin: string;
  /** Number of the first record that is there; those before were pruned. */
  readonly first: number;
  /** Records that were written up to here, the pruned ones among them. */
  readonly size: number;
  /** Root of the tree over them, hexadecimal. */
  readonly root: string;
  /** How many of them a checkpoint covers: the rest are newer than the last one. */
  readonly signed: number;
  readonly checkpoints: number;
  readonly segments: number;
  /** Whether the checkpoint given from outside could be compared; `pruned` when records it covers are gone. */
  readonly given: 'none' | 'checked' | 'pruned';
};
