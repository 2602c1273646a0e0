import type { Digest } from '../audit-record.ts';

/** What is sealed in a record. */
export interface SealedValues {
  /** The method, where the record has its digest. */
  readonly method?: string;
  /** The URI that was named. */
  readonly uri?: string;
  /** The id of the task that was named. */
  readonly task?: string;
  /** The arguments as received. */
  readonly arguments?: unknown;
  /** The arguments that ran, unless they are the ones that the attempt has: then both have the same digest. */
  readonly executed?: unknown;
  /** The result as delivered, or the error. */
  readonly result?: unknown;
  /** Values that were too long, by their bare SHA-256. */
  readonly cut?: Readonly<Partial<Record<SealedName, Digest>>>;
}

export type SealedName = Exclude<keyof SealedValues, 'cut'>;

/** The member of a record that holds a seal; it is bound to its place. */
export const SEALED = 'sealed';
