import type { TokenEntry, TokenTable } from '../token-table.ts';
import { TokenVaultError } from '../token-vault-error.ts';
import type { VaultClock } from '../vault-clock.ts';
import type { VaultJournal } from '../vault-journal.ts';
import { fileTrouble } from './file-trouble.ts';
import type { VaultFile } from './vault-file.ts';
import { FRAME_TARGET_BYTES } from './vault-frames.ts';
import { aboutRecord, entryRecord, renewalRecord } from './vault-record.ts';

export interface FileJournalParts {
  readonly path: string;
  readonly file: VaultFile;
  readonly table: TokenTable;
  readonly clock: VaultClock;
  /** Opens the value of an entry. */
  readonly valueOf: (entry: TokenEntry) => Buffer;
  /** Writes a new file in the place of the old one. */
  readonly replace: (records: Iterable<Buffer>) => Promise<VaultFile>;
  readonly unlock: () => Promise<void>;
}

interface Waiting {
  readonly position: number;
  readonly resolve: () => void;
  readonly reject: (error: TokenVaultError) => void;
}

/** After a failure the file is written anew, but not tried more often than this. */
const RETRY_MS = 1_000;
/** Renewals pile up: the file is written anew when it is twice as long as it was, and this. */
const SLACK_BYTES = 2 ** 22;

/**
 * The file behind a table. One writer at a time: changes that arrive while it works share the next
 * `fdatasync`. Writing the file anew, from the table, is how what was erased or has expired leaves it, and
 * how it is mended after a failed write.
 */
export class FileJournal implements VaultJournal {
  readonly #parts: FileJournalParts;
  #file: VaultFile;
  #pending: Buffer[] = [];
  /** How many changes there were, and how many of them are on the disk. */
  #position = 0;
  #durable = 0;
  #waiting: Waiting[] = [];
  #purging: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** How often something left the table, and up to where the file knows. */
  #departures = 0;
  #purged = 0;
  #rewriteNow = false;
  #broken: TokenVaultError | undefined;
  #failedAt = -Infinity;
  #lost: TokenVaultError | undefined;
  #sizeWhenNew: number;

  constructor(parts: FileJournalParts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#sizeWhenNew = parts.file.size;
  }

  added(entry: TokenEntry, value: Buffer): number {
    return this.#append(entryRecord(entry, value));
  }

  renewed(entry: TokenEntry): number {
    return this.#append(renewalRecord(entry));
  }

  aboutAdded(entry: TokenEntry, about: string): number {
    return this.#append(aboutRecord(entry, about));
  }

  durable(position: number): Promise<void> {
    if (position <= this.#durable) return Promise.resolve();
    return this.#wait(this.#waiting, position);
  }

  left(): void {
    this.#departures += 1;
  }

  purge(): Promise<void> {
    if (this.#purged === this.#departures && this.#broken === undefined) return Promise.resolve();
    this.#rewriteNow = true;
    return this.#wait(this.#purging, this.#position);
  }

  tick(): void {
    if (this.#purged !== this.#departures) this.purge().catch(() => undefined);
    else if (this.#pending.length > 0) this.#start();
  }

  check(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  async close(): Promise<void> {
    try {
      // A last attempt, for what was refused when the disk was full.
      if (this.#broken !== undefined) await this.purge().catch(() => undefined);
      else if (this.#pending.length > 0) this.#start();
      while (this.#working !== undefined) await this.#working;
      await this.#file.close();
    } catch (error) {
      throw fileTrouble(error, this.#parts.path);
    } finally {
      await this.#parts.unlock();
    }
  }

  #append(record: Buffer): number {
    this.#pending.push(record);
    this.#position += 1;
    return this.#position;
  }

  #wait(list: Waiting[], position: number): Promise<void> {
    const failure = this.#lost ?? this.#resting();
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      list.push({ position, resolve, reject });
      this.#start();
    });
  }

  /** Why nothing is tried now. */
  #resting(): TokenVaultError | undefined {
    if (this.#broken === undefined || this.#working !== undefined) return undefined;
    return this.#parts.clock.now() - this.#failedAt < RETRY_MS ? this.#broken : undefined;
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#waiting.length > 0 || this.#purging.length > 0) this.#start();
    });
  }

  async #work(): Promise<void> {
    // Whoever comes in the same turn is taken along.
    await Promise.resolve();
    const position = this.#position;
    const waiting = this.#waiting;
    const purging = this.#purging;
    const pending = this.#pending;
    this.#waiting = [];
    this.#purging = [];
    this.#pending = [];
    try {
      if (this.#lost !== undefined) throw this.#lost;
      if (this.#rewriteNow || this.#broken !== undefined || this.#isLong()) await this.#rewrite();
      else if (pending.length > 0) await this.#file.append(framesOf(pending));
      if (!(await this.#file.isThere())) throw (this.#lost = moved(this.#parts.path));
      this.#durable = position;
      this.#broken = undefined;
      for (const { resolve } of [...waiting, ...purging]) resolve();
    } catch (error) {
      this.#broken = fileTrouble(error, this.#parts.path);
      this.#failedAt = this.#parts.clock.now();
      for (const { reject } of [...waiting, ...purging]) reject(this.#broken);
    }
    for (const record of pending) record.fill(0);
  }

  /** Everything in the table, also what is not in the old file yet. */
  async #rewrite(): Promise<void> {
    // Somebody else's file may be in the place of ours.
    if (!(await this.#file.isThere())) throw (this.#lost = moved(this.#parts.path));
    this.#rewriteNow = false;
    const departures = this.#departures;
    const file = await this.#parts.replace(this.#records(this.#parts.table.entries()));
    const old = this.#file;
    this.#file = file;
    this.#sizeWhenNew = file.size;
    await old.close();
    await file.syncFolder();
    this.#purged = departures;
  }

  *#records(entries: readonly TokenEntry[]): Generator<Buffer> {
    let records: Buffer[] = [];
    let bytes = 0;
    for (const entry of entries) {
      // Erased while the file is written: it is written once more.
      if (entry.gone) continue;
      const value = this.#parts.valueOf(entry);
      const record = entryRecord(entry, value);
      value.fill(0);
      records.push(record);
      bytes += record.length;
      if (bytes < FRAME_TARGET_BYTES) continue;
      yield joined(records);
      records = [];
      bytes = 0;
    }
    if (records.length > 0) yield joined(records);
  }

  #isLong(): boolean {
    return this.#file.size > this.#sizeWhenNew * 2 + SLACK_BYTES;
  }
}

function framesOf(records: readonly Buffer[]): readonly Buffer[] {
  const frames: Buffer[] = [];
  let from = 0;
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    bytes += record.length;
    if (bytes < FRAME_TARGET_BYTES && index < records.length - 1) continue;
    frames.push(joined(records.slice(from, index + 1)));
    from = index + 1;
    bytes = 0;
  }
  return frames;
}

function joined(records: readonly Buffer[]): Buffer {
  const all = Buffer.concat(records);
  for (const record of records) record.fill(0);
  return all;
}

function moved(path: string): TokenVaultError {
  return new TokenVaultError(
    'unavailable',
    `The token vault ${path} was moved, deleted or replaced while it was in use; ` +
      'start again to use what is there.',
  );
}
