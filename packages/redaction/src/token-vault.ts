/** To whom tokens are bound: what one scope was given means nothing in another. */
export interface TokenScope {
  /** Empty where there is one tenant only. */
  readonly tenant: string;
  /** The subject of the principal. */
  readonly subject: string;
}

/** A value that a token is to stand for. */
export interface TokenRequest {
  /** What it was found to be; visible in the token, so that a model can act on it. */
  readonly entity: string;
  readonly value: string;
  /** Whom the value tells about, where the host can say (a patient): `erase({ about })` forgets it. */
  readonly about?: string;
}

/** Which entries to forget; with both members those that fit both. Without any, nothing is forgotten. */
export interface Erasure {
  readonly scope?: TokenScope;
  readonly about?: string;
}

/**
 * Keeps the values behind tokens. A token is made by `newToken` from random bytes and never derived from the value
 * (45 CFR 164.514(c)). Every promise rejects when the vault cannot be read or written; the call is then refused.
 */
export interface TokenVault {
  /**
   * The token of each value, in the same order. The same value of the same entity has the same token within a scope, also
   * when two calls ask at the same time, and twice in one batch. Durable when it resolves.
   */
  tokensFor(scope: TokenScope, values: readonly TokenRequest[]): Promise<readonly string[]>;
  /** The values of tokens, in the same order; undefined for one that is unknown, expired, erased or of another scope. */
  valuesOf(scope: TokenScope, tokens: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Forgets, durably, and says how many entries. */
  erase(which: Erasure): Promise<number>;
  /** Everything afterwards rejects. */
  close(): Promise<void>;
}
