/**
 * What a Vault provider did, for audit and metrics. It names paths and methods, never a token, lease id or
 * value.
 */
export type VaultEvent =
  /** A token was had: by logging in, or read for `method: 'token'`. */
  | { readonly type: 'login'; readonly method: string; readonly ttlSeconds: number | undefined }
  /** The token lives longer now. */
  | { readonly type: 'token_renewed'; readonly ttlSeconds: number | undefined }
  | { readonly type: 'lease_issued'; readonly path: string; readonly ttlSeconds: number }
  | { readonly type: 'lease_renewed'; readonly path: string; readonly ttlSeconds: number }
  /** Credentials ended, and no others could be had before. */
  | { readonly type: 'lease_lost'; readonly path: string }
  /** Given back at the end: a lease, or the token that was logged in for. */
  | { readonly type: 'revoked'; readonly what: 'token' | 'lease'; readonly path: string | undefined };
