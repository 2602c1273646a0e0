import { retryAfterMs } from '../cloud/retry-after.ts';
import type { SecretErrorCode } from '../secret-error.ts';
import { VaultFailure, type VaultHint } from './vault-failure.ts';

/** An answer of Vault that is no success. */
export interface Refused {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Parsed; undefined when it is no JSON. */
  readonly body: unknown;
}

/** Vault's texts that change what an answer means, with where they are from. */
const HINTS: readonly (readonly [VaultHint, RegExp])[] = [
  // vault/router.go; first, since it quotes the path
  ['no_mount', /no handler for route/i],
  // http/handler.go, core.go
  ['sealed', /\bis sealed\b|not (?:yet )?initialized/i],
  // vault-plugin-secrets-kv, as a warning
  ['other_kv_version', /invalid path for a versioned k\/v/i],
  // builtin/logical/database, transit
  ['unknown_name', /\bunknown role\b|encryption key not found/i],
  // vault/expiration.go
  ['lease_gone', /lease (?:not found|expired)|invalid lease/i],
  // go-jose and cap: "validation failed, token is expired (exp)", "token not valid yet (nbf)", "issued in the
  // future (iat)"
  ['clocks', /\bexpired\b|not (?:yet valid|valid yet)|issued in the future|\((?:exp|nbf|iat)\)/i],
];

/**
 * What an answer other than 200 or 204 means
 * (https://developer.hashicorp.com/vault/api-docs#http-status-codes).
 */
export function judgeReply(reply: Refused): VaultFailure {
  const { status } = reply;
  const hint = hintOf(reply.body);
  const failure = (code: SecretErrorCode, why: string): VaultFailure =>
    new VaultFailure(code, why, { status, hint, retryAfterMs: retryAfterMs(reply.retryAfter) });
  if (hint === 'sealed' && status >= 500) {
    return failure('sealed', 'Vault is sealed or not initialized; unseal it');
  }
  if (status >= 300 && status < 400) {
    return failure(
      'unavailable',
      'Vault answers with a redirect (standby?); set the address to the active node or a load balancer',
    );
  }
  // Neither says anything about a secret.
  if (hint === 'no_mount') {
    return failure('not_configured', 'nothing is mounted there; correct the mount or the namespace');
  }
  if (hint === 'other_kv_version') {
    return failure('not_configured', 'the mount is KV version 2; correct the option kv');
  }
  switch (status) {
    case 400:
      return hint === 'unknown_name'
        ? failure('not_found', 'Vault knows no role or key of that name')
        : failure(
            'invalid_reference',
            'Vault does not understand the request (400); check the path and its mount',
          );
    case 401:
    case 403:
      return failure(
        'denied',
        'Vault denies access; check the policies of the token, the path and the namespace',
      );
    case 404:
      if (hint === 'deleted') return failure('not_found', 'this version was deleted or destroyed');
      if (saysErrors(reply.body)) return failure('not_found', 'there is no such secret');
      // Without the status, which is that of a proxy and says nothing about what is in Vault.
      return new VaultFailure(
        'unavailable',
        'something else than Vault answers (404); check the address, and what stands before Vault',
        { retryAfterMs: retryAfterMs(reply.retryAfter) },
      );
    case 405:
      return failure('invalid_reference', 'the path cannot be read (405); name one that can');
    case 412:
      return failure('unavailable', 'Vault has not caught up with its own writes yet (412)');
    case 429:
      return failure('throttled', 'Vault has too many requests');
    case 472:
    case 473:
      return failure(
        'unavailable',
        'Vault is a standby that does not answer; set the address to the active node',
      );
    default:
      return failure('unavailable', `Vault answers with status ${status}`);
  }
}

/** Every error of Vault has texts in `errors`, if only none: `{"errors":[]}`. */
function saysErrors(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('errors' in body)) return false;
  return Array.isArray(body.errors) && body.errors.every((text) => typeof text === 'string');
}

function hintOf(body: unknown): VaultHint | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { errors, warnings, data } = body as Readonly<Record<string, unknown>>;
  const said = [errors, warnings].flat().filter((text) => typeof text === 'string');
  const found = HINTS.find(([, pattern]) => said.some((text) => pattern.test(text)));
  if (found !== undefined) return found[0];
  // KV 2 answers 404 with the metadata of what is no longer there.
  return typeof data === 'object' && data !== null && 'metadata' in data ? 'deleted' : undefined;
}
