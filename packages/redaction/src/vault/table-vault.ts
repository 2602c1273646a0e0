import { setImmediate as nextTurn } from 'node:timers/promises';
import { newToken, TOKEN_BYTES } from '../token-shape.ts';
import type { Erasure, TokenRequest, TokenScope, TokenVault } from '../token-vault.ts';
import type { Fingerprints } from './fingerprints.ts';
import { SEAL_BYTES, type Sealer } from './sealer.ts';
import type { TokenEntry, TokenTable } from './token-table.ts';
import { closedError, TokenVaultError } from './token-vault-error.ts';
import { valueBytes, valueOfBytes } from './value-bytes.ts';
import type { VaultJournal } from './vault-journal.ts';
import { MAX_VALUE_BYTES, type VaultSettings } from './vault-options.ts';

export interface TableVaultParts {
  readonly settings: VaultSettings;
  readonly table: TokenTable;
  readonly fingerprints: Fingerprints;
  /** For values in memory. */
  readonly sealer: Sealer;
  readonly journal: VaultJournal;
}

interface NewEntry {
  /** The fingerprints of the scope, of the value, and of whom it tells about. */
  readonly scope: string;
  readonly lookup: string;
  readonly about: string | undefined;
  readonly entity: string;
  readonly bytes: Buffer;
  readonly now: number;
}

/** Others have a turn after this many values: a few milliseconds. */
const SLICE = 1024;
/**
 * A value that is met again has its time renewed when an eighth of it is over, so that not every call writes.
 */
const RENEWED_AFTER = 1 / 8;
const SWEEP_SHARE = 1 / 8;
const SHORTEST_SWEEP_MS = 1_000;
const LONGEST_SWEEP_MS = 900_000;

/**
 * A vault over a table in memory. Values are sealed there too, with a key that is not in the JavaScript heap:
 * heap snapshots are passed around. Whoever reads all of the process's memory has both.
 */
export class TableVault implements TokenVault {
  readonly #settings: VaultSettings;
  readonly #table: TokenTable;
  readonly #fingerprints: Fingerprints;
  readonly #sealer: Sealer;
  readonly #journal: VaultJournal;
  readonly #sweepMs: number;
  #stopSweeping: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor({ settings, table, fingerprints, sealer, journal }: TableVaultParts) {
    this.#settings = settings;
    this.#table = table;
    this.#fingerprints = fingerprints;
    this.#sealer = sealer;
    this.#journal = journal;
    this.#sweepMs = Math.min(Math.max(settings.ttlMs * SWEEP_SHARE, SHORTEST_SWEEP_MS), LONGEST_SWEEP_MS);
    this.#sweepLater();
  }

  async tokensFor(scope: TokenScope, values: readonly TokenRequest[]): Promise<readonly string[]> {
    this.#check();
    const scopeName = this.#fingerprints.scope(scope);
    const tokens: string[] = [];
    let now = this.#settings.clock.now();
    let position = 0;
    for (const request of values) {
      if (tokens.length > 0 && tokens.length % SLICE === 0) {
        await nextTurn();
        this.#check();
        now = this.#settings.clock.now();
      }
      const entry = this.#entryFor(scopeName, request, now);
      position = Math.max(position, entry.position);
      tokens.push(entry.token);
    }
    await this.#journal.durable(position);
    return tokens;
  }

  async valuesOf(scope: TokenScope, tokens: readonly string[]): Promise<readonly (string | undefined)[]> {
    this.#check();
    const scopeName = this.#fingerprints.scope(scope);
    const values: (string | undefined)[] = [];
    for (const token of tokens) {
      if (values.length > 0 && values.length % SLICE === 0) {
        await nextTurn();
        this.#check();
      }
      const entry = this.#table.withToken(token);
      const isTheirs = entry !== undefined && entry.scope === scopeName;
      values.push(isTheirs && entry.expires > this.#settings.clock.now() ? this.#valueOf(entry) : undefined);
    }
    return values;
  }

  async erase({ scope, about }: Erasure): Promise<number> {
    this.#check();
    if (scope === undefined && about === undefined) return 0;
    this.#expire(this.#settings.clock.now());
    const erased = this.#table.select(
      scope && this.#fingerprints.scope(scope),
      about === undefined ? undefined : this.#fingerprints.about(about),
    );
    for (const entry of erased) this.#table.remove(entry);
    if (erased.length > 0) this.#journal.left();
    // Also for none: what has expired, or was erased when the disk failed, may still be in the file.
    await this.#journal.purge();
    return erased.length;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopSweeping();
    try {
      await this.#journal.close();
    } finally {
      this.#table.clear();
    }
  }

  #entryFor(scope: string, { entity, value, about }: TokenRequest, now: number): TokenEntry {
    // One character is at least one byte.
    const bytes = value.length > MAX_VALUE_BYTES ? undefined : valueBytes(value);
    if (bytes === undefined || bytes.length - 1 > MAX_VALUE_BYTES) throw tooLarge();
    const lookup = this.#fingerprints.lookup(scope, entity, bytes);
    const aboutName = about === undefined ? undefined : this.#fingerprints.about(about);
    const known = this.#table.withLookup(lookup);
    if (known === undefined || known.expires <= now) {
      return this.#add({ scope, entity, lookup, about: aboutName, bytes, now });
    }
    const { ttlMs } = this.#settings;
    if (known.expires - now < ttlMs * (1 - RENEWED_AFTER)) {
      this.#table.renew(known, now + ttlMs);
      known.position = this.#journal.renewed(known);
    }
    if (aboutName !== undefined && !this.#table.tellsAbout(known, aboutName)) {
      this.#table.addAbout(known, aboutName);
      known.position = this.#journal.aboutAdded(known, aboutName);
    }
    bytes.fill(0);
    return known;
  }

  #add({ scope, entity, lookup, about, bytes, now }: NewEntry): TokenEntry {
    this.#expire(now);
    this.#table.checkRoom(scope, bytes.length + SEAL_BYTES);
    const token = this.#newToken(entity);
    const entry: TokenEntry = {
      token,
      lookup,
      scope,
      abouts: about === undefined ? [] : [about],
      sealed: this.#sealer.seal(bytes, Buffer.from(token)),
      expires: now + this.#settings.ttlMs,
      position: 0,
      gone: false,
    };
    this.#table.add(entry);
    entry.position = this.#journal.added(entry, bytes);
    bytes.fill(0);
    return entry;
  }

  #newToken(entity: string): string {
    for (;;) {
      const token = newToken(entity, this.#settings.random(TOKEN_BYTES));
      if (this.#table.withToken(token) === undefined) return token;
    }
  }

  #valueOf({ sealed, token }: TokenEntry): string {
    const bytes = this.#sealer.open(sealed, Buffer.from(token));
    if (bytes === undefined)
      throw new TokenVaultError('altered', 'A value in memory does not open any more.');
    const value = valueOfBytes(bytes);
    bytes.fill(0);
    return value;
  }

  #expire(now: number): void {
    if (this.#table.expire(now) > 0) this.#journal.left();
  }

  #check(): void {
    if (this.#closing !== undefined) throw closedError();
    this.#journal.check();
  }

  /** So that values leave the memory, and the file, when nobody asks for any either. */
  #sweepLater(): void {
    this.#stopSweeping = this.#settings.clock.after(this.#sweepMs, () => {
      this.#expire(this.#settings.clock.now());
      this.#journal.tick();
      this.#sweepLater();
    });
  }
}

function tooLarge(): TokenVaultError {
  return new TokenVaultError(
    'too_large',
    `A value of more than ${MAX_VALUE_BYTES} bytes gets no token; drop or mask it.`,
  );
}
