/** Further back than any window reaches, and far enough from the least number to be moved along with the pieces. */
export const NEVER = -0x40000000;

/** What a scan remembers of the text so far; places are those of the current piece. */
export interface Progress {
  /** Where the piece begins in the text. */
  base: number;
  /** No form but an `inner` one is tried before it: it is inside what was found. */
  skip: number;
  tokenEnd: number;
  colonEnd: number;
  /** What a label stands before has been read up to here: it does not reach the next number. */
  lastDigits: number;
  /** After the last word that a form of the tables' `near` waits for. */
  lastWord: number;
  /** By context group, after the last word of it. */
  readonly seen: Int32Array;
  /** Whether `seen` holds anything. */
  anySeen: boolean;
  /** Costly checks so far. */
  checks: number;
  /** Units that matchers were allowed to read, at most; proves linearity without a clock. */
  work: number;
}

export function createProgress(groups: number): Progress {
  return {
    base: 0,
    skip: 0,
    tokenEnd: 0,
    colonEnd: 0,
    lastDigits: 0,
    lastWord: NEVER,
    seen: new Int32Array(groups).fill(NEVER),
    anySeen: false,
    checks: 0,
    work: 0,
  };
}

/** Back to the beginning of a text; what a text costs in all, `checks` and `work`, is left. */
export function restart(progress: Progress): void {
  if (progress.anySeen) {
    progress.seen.fill(NEVER);
    progress.lastWord = NEVER;
    progress.anySeen = false;
  }
  progress.base = progress.skip = progress.tokenEnd = progress.colonEnd = progress.lastDigits = 0;
}

/** Moves what is remembered to a piece that begins at `base`. */
export function moveTo(progress: Progress, base: number): void {
  const shift = base - progress.base;
  if (shift === 0) return;
  const { seen } = progress;
  progress.base = base;
  for (let group = 0; group < seen.length; group++) {
    seen[group] = Math.max(NEVER, (seen[group] as number) - shift);
  }
  progress.lastWord = Math.max(NEVER, progress.lastWord - shift);
  progress.skip -= shift;
  progress.tokenEnd -= shift;
  progress.colonEnd -= shift;
  progress.lastDigits -= shift;
}
