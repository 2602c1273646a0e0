import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '@sallyport/core';
import { JournalError } from '../journal/journal-error.ts';
import { JournalLock } from '../journal/journal-lock.ts';
import type { SubjectKeysSettings } from './subject-keys-options.ts';
import { SubjectKeysError } from './subject-keys-error.ts';

const LEAST_WAIT_MS = 2;
const MOST_WAIT_MS = 50;

/** Runs something while no other process writes the file. @throws SubjectKeysError `locked` */
export async function whileLocked<T>(settings: SubjectKeysSettings, run: () => Promise<T>): Promise<T> {
  const lock = await take(settings);
  try {
    return await run();
  } finally {
    await lock.release();
  }
}

async function take(settings: SubjectKeysSettings): Promise<JournalLock> {
  const { fs, file, self, now, elapsed, lockWaitMs } = settings;
  const folder = `${file}.lock`;
  const until = elapsed() + lockWaitMs;
  await fs.makeFolder(folder);
  for (let most = LEAST_WAIT_MS * 2; ; most = Math.min(most * 2, MOST_WAIT_MS)) {
    const since = new Date(now()).toISOString();
    try {
      return await JournalLock.take({ fs, folder, self, since, id: uuidv7(), onStale: () => undefined });
    } catch (error) {
      if (!(error instanceof JournalError && error.code === 'locked')) throw error;
      if (elapsed() >= until) throw lockedOut(file, lockWaitMs);
    }
    // Of two that began together both may have given up; they do not come back together.
    await sleep(LEAST_WAIT_MS + Math.random() * most);
  }
}

function lockedOut(file: string, waitedMs: number): SubjectKeysError {
  return new SubjectKeysError(
    'locked',
    `The keys of people in ${file} have been written by another process for more than ${waitedMs} ms. ` +
      `If that one is gone for good, remove what is in ${file}.lock.`,
  );
}
