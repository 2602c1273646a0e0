import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fail } from './derive-key.ts';
import { temporaryBeside } from './temporary-file.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells one lock from the next of the same process. */
  readonly id: string;
}

const RETRY_MS = 25;
/** What file systems without hard links say, such as FAT. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
]);

/**
 * Does something while nobody else writes the file: `<file>.lock` says who does. A lock whose process has ended is taken
 * over; one of another host, or of no readable content, is not, because nobody can know.
 *
 * @throws SecretError `unavailable` when somebody still writes after `waitMs`; errors of the file system as they are
 */
export async function withWriteLock<Done>(
  file: string,
  waitMs: number,
  fail: Fail,
  work: () => Promise<Done>,
): Promise<Done> {
  const lock = `${file}.lock`;
  const holder: Holder = { pid: process.pid, host: hostname(), id: randomBytes(8).toString('hex') };
  await acquire(file, lock, JSON.stringify(holder), waitMs, fail);
  try {
    return await work();
  } finally {
    // Unless somebody deleted ours, and another writer made this one.
    if ((await holderOf(lock))?.id === holder.id) await rm(lock, { force: true });
  }
}

async function acquire(file: string, lock: string, text: string, waitMs: number, fail: Fail): Promise<void> {
  const end = performance.now() + waitMs;
  for (;;) {
    if (await createWhole(lock, text, temporaryBeside(file))) return;
    const holder = await holderOf(lock);
    if (holder !== undefined && hasEnded(holder) && (await takeAway(lock, holder))) continue;
    if (performance.now() >= end) throw fail('unavailable', heldBy(lock, holder));
    await sleep(RETRY_MS);
  }
}

/**
 * False when the file is there already. It appears with all of its text, so that a writer that is killed never leaves a lock
 * that does not say whose it was.
 */
async function createWhole(path: string, text: string, temporary: string): Promise<boolean> {
  await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: whoever holds the lock took ours for a leftover.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (NO_LINKS.has(code)) return await createOnly(path, text);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** False when the file is there already. */
async function createOnly(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // The disk may have been full after the file was made.
    if (code !== 'EACCES' && code !== 'ENOENT') await rm(path, { force: true });
    throw error;
  }
}

/** Undefined when there is no lock any more, or it cannot be read. */
async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await textOf(lock)) as Partial<Holder> | null;
    const { pid, host, id } = holder ?? {};
    if (!Number.isSafeInteger(pid) || typeof host !== 'string' || typeof id !== 'string') return undefined;
    return { pid: pid as number, host, id };
  } catch {
    return undefined;
  }
}

/** Opening a pipe would otherwise wait for somebody to write. */
async function textOf(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return (await handle.stat()).isFile() ? await handle.readFile('utf8') : '';
  } finally {
    await handle.close();
  }
}

function hasEnded({ pid, host }: Holder): boolean {
  if (host !== hostname() || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Deletes a lock whose process has ended. Two that find it so at the same time would otherwise delete the lock that the
 * first of them has made since: only one at a time may look again and delete.
 */
async function takeAway(lock: string, ended: Holder): Promise<boolean> {
  const guard = `${lock}.ended`;
  if (!(await createOnly(guard, ''))) return false;
  try {
    if ((await holderOf(lock))?.id === ended.id) await rm(lock, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function heldBy(lock: string, holder: Holder | undefined): string {
  if (holder === undefined) return `somebody else writes it; if nobody does, delete ${lock}`;
  if (hasEnded(holder)) return `a process that has ended held ${lock}; delete ${lock} and ${lock}.ended`;
  const where = holder.host === hostname() ? '' : ' on another host';
  return `process ${holder.pid}${where} writes it; try again when it is done, or delete ${lock} if it is not Sallyport`;
}
