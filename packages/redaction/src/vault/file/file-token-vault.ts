import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { TokenVault } from '../../token-vault.ts';
import { Fingerprints } from '../fingerprints.ts';
import { Sealer } from '../sealer.ts';
import { TableVault } from '../table-vault.ts';
import { type TokenEntry, TokenTable } from '../token-table.ts';
import { TokenVaultError } from '../token-vault-error.ts';
import { derivedKey, masterKey, type VaultKey } from '../vault-key.ts';
import {
  limitsOf,
  settingsOf,
  type VaultLimits,
  type VaultOptions,
  type VaultSettings,
} from '../vault-options.ts';
import { FileJournal } from './file-journal.ts';
import { fileTrouble } from './file-trouble.ts';
import { readVaultFile } from './read-vault-file.ts';
import { removeTemporaries } from './temporary-file.ts';
import { fileIsThere, VaultFile } from './vault-file.ts';
import { VaultFrames } from './vault-frames.ts';
import { recordsOf } from './vault-record.ts';
import { lockForWriting } from './writer-lock.ts';

export interface FileTokenVaultOptions extends VaultOptions, VaultLimits {
  /**
   * Made when it is not there, for its owner alone; beside it `<file>.lock` while it is open. One process at
   * a time.
   */
  readonly file: string;
  /** Asked once, when the vault is opened. */
  readonly key: VaultKey;
  /**
   * How long to wait while another process holds the file, such as one that is about to end. Default: 5000.
   */
  readonly lockWaitMs?: number;
}

const NO_SALT = Buffer.alloc(0);

/**
 * A vault in an encrypted file: what `tokensFor` gave is still there after a crash. All of it is also in
 * memory, sealed.
 *
 * @throws TypeError for an option that is out of bounds; TokenVaultError `weak_key`, `wrong_key`, `altered`,
 *   `locked`, `unavailable`; whatever `key` throws
 */
export async function fileTokenVault(options: FileTokenVaultOptions): Promise<TokenVault> {
  const settings = settingsOf(options);
  const limits = limitsOf(options);
  const file = resolve(options.file);
  const master = await masterKey(options.key);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const unlock = await lockForWriting(file, options.lockWaitMs ?? 5_000);
    try {
      return await open({ file, master, settings, limits, unlock });
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw fileTrouble(error, file);
  }
}

interface Opening {
  readonly file: string;
  readonly master: KeyObject;
  readonly settings: VaultSettings;
  readonly limits: Required<VaultLimits>;
  readonly unlock: () => Promise<void>;
}

async function open({ file, master, settings, limits, unlock }: Opening): Promise<TokenVault> {
  const { random, clock } = settings;
  const table = new TokenTable(limits);
  const sealer = new Sealer(createSecretKey(randomBytes(32)), random);
  const valueOf = (entry: TokenEntry): Buffer => {
    const value = sealer.open(entry.sealed, Buffer.from(entry.token));
    if (value === undefined)
      throw new TokenVaultError('altered', 'A value in memory does not open any more.');
    return value;
  };
  await removeTemporaries(file);
  const replace = (records: Iterable<Buffer>): Promise<VaultFile> =>
    VaultFile.replace(file, VaultFrames.create(master, random), records);
  const found = (await fileIsThere(file)) ? await load(file, { master, table, sealer, settings }) : undefined;
  const vaultFile =
    found === undefined
      ? await replace([])
      : await VaultFile.resume(file, found.frames, found.count, found.size);
  try {
    if (found === undefined) await vaultFile.syncFolder();
  } catch (error) {
    await vaultFile.close();
    throw error;
  }
  const journal = new FileJournal({ path: file, file: vaultFile, table, clock, valueOf, replace, unlock });
  if (found !== undefined && (found.torn || found.stale)) {
    journal.left();
    try {
      await journal.purge();
    } catch (error) {
      await journal.close().catch(() => undefined);
      throw error;
    }
  }
  const fingerprints = new Fingerprints(derivedKey(master, 'fingerprints', NO_SALT));
  return new TableVault({ settings, table, fingerprints, sealer, journal });
}

interface Loaded {
  readonly frames: VaultFrames;
  readonly count: number;
  readonly size: number;
  readonly torn: boolean;
  /** Whether the file has something in it that has expired. */
  readonly stale: boolean;
}

interface Loading {
  readonly master: KeyObject;
  readonly table: TokenTable;
  readonly sealer: Sealer;
  readonly settings: VaultSettings;
}

async function load(file: string, { master, table, sealer, settings }: Loading): Promise<Loaded> {
  const now = settings.clock.now();
  // A shorter time than before holds for what is there, too.
  const latest = now + settings.ttlMs;
  const end = await readVaultFile(file, master, settings.random, (records) => {
    for (const record of recordsIn(records, file)) {
      if (record.type === 'entry') {
        const { token, lookup, scope, value } = record;
        const sealed = sealer.seal(value, Buffer.from(token));
        const expires = Math.min(record.expires, latest);
        const abouts = [...record.abouts];
        table.add({ token, lookup, scope, abouts, sealed, expires, position: 0, gone: false });
        continue;
      }
      const entry = table.withToken(record.token);
      if (entry === undefined) continue;
      if (record.type === 'renewal') table.renew(entry, Math.min(record.expires, latest));
      else table.restoreAbout(entry, record.about);
    }
  });
  return { ...end, stale: table.expire(now) > 0 };
}

function* recordsIn(records: Buffer, file: string): ReturnType<typeof recordsOf> {
  try {
    yield* recordsOf(records);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TokenVaultError(
      'altered',
      `${file} was written by another version of Sallyport; use that one.`,
    );
  }
}
