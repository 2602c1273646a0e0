import type { Tenant } from './tenant.ts';

/** What is known of one principal on one server. */
export interface Profile {
  readonly tenant: Tenant;
  /** Empty for all of a server together. */
  readonly subject: string;
  /** When it was seen first and last, in milliseconds since the epoch. */
  first: number;
  last: number;
  calls: number;
  /** State of the detectors, in their order. */
  readonly states: (number[] | undefined)[];
  /** Per detector what was told: when, until when it is not told again, and how odd it was. */
  readonly told: (number[] | undefined)[];
  /** Whether it stands among those that were seen often. */
  resident: boolean;
  newer: Profile | undefined;
  older: Profile | undefined;
}
