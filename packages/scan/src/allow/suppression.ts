import type { Baseline } from '../baseline/baseline.ts';
import { findMark, type MarkKind } from '../marks/find-mark.ts';
import type { KeepFinding } from '../scan-finding.ts';
import type { ReadAllow } from './scan-allow.ts';

/** What was found and is not reported, by what says so. */
export interface Suppressed {
  readonly baseline: number;
  readonly marks: Readonly<Record<MarkKind, number>>;
  /** Of our own marks, those that say no reason. */
  readonly marksWithoutReason: number;
  /** For each entry of the allow list. */
  readonly allow: readonly number[];
}

/** What suppresses findings. */
export interface SuppressionOptions {
  readonly allow: ReadAllow;
  /** How many entries the allow list has. */
  readonly allowEntries: number;
  readonly baseline: Baseline;
  /** Default true; false where marks are to be overlooked. */
  readonly marks?: boolean;
}

/** Decides for each finding, and counts. */
export interface Suppression {
  readonly keep: KeepFinding;
  counts(): Suppressed;
}

/**
 * The allow list is asked first, then marks, then the baseline; every one that covers a finding counts as used, so that
 * none becomes superfluous unseen because another covers the same.
 */
export function createSuppression(options: SuppressionOptions): Suppression {
  const { allow, baseline, marks: wantsMarks = true } = options;
  const byAllow: number[] = Array.from({ length: options.allowEntries }, () => 0);
  const marks: Record<MarkKind, number> = { sallyport: 0, gitleaks: 0, 'detect-secrets': 0 };
  let byBaseline = 0;
  let marksWithoutReason = 0;
  return {
    keep: (raw, fingerprint) => {
      const entry = baseline.covers(fingerprint, raw.path);
      const index = allow.allows(raw);
      const mark = wantsMarks ? findMark(raw) : undefined;
      if (index !== undefined) byAllow[index] = (byAllow[index] ?? 0) + 1;
      else if (mark !== undefined) marks[mark.kind] += 1;
      else if (entry !== undefined) byBaseline += 1;
      if (mark?.kind === 'sallyport' && mark.reason === undefined) marksWithoutReason += 1;
      return index === undefined && mark === undefined && entry === undefined;
    },
    counts: () => ({ baseline: byBaseline, marks: { ...marks }, marksWithoutReason, allow: [...byAllow] }),
  };
}
