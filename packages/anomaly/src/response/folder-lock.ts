import { setTimeout as sleep } from 'node:timers/promises';
import { JournalError, JournalLock, NODE_FS, thisProcess } from '@sallyport/audit/recording';
import { uuidv7 } from '@sallyport/core';
import { RestrictionsError } from './restrictions-error.ts';

const LEAST_WAIT_MS = 2;
const MOST_WAIT_MS = 50;

/**
 * Runs something while no other process does so with this folder, which has to be there. It is the lock of the journal: what a
 * process that died held is free at once.
 *
 * @throws RestrictionsError `locked` when another process holds it for longer than `waitMs`; errors of the file system as they
 * are
 */
export async function whileLocked<T>(folder: string, waitMs: number, run: () => Promise<T>): Promise<T> {
  const lock = await take(folder, waitMs);
  try {
    return await run();
  } finally {
    await lock.release();
  }
}

async function take(folder: string, waitMs: number): Promise<JournalLock> {
  const until = performance.now() + waitMs;
  const self = thisProcess();
  for (let most = LEAST_WAIT_MS * 2; ; most = Math.min(most * 2, MOST_WAIT_MS)) {
    const since = new Date().toISOString();
    try {
      return await JournalLock.take({
        fs: NODE_FS,
        folder,
        self,
        since,
        id: uuidv7(),
        onStale: () => undefined,
      });
    } catch (cause) {
      if (!(cause instanceof JournalError && cause.code === 'locked')) throw cause;
      if (performance.now() >= until) throw lockedOut(folder, waitMs, cause);
    }
    // Of two that began together both may have given up; they do not come back together.
    await sleep(LEAST_WAIT_MS + Math.random() * most);
  }
}

function lockedOut(folder: string, waitMs: number, cause: JournalError): RestrictionsError {
  return new RestrictionsError(
    'locked',
    `Restrictions have been written by another process for more than ${waitMs} ms. If that one is gone for good, remove what is in ${folder}.`,
    { cause },
  );
}
