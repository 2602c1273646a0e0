import type { AlertFacts } from '@sallyport/audit';
import type { DetectorId } from './detector-id.ts';
import type { ToolKinds } from './tool-kinds.ts';

export interface WatchOptions {
  /** How long a principal, and a server, are only looked at. */
  readonly learning?: LearningOptions;
  /** Changes to single detectors. */
  readonly detectors?: Readonly<Partial<Record<DetectorId, DetectorOptions>>>;
  /** What is never told. It is learned as usual. */
  readonly allow?: readonly Allowance[];
  /** Which tools and resources are sensitive, send, or are administrative. Default: by words of their names. */
  readonly tools?: ToolKinds;
  /** The same oddity of the same principal is not told again for so long, in milliseconds. Default: 6 hours. */
  readonly refractoryMs?: number;
  /** An oddity that does not end is told again after so long, in milliseconds. Default: 7 days. */
  readonly remindMs?: number;
  /** How many principals are known at a time. Default: 100,000. */
  readonly maxPrincipals?: number;
  /** How many servers are known at a time. Default: 1,000. */
  readonly maxServers?: number;
  /** What stands before `<detector>.md` in the `runbook` of an alert. Default: `docs/runbooks/`. */
  readonly runbooks?: string;
}

export interface LearningOptions {
  /** A principal is compared with itself after so many days. Default: 7. */
  readonly days?: number;
  /** ... and so many calls, or after twice as many days. Default: 30. */
  readonly calls?: number;
  /** A server is known after so many days. Default: 3. */
  readonly serverDays?: number;
  /** ... and so many calls. Default: 500. */
  readonly serverCalls?: number;
}

export interface DetectorOptions {
  /** Default: true. */
  readonly on?: boolean;
  /** Multiplies limits: 2 lets pass twice as much, 0.5 half. From 0.1 to 100. Default: 1. */
  readonly tolerance?: number;
  /** Default: the detector's own. */
  readonly severity?: AlertFacts['severity'];
}

/** What agrees with every member that is given is not told. `*` stands for any characters. */
export interface Allowance {
  readonly detector?: DetectorId;
  readonly server?: string;
  readonly subject?: string;
  /** The tool, resource or prompt. */
  readonly target?: string;
  readonly client?: string;
}
