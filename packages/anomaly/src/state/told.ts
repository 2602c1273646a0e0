import type { Oddity } from '../detector.ts';

/** So many times as odd as what was told is told again at once. */
const WORSE = 4;

/**
 * Whether somebody has to hear of an oddity: not when the same one was told of late, unless it grew much worse. One that
 * goes on keeps silent for as long as it does, up to a reminder.
 *
 * @param told per detector: when it was told, until when it is not told again, and how many times the baseline it was
 */
export function isWorthTelling(
  told: (number[] | undefined)[],
  detector: number,
  { measure }: Oddity,
  time: number,
  { refractoryMs, remindMs }: { readonly refractoryMs: number; readonly remindMs: number },
): boolean {
  const ratio = measure.observed / Math.max(1, measure.baseline);
  const [since = 0, until = 0, before = 0] = told[detector] ?? [];
  const again = time >= until || time < since;
  if (again || ratio >= WORSE * before) {
    told[detector] = [again ? time : since, time + refractoryMs, ratio];
    return true;
  }
  told[detector] = [since, Math.max(until, Math.min(time + refractoryMs, since + remindMs)), before];
  return false;
}
