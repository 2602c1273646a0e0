import { TokenVaultError } from './token-vault-error.ts';
import type { VaultLimits } from './vault-options.ts';

/** One token, and what it stands for, sealed. */
export interface TokenEntry {
  readonly token: string;
  /** The fingerprints of the value, of the scope, and of whom the value tells about. */
  readonly lookup: string;
  readonly scope: string;
  readonly abouts: string[];
  readonly sealed: Buffer;
  /** Milliseconds since 1970. */
  expires: number;
  /** Which change of the journal has to be durable before the entry is. 0: none. */
  position: number;
  /** Erased or expired: the sealed bytes are overwritten. */
  gone: boolean;
}

/** What an entry takes besides its sealed value: measured at 100,000 entries, about. */
const ENTRY_BYTES = 700;
const ABOUT_BYTES = 300;

/** The entries of a vault in memory, with their indexes; soonest to expire first. */
export class TokenTable {
  readonly #limits: Required<VaultLimits>;
  readonly #byLookup = new Map<string, TokenEntry>();
  readonly #byToken = new Map<string, TokenEntry>();
  readonly #byScope = new Map<string, Set<TokenEntry>>();
  readonly #byAbout = new Map<string, Set<TokenEntry>>();
  #bytes = 0;

  constructor(limits: Required<VaultLimits>) {
    this.#limits = limits;
  }

  entries(): readonly TokenEntry[] {
    return [...this.#byLookup.values()];
  }

  withLookup(lookup: string): TokenEntry | undefined {
    return this.#byLookup.get(lookup);
  }

  withToken(token: string): TokenEntry | undefined {
    return this.#byToken.get(token);
  }

  tellsAbout(entry: TokenEntry, about: string): boolean {
    return this.#byAbout.get(about)?.has(entry) === true;
  }

  /** @throws TokenVaultError `full` */
  checkRoom(scope: string, sealedBytes: number): void {
    const { maxTokens, maxTokensPerScope, maxBytes } = this.#limits;
    if (this.#byLookup.size >= maxTokens) throw full(`${maxTokens} tokens`, 'maxTokens');
    if ((this.#byScope.get(scope)?.size ?? 0) >= maxTokensPerScope) {
      throw full(`${maxTokensPerScope} tokens of one scope`, 'maxTokensPerScope');
    }
    if (this.#bytes + ENTRY_BYTES + ABOUT_BYTES + sealedBytes > maxBytes) {
      throw full(`${maxBytes} bytes`, 'maxBytes');
    }
  }

  /** In the place of one for the same value, or of the same token. */
  add(entry: TokenEntry): void {
    for (const old of [this.#byLookup.get(entry.lookup), this.#byToken.get(entry.token)]) {
      if (old?.gone === false) this.remove(old);
    }
    this.#byLookup.set(entry.lookup, entry);
    this.#byToken.set(entry.token, entry);
    addTo(this.#byScope, entry.scope, entry);
    for (const about of entry.abouts) addTo(this.#byAbout, about, entry);
    this.#bytes += bytesOf(entry);
  }

  renew(entry: TokenEntry, expires: number): void {
    entry.expires = expires;
    // The last to expire, again.
    this.#byLookup.delete(entry.lookup);
    this.#byLookup.set(entry.lookup, entry);
  }

  /** @throws TokenVaultError `full` */
  addAbout(entry: TokenEntry, about: string): void {
    if (this.#bytes + ABOUT_BYTES > this.#limits.maxBytes) {
      throw full(`${this.#limits.maxBytes} bytes`, 'maxBytes');
    }
    this.restoreAbout(entry, about);
  }

  /** Without regard to the limits: what was kept once is not dropped. */
  restoreAbout(entry: TokenEntry, about: string): void {
    if (this.tellsAbout(entry, about)) return;
    entry.abouts.push(about);
    addTo(this.#byAbout, about, entry);
    this.#bytes += ABOUT_BYTES;
  }

  /** Those that fit whatever is given; none when nothing is. */
  select(scope: string | undefined, about: string | undefined): readonly TokenEntry[] {
    const first = about === undefined ? this.#byScope.get(scope ?? '') : this.#byAbout.get(about);
    return [...(first ?? [])].filter((entry) => scope === undefined || entry.scope === scope);
  }

  remove(entry: TokenEntry): void {
    this.#byLookup.delete(entry.lookup);
    this.#byToken.delete(entry.token);
    takeFrom(this.#byScope, entry.scope, entry);
    for (const about of entry.abouts) takeFrom(this.#byAbout, about, entry);
    this.#bytes -= bytesOf(entry);
    entry.gone = true;
    entry.sealed.fill(0);
  }

  /** Removes what has expired; says how many. */
  expire(now: number): number {
    let count = 0;
    for (const entry of this.#byLookup.values()) {
      if (entry.expires > now) break;
      this.remove(entry);
      count += 1;
    }
    return count;
  }

  clear(): void {
    for (const entry of this.#byLookup.values()) this.remove(entry);
  }
}

function bytesOf({ sealed, abouts }: TokenEntry): number {
  return ENTRY_BYTES + sealed.length + abouts.length * ABOUT_BYTES;
}

function addTo(index: Map<string, Set<TokenEntry>>, key: string, entry: TokenEntry): void {
  const others = index.get(key);
  if (others === undefined) index.set(key, new Set([entry]));
  else others.add(entry);
}

function takeFrom(index: Map<string, Set<TokenEntry>>, key: string, entry: TokenEntry): void {
  const others = index.get(key);
  others?.delete(entry);
  if (others?.size === 0) index.delete(key);
}

function full(what: string, option: string): TokenVaultError {
  return new TokenVaultError(
    'full',
    `The token vault holds ${what}, and forgets none before its time; raise ${option}, or lower ttlMs.`,
  );
}
