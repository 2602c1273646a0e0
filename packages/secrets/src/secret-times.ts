/** How long values are used, in milliseconds. */
export interface SecretTimes {
  /** A value is used for this long before the provider is asked again. Default: 300,000, or less where a lease ends. */
  readonly freshMs: number;
  /** When the provider cannot be asked, the last value is used for this much longer. 0: never. Default: 3,600,000. */
  readonly staleMs: number;
  /** For how long it is believed that there is no value, or no access to it. Default: 5,000. */
  readonly missingMs: number;
  /** The longest that one look-up may take, log-in included. Default: 10,000. */
  readonly timeoutMs: number;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A server that asks for more is asked earlier: a wrong header must not take a secret away for a day. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const AHEAD = 0.8;
/** The rest of a lease leaves room for more than one try. */
const AHEAD_OF_LEASE = 2 / 3;

/** Reads the times from options, with their defaults. @throws TypeError for what is no time */
export function checkTimes(given: {
  readonly [Name in keyof SecretTimes]?: number | undefined;
}): SecretTimes {
  return {
    freshMs: milliseconds('freshMs', given.freshMs ?? 300_000, 1),
    staleMs: milliseconds('staleMs', given.staleMs ?? 3_600_000, 0),
    missingMs: milliseconds('missingMs', given.missingMs ?? 5_000, 0),
    timeoutMs: milliseconds('timeoutMs', given.timeoutMs ?? 10_000, 1),
  };
}

function milliseconds(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw new TypeError(`${name} has to be a number of milliseconds, ${least} or more, such as 10_000.`);
}

/** Until when a value is used, in milliseconds from now. */
export interface Lifetime {
  /** When a use of it makes it be read again, in the background. */
  readonly refresh: number;
  readonly fresh: number;
  /** It is never used after this, whatever happens. */
  readonly usable: number;
}

/** How long a value that was just read is used, when its provider stands for it for `validForMs`. */
export function lifetimeOf(times: SecretTimes, validForMs: number, random: () => number): Lifetime {
  const leased = validForMs < times.freshMs;
  const fresh = leased ? validForMs : times.freshMs;
  return {
    refresh: fresh * jittered(leased ? AHEAD_OF_LEASE : AHEAD, random),
    fresh,
    usable: Math.min(fresh + times.staleMs, validForMs),
  };
}

/** How long to wait until an answer without a value is checked again when it is used: a little before it is forgotten. */
export function missingRefresh(times: SecretTimes, random: () => number): number {
  return times.missingMs * jittered(AHEAD, random);
}

/** How long a watched reference is left alone after its `count`th answer in a row without a value. */
export function missingPoll(times: SecretTimes, count: number, random: () => number): number {
  const least = Math.max(times.missingMs, FIRST_BACKOFF_MS);
  return Math.min(times.freshMs, least * 2 ** (count - 1)) * jittered(1, random);
}

/** How long a provider is left alone after the `count`th outage in a row. */
export function backoff(count: number, retryAfterMs: number | undefined, random: () => number): number {
  const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1));
  // Between a half and all of it, so that many that failed together do not come back together.
  const own = most * (0.5 + random() / 2);
  return Math.max(own, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

function jittered(share: number, random: () => number): number {
  return share * (0.9 + random() * 0.2);
}
