import type { JsonObject } from './json.ts';
import type { RefusalCode } from './refusal.ts';

/** What one layer learned about a call. Names, codes and positions only: never a value from the call. */
export type Evidence =
  /** A permission was decided. `rule` is the deciding rule as text; `at` is where it stands (`rbac_policy.csv:12`). */
  | {
      readonly layer: string;
      readonly kind: 'decision';
      readonly effect: 'permit' | 'deny';
      readonly rule: string | undefined;
      readonly at: string | undefined;
    }
  /** A layer in audit mode let a call pass that it would have refused when enforcing. */
  | {
      readonly layer: string;
      readonly kind: 'would_refuse';
      readonly code: RefusalCode;
      readonly message: string;
    }
  /** Entries were removed from a list before it was delivered. */
  | { readonly layer: string; readonly kind: 'filtered'; readonly removed: number }
  /**
   * Findings of one entity were rewritten on the way in (`arguments`) or out (`results`); `operator` says how, `restore`
   * that tokens became values again. `would_redact`: a layer in audit mode left them as they were.
   */
  | {
      readonly layer: string;
      readonly kind: 'redacted' | 'would_redact';
      readonly direction: 'arguments' | 'results';
      readonly entity: string;
      readonly operator: string;
      readonly count: number;
    };

/** Append-only evidence about one call, shared by all copies of it. */
export interface Trail {
  /** What the layers have added so far, in order. */
  readonly entries: readonly Evidence[];
  /** Params that were handed to the other side; undefined while, or because, nothing was. */
  readonly executed: JsonObject | undefined;
  add(evidence: Evidence): void;
}
