import type { AlertFacts } from '@sallyport/audit';
import type { DetectorId } from './detector-id.ts';
import type { Sighting } from './sighting.ts';

/** One thing that is looked for. It holds no state: that stands in arrays of numbers, so that it can be saved as it is. */
export interface Detector {
  readonly id: DetectorId;
  readonly name: string;
  readonly severity: AlertFacts['severity'];
  /** Whether it looks at each principal, or at all of a server together. Default: `principal`. */
  readonly scope?: 'principal' | 'tenant';
  /** Sightings with one of these traits are shown to it. */
  readonly concerns: number;
  /** Records with one of these traits are evidence for it. Default: `concerns`. */
  readonly evidence?: number;
  /** How many numbers it keeps; arrays begin with the least, as zeros. */
  readonly lengths: {
    readonly own: StateLength;
    readonly group: StateLength;
    /** For each tool of a server. Default: none. */
    readonly tool?: StateLength;
  };
  observe(seen: Sighting, state: DetectorState): Oddity | undefined;
}

export interface StateLength {
  readonly least: number;
  readonly most: number;
}

export interface DetectorState {
  /** Of the principal; for the scope `tenant` of the server. */
  readonly own: number[];
  /** Of all principals of the server; for the scope `tenant` the same as `own`. */
  readonly group: number[];
  /** Of the tool; empty where there is none. */
  readonly tool: number[];
}

/** What is odd, before it is known whether anybody has to be told. */
export interface Oddity {
  /** One sentence with the observed value and the baseline; quotes no value of a call. */
  readonly title: string;
  readonly measure: { readonly name: string; readonly observed: number; readonly baseline: number };
  /** How far back its records are, in milliseconds. */
  readonly windowMs: number;
  /** Whether it is about the target of the record. Default: no. */
  readonly aboutTarget?: boolean;
}
