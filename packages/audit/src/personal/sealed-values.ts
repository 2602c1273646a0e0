import type { Digest } from '../audit-record.ts';

/** What is sealed in a record. */
export interface SealedValues {
  /** The URI that was named. */
  readonly uri?: string;
  /** The arguments as received. */
  readonly arguments?: unknown;
  /** The arguments that ran, unless they are the ones that the attempt has: then both have the same digest. */
  readonly executed?: unknown;
  /** The result as delivered, or the error. */
  readonly result?: unknown;
  /** Values that were too long, by their bare SHA-256. */
  readonly cut?: Readonly<Partial<Record<'uri' | 'arguments' | 'executed' | 'result', Digest>>>;
}

/** The member of a record that holds a seal; it is bound to its place. */
export const SEALED = 'sealed';
