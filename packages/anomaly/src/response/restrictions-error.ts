/**
 * The file of restrictions is damaged, or cannot be read; its message says what to do. Until that is done nobody knows what
 * is restricted, so every call is refused.
 */
export class RestrictionsUnreadable extends Error {
  override readonly name = 'RestrictionsUnreadable';
}

/** What is wrong, for programs; the message says what to do, for people. */
export type RestrictionsErrorCode =
  /** Another process has been writing for too long. */
  | 'locked'
  /** There are as many restrictions or approvals as there may be. */
  | 'full'
  /** Any call was to be approved of something that is about nothing in particular. */
  | 'no_target';

/** Something was not written. */
export class RestrictionsError extends Error {
  override readonly name = 'RestrictionsError';
  readonly code: RestrictionsErrorCode;

  constructor(code: RestrictionsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
