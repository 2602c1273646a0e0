export type TokenVaultErrorCode =
  /** No room for another token. Those that were given out stay valid until their time is over. */
  | 'full'
  /** A value of more than `MAX_VALUE_BYTES`. */
  | 'too_large'
  /** The key is too short to be a random one. */
  | 'weak_key'
  /** The vault was made with another key. */
  | 'wrong_key'
  /** Something in the vault is not what was written to it. */
  | 'altered'
  /** Another process writes the file. */
  | 'locked'
  /** The vault cannot be read or written right now. */
  | 'unavailable'
  /** Redis is set up to drop what it was given when its memory is full. */
  | 'evicts'
  /** Redis gave no answer within the time. */
  | 'timeout'
  /** The vault was closed. */
  | 'closed';

/**
 * Why a vault could not do what it was asked. The message says what to do; it never has a value, a token or
 * anything that a server said, since those quote commands. For the same reason there is no `cause`.
 */
export class TokenVaultError extends Error {
  override readonly name = 'TokenVaultError';
  readonly code: TokenVaultErrorCode;

  constructor(code: TokenVaultErrorCode, why: string) {
    super(why);
    this.code = code;
  }
}

/** What every vault says after `close`. */
export function closedError(): TokenVaultError {
  return new TokenVaultError('closed', 'The token vault was closed.');
}
