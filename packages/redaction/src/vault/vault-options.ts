import { randomBytes } from 'node:crypto';
import { SYSTEM_CLOCK, type VaultClock } from './vault-clock.ts';

/** What every vault can be told. */
export interface VaultOptions {
  /**
   * How long a token can be exchanged after its value was last met, in milliseconds. Times are renewed in
   * steps of an eighth, so it is at least seven eighths of this. Default: 24 hours.
   */
  readonly ttlMs?: number;
  /** Default: the system's. */
  readonly clock?: VaultClock;
  /** Where tokens and nonces come from. Default: `randomBytes` of node:crypto; anything else is for tests. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** How much a vault in memory, or in a file, may hold. */
export interface VaultLimits {
  /**
   * At most this many tokens; then new values are refused with `full`, and none is forgotten early. Default:
   * 100,000.
   */
  readonly maxTokens?: number;
  /**
   * At most this many tokens of one scope, so that one subject cannot fill the vault. Default: half of
   * `maxTokens`.
   */
  readonly maxTokensPerScope?: number;
  /** At most this many bytes of memory, about. Default: 128 MiB. */
  readonly maxBytes?: number;
}

export interface VaultSettings {
  readonly ttlMs: number;
  readonly clock: VaultClock;
  readonly random: (bytes: number) => Uint8Array;
}

/** Of one value, in UTF-8; as UTF-16 when it has half a character in it. */
export const MAX_VALUE_BYTES: number = 2 ** 20;
const DAY_MS = 86_400_000;
/** Ten years: more is a mistake in the unit. */
const MOST_MS = 3650 * DAY_MS;

/** @throws TypeError for a time that is none */
export function settingsOf({ ttlMs = DAY_MS, clock, random }: VaultOptions): VaultSettings {
  return {
    ttlMs: positive('ttlMs', ttlMs, MOST_MS),
    clock: clock ?? SYSTEM_CLOCK,
    random: random ?? randomBytes,
  };
}

/** @throws TypeError for a number that is no limit */
export function limitsOf(limits: VaultLimits): Required<VaultLimits> {
  const maxTokens = positive('maxTokens', limits.maxTokens ?? 100_000, 2 ** 23);
  return {
    maxTokens,
    maxTokensPerScope: positive(
      'maxTokensPerScope',
      limits.maxTokensPerScope ?? Math.ceil(maxTokens / 2),
      2 ** 23,
    ),
    maxBytes: positive('maxBytes', limits.maxBytes ?? 2 ** 27, 2 ** 32),
  };
}

/** @throws TypeError, with what to write instead */
export function positive(name: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(`${name} has to be a whole number from 1 to ${most}.`);
}
