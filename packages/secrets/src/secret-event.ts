import type { Secret } from '@sallyport/core';
import type { SecretErrorCode } from './secret-error.ts';

/** What happened to a secret, for audit and metrics. It names references, never values. Times are milliseconds. */
export type SecretEvent =
  /** A provider gave a value. */
  | {
      readonly type: 'resolved';
      readonly reference: string;
      readonly version: string | undefined;
      readonly durationMs: number;
    }
  /** A provider gave none; `not_found` is the ordinary case where a list goes on to its next reference. */
  | {
      readonly type: 'failed';
      readonly reference: string;
      readonly code: SecretErrorCode;
      readonly durationMs: number;
    }
  /** The value is another one than before. */
  | { readonly type: 'rotated'; readonly reference: string; readonly version: string | undefined }
  /** A provider cannot be asked, and the last value is used past its time; once per outage. */
  | { readonly type: 'stale_served'; readonly reference: string }
  /** The provider gives values again. */
  | { readonly type: 'recovered'; readonly reference: string; readonly outageMs: number };

/** A value changed. */
export interface SecretRotation {
  /** The reference that the new value comes from: of a list, the one that wins now. */
  readonly reference: string;
  /** What the provider calls this version. */
  readonly version: string | undefined;
  readonly secret: Secret;
}
