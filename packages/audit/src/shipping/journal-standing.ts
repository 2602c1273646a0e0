import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { CursorFile } from './cursor-file.ts';
import { newestCheckpoint, type NotedCheckpoint } from './last-checkpoint.ts';

/** How a journal stands, without opening it. */
export interface JournalStanding {
  /** Its newest checkpoint, unverified; undefined for a folder without one. */
  readonly checkpoint: NotedCheckpoint | undefined;
  /** A process writes it, or left it behind when it died. */
  readonly isLocked: boolean;
  /** Of the receivers that were asked for: those that do not have every record that the checkpoint covers. */
  readonly behind: readonly string[];
}

/** @throws an error of the system when the folder cannot be read */
export async function journalStanding(
  folder: string,
  receivers: Iterable<string>,
  fs: JournalFs = NODE_FS,
): Promise<JournalStanding> {
  const checkpoint = await newestCheckpoint(fs, folder);
  const names = await readdir(folder);
  const behind: string[] = [];
  for (const name of receivers) {
    const cursor = await new CursorFile(fs, join(folder, `${name}.cursor`)).load();
    const sequence = cursor === undefined || cursor === 'damaged' ? 0 : cursor.sequence;
    if (checkpoint !== undefined && sequence < checkpoint.size) behind.push(name);
  }
  return { checkpoint, isLocked: names.some((name) => /^writer-.+\.lock$/.test(name)), behind };
}
