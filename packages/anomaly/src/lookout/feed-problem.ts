import type { ScanProblem } from '@sallyport/audit';

/** What a feed could not read; it goes on behind it. */
export type FeedProblem =
  | ScanProblem
  /** A folder that cannot be read now: `code` of the system, or `irregular` for what is no file. */
  | { readonly journal: string; readonly why: 'closed'; readonly code: string };
