/**
 * When something that lives for `ttlMs` is renewed: after two thirds of it, and up to a tenth later, so that
 * many that began together do not come together. Never earlier: at most one renewal in two thirds of a TTL.
 */
export function renewAfterMs(ttlMs: number, random: () => number): number {
  return ttlMs * (2 / 3 + random() / 10);
}

const LONGEST_RETRY_MS = 60_000;

/**
 * How long to wait after the `failures`th failure in a row, when the TTL was `ttlMs` and Vault asks for
 * `leastMs`.
 */
export function retryAfterFailureMs(
  failures: number,
  ttlMs: number,
  leastMs: number | undefined,
  random: () => number,
): number {
  const first = Math.min(Math.max(ttlMs / 50, 100), 5_000);
  const most = Math.min(first * 2 ** Math.min(failures - 1, 20), LONGEST_RETRY_MS);
  // Between a half and all of it.
  return Math.max(most * (0.5 + random() / 2), Math.min(leastMs ?? 0, LONGEST_RETRY_MS));
}

/**
 * Whether a renewal shows that an end is near that no renewal passes (`max_ttl`): clearly less was granted
 * than was asked for. Later there would be less left in which to change over.
 */
export function isNearingItsEnd(grantedMs: number, askedMs: number): boolean {
  return grantedMs < askedMs * 0.9;
}
