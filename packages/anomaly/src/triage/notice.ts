import type { AlertFacts } from '@sallyport/audit';

/** What sinks are told at once: the alerts of one group, oldest first and at least one. */
export interface Notice {
  /** That of its first alert: the same stream always gives the same notices. */
  readonly id: string;
  /** What its alerts have in common, as 32 hexadecimal digits: notices of one group belong together. */
  readonly group: string;
  readonly alerts: readonly [AlertFacts, ...AlertFacts[]];
  /** How many of the group came since the last notice and say nothing new. */
  readonly repeated: number;
}
