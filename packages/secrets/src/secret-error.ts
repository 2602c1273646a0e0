/**
 * Why a reference gave no value. `not_found` lets the next reference of a list try; the outages (`unavailable`, `timeout`,
 * `sealed`, `throttled`) let a value that was read before be used for a while; everything else stops at once.
 */
export type SecretErrorCode =
  /** The reference is not one: the text says what to write instead. */
  | 'invalid_reference'
  /** The provider is not set up, or its package is not installed. */
  | 'not_configured'
  /** There is no such secret, field or version, or it was deleted. */
  | 'not_found'
  /** The provider knows us and says no, or does not know us. */
  | 'denied'
  /** There is a value that cannot be used: of another type, no UTF-8, empty. */
  | 'invalid_value'
  /** More than `MAX_SECRET_BYTES`. */
  | 'too_large'
  /** The provider cannot be reached, or says that it is broken. */
  | 'unavailable'
  /** Vault is sealed or not initialized. */
  | 'sealed'
  /** Too many requests. */
  | 'throttled'
  /** No answer within the time. */
  | 'timeout'
  /** The `Secrets` were closed. */
  | 'closed';

const OUTAGES: ReadonlySet<SecretErrorCode> = new Set(['unavailable', 'sealed', 'throttled', 'timeout']);

export interface SecretErrorOptions {
  /** The shortest wait, in milliseconds, that the provider asks for before it is asked again. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * A secret that could not be had. The message names the reference and says what to do; it never has the value, nor any
 * text that a provider, a library or a server sent, since those quote requests. For the same reason there is no `cause`.
 */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretErrorCode;
  /** As written in the policy or the call. */
  readonly reference: string;
  readonly retryAfterMs: number | undefined;

  constructor(code: SecretErrorCode, reference: string, why: string, options: SecretErrorOptions = {}) {
    super(`${reference}: ${why}`);
    this.code = code;
    this.reference = reference;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Nobody has said that the secret is gone or refused: it is the provider that cannot be asked right now. */
  get isOutage(): boolean {
    return OUTAGES.has(this.code);
  }

  /** Any thrown value as a `SecretError`; a foreign error becomes `unavailable`, and none of its text is kept. */
  static from(thrown: unknown, reference: string): SecretError {
    if (thrown instanceof SecretError) return thrown;
    return new SecretError(
      'unavailable',
      reference,
      'the provider failed; its own message may hold secrets and is not shown',
    );
  }
}
