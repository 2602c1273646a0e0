import type { TokenEntry } from './token-table.ts';

/** Where the changes of a table in memory are made durable. */
export interface VaultJournal {
  /** Takes a new entry. Returns what to give to `durable`. @param value its bytes, which are copied */
  added(entry: TokenEntry, value: Buffer): number;
  renewed(entry: TokenEntry): number;
  aboutAdded(entry: TokenEntry, about: string): number;
  /** Resolves when everything up to there is on the disk. @throws TokenVaultError */
  durable(position: number): Promise<void>;
  /** Says that entries have left the table, which are to leave the file some time. */
  left(): void;
  /** Resolves when nothing is on the disk that is not in the table. @throws TokenVaultError */
  purge(): Promise<void>;
  /** The time for what need not be done at once. */
  tick(): void;
  /** @throws TokenVaultError when the vault can no longer be trusted to be there */
  check(): void;
  close(): Promise<void>;
}

/** For a vault that is forgotten with its process. */
export const NO_JOURNAL: VaultJournal = Object.freeze({
  added: () => 0,
  renewed: () => 0,
  aboutAdded: () => 0,
  durable: () => Promise.resolve(),
  left: () => undefined,
  purge: () => Promise.resolve(),
  tick: () => undefined,
  check: () => undefined,
  close: () => Promise.resolve(),
});
