import type { KeyObject } from 'node:crypto';
import { dirname } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import type { JournalFile, JournalFs } from '../journal/journal-fs.ts';
import { writeAll } from '../journal/write-all.ts';
import { inFrames, type KeyEntry } from './key-entry.ts';
import { KeyFrames } from './key-frames.ts';

export interface WriteParts {
  readonly fs: JournalFs;
  readonly path: string;
  readonly master: KeyObject;
  readonly random: (bytes: number) => Uint8Array;
}

/** Frames that are written together. */
const TOGETHER = 32;
const SCRUB_BYTES = 262_144;

/**
 * Puts a file with these entries in the place of whatever is there: written beside it, synced, and renamed, so that a crash
 * leaves the one or the other. The writer's lock has to be held.
 */
export async function writeAnew(
  { fs, path, master, random }: WriteParts,
  entries: AsyncIterable<KeyEntry> | Iterable<KeyEntry>,
): Promise<void> {
  const next = `${path}.next`;
  await scrub(fs, next, random);
  const frames = KeyFrames.create(master, random);
  const file = await fs.create(next);
  try {
    let at = await writeAll(file, [frames.head], 0);
    let batch: Buffer[] = [];
    let index = 0;
    for await (const frame of inFrames(entries)) {
      batch.push(frames.write(index, frame));
      index += 1;
      if (batch.length < TOGETHER) continue;
      at = await writeAll(file, batch, at);
      batch = [];
    }
    await writeAll(file, batch, at);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(next, path);
  await fs.syncFolder(dirname(path));
}

/** Removes what a crash left, which may have keys that are erased since. */
async function scrub(fs: JournalFs, path: string, random: (bytes: number) => Uint8Array): Promise<void> {
  let file: JournalFile;
  try {
    file = await fs.open(path, 'write');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    const size = await file.size();
    for (let at = 0; at < size; at += SCRUB_BYTES)
      await writeAll(file, [random(Math.min(SCRUB_BYTES, size - at))], at);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.remove(path);
}
