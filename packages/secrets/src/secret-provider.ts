import type { SecretReference } from './reference.ts';

/** Longest secret, in bytes; what Kubernetes allows for one. */
export const MAX_SECRET_BYTES = 1_048_576;

/** Where secrets of one scheme come from. Every provider passes `test/contract.ts`. */
export interface SecretProvider {
  /** The part of a reference before `+`, `:` or `://`. */
  readonly scheme: string;
  /**
   * Says what is wrong with a reference that no look-up can mend, without any I/O; undefined when it is fine. The text says
   * what to write instead.
   */
  check?(reference: SecretReference): string | undefined;
  /**
   * Looks a secret up, now: no cache, no retry.
   * @throws SecretError with `not_found` when there is none, and never with any part of a value
   */
  resolve(reference: SecretReference, options: ResolveOptions): Promise<Resolved>;
  /**
   * Calls `changed` whenever the value behind a reference may be another one. Returns what ends that. A provider without it
   * is asked again when the cached value grows old.
   */
  watch?(reference: SecretReference, changed: () => void): () => void;
  /** Gives back what is held: leases, tokens, watchers. Never rejects. */
  close(): Promise<void>;
}

export interface ResolveOptions {
  /** Aborted when nobody waits any more, or the time is up. */
  readonly signal: AbortSignal;
}

/** What a provider found. */
export interface Resolved {
  readonly value: string;
  /** What the provider calls this version of it. */
  readonly version?: string | undefined;
  /**
   * Milliseconds from now for which the provider stands for the value: the rest of a lease. It is never used after that.
   * Undefined: there is no such end.
   */
  readonly validForMs?: number | undefined;
}
