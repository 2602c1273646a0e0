import { SecretError, type SecretErrorCode } from '../secret-error.ts';

/** What Vault's own text meant. The text is not kept: it quotes requests. */
export type VaultHint =
  | 'sealed'
  | 'deleted'
  | 'no_mount'
  | 'other_kv_version'
  | 'unknown_name'
  | 'clocks'
  | 'lease_gone';

export interface VaultFailureDetails {
  readonly status?: number | undefined;
  readonly hint?: VaultHint | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * A request that got no usable answer, before it is known which reference it was for. Every text in it is
 * ours.
 */
export class VaultFailure extends Error {
  override readonly name = 'VaultFailure';
  readonly code: SecretErrorCode;
  readonly status: number | undefined;
  readonly hint: VaultHint | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: SecretErrorCode, why: string, details: VaultFailureDetails = {}) {
    super(why);
    this.code = code;
    this.status = details.status;
    this.hint = details.hint;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Vault said no; asking again would not help. Anything else may pass. */
  get isFinal(): boolean {
    return !new SecretError(this.code, '', '').isOutage;
  }

  /** The same with other words, or another code. */
  as(code: SecretErrorCode, why: string): VaultFailure {
    return new VaultFailure(code, why, this);
  }

  static from(thrown: unknown): VaultFailure {
    if (thrown instanceof VaultFailure) return thrown;
    return new VaultFailure(
      'unavailable',
      'Vault could not be asked; the error may hold secrets and is not shown',
    );
  }
}

/** What is thrown for a reference. */
export function secretErrorOf(thrown: unknown, reference: string): SecretError {
  if (thrown instanceof SecretError) return thrown;
  const { code, message, retryAfterMs } = VaultFailure.from(thrown);
  return new SecretError(code, reference, message, { retryAfterMs });
}
