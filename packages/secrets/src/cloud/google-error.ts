import type { Explanation } from './cloud-provider.ts';
import { retryAfterMs } from './retry-after.ts';

const NOT_FOUND: Explanation = {
  code: 'not_found',
  why: 'there is no such secret or version in Google Secret Manager',
};
const DISABLED: Explanation = {
  code: 'not_found',
  why: 'the version is disabled or destroyed in Google Secret Manager; enable it, or name another one',
};
const MALFORMED: Explanation = {
  code: 'invalid_reference',
  why: 'Google Secret Manager takes no such name or version; check both',
};
const DENIED: Explanation = {
  code: 'denied',
  why: 'Google denied it; give roles/secretmanager.secretAccessor, and see that the API is enabled',
};
const UNKNOWN: Explanation = {
  code: 'denied',
  why: 'Google does not accept the credentials; renew them, and check the clock',
};
const THROTTLED: Explanation = { code: 'throttled', why: 'Google Secret Manager has had too many requests' };
const AWAY: Explanation = {
  code: 'unavailable',
  why: 'Google Secret Manager cannot be reached, or is broken',
};
const SLOW: Explanation = { code: 'timeout', why: 'Google Secret Manager ran out of time' };

/** google.rpc.Code by name, as REST gives it, and by number, as gRPC does. */
const BY_CODE: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  ['INVALID_ARGUMENT', MALFORMED],
  [3, MALFORMED],
  ['DEADLINE_EXCEEDED', SLOW],
  [4, SLOW],
  ['NOT_FOUND', NOT_FOUND],
  [5, NOT_FOUND],
  ['PERMISSION_DENIED', DENIED],
  [7, DENIED],
  ['RESOURCE_EXHAUSTED', THROTTLED],
  [8, THROTTLED],
  ['FAILED_PRECONDITION', DISABLED],
  [9, DISABLED],
  ['UNAVAILABLE', AWAY],
  [14, AWAY],
  ['UNAUTHENTICATED', UNKNOWN],
  [16, UNKNOWN],
]);

/**
 * For answers without google.rpc.Status, of a proxy for one. 404 is not among them: it says nothing about a
 * secret.
 */
const BY_HTTP_STATUS: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  [400, MALFORMED],
  [401, UNKNOWN],
  [403, DENIED],
  [429, THROTTLED],
  [504, SLOW],
]);

interface GoogleError {
  readonly message?: unknown;
  /** The number of gRPC, the status of HTTP, or a word of Node.js. */
  readonly code?: unknown;
  readonly status?: unknown;
  readonly response?: {
    readonly data?: unknown;
    readonly headers?: { get?(name: string): string | null };
  };
}

/** What an error of Google's SDK means; nothing of its text is passed on. */
export function explainGoogle(thrown: object): Explanation {
  const { message, code, status, response } = thrown as GoogleError;
  // A login server answers as RFC 6749, section 5.2, has it: {"error":"invalid_grant"}.
  const login =
    status === 400 || status === 401 ? (response?.data as { error?: unknown } | undefined) : undefined;
  if (typeof login?.error === 'string') return UNKNOWN;
  const { code: meaning, why } =
    BY_CODE.get(nameIn(message)) ?? BY_CODE.get(code) ?? BY_HTTP_STATUS.get(status) ?? AWAY;
  return { code: meaning, why, retryAfterMs: retryAfterMs(response?.headers?.get?.('retry-after')) };
}

/**
 * Of an answer that is an error, the SDK makes the body the message: `{"error":{"status":"NOT_FOUND",...}}`.
 */
function nameIn(message: unknown): unknown {
  if (typeof message !== 'string' || !message.startsWith('{')) return undefined;
  try {
    const body = JSON.parse(message) as { readonly error?: { readonly status?: unknown } };
    return body.error?.status;
  } catch {
    return undefined;
  }
}
