import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenVaultError } from '../token-vault-error.ts';
import { processBirth } from './process-birth.ts';
import { temporaryBeside } from './temporary-file.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly birth?: string | undefined;
  /** Tells one lock from the next of the same process. */
  readonly id: string;
}

/** What file systems without hard links say, such as FAT. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
]);

const RETRY_MS = 25;

/**
 * Makes this the one process that writes a file, until the function that is returned is called: `<file>.lock`
 * says so. A lock whose process has ended is taken over; one of another host, or of no readable content, is
 * not, because nobody can know.
 *
 * @throws TokenVaultError `locked` when somebody still holds it after `waitMs`; errors of the file system as
 *   they are
 */
export async function lockForWriting(file: string, waitMs: number): Promise<() => Promise<void>> {
  const end = performance.now() + waitMs;
  const lock = `${file}.lock`;
  const id = randomBytes(8).toString('hex');
  const birth = await processBirth(process.pid);
  const text = JSON.stringify({ pid: process.pid, host: hostname(), birth, id } satisfies Holder);
  while (!(await createWhole(lock, text, temporaryBeside(file)))) {
    const holder = await holderOf(lock);
    const isOver = holder !== undefined && (await hasEnded(holder));
    if (isOver && (await takeAway(lock, holder))) continue;
    if (performance.now() >= end) throw new TokenVaultError('locked', heldBy(file, lock, holder, isOver));
    await sleep(RETRY_MS);
  }
  return async () => {
    // Unless somebody deleted ours, and another made this one.
    if ((await holderOf(lock))?.id === id) await rm(lock, { force: true });
  };
}

/**
 * False when the file is there already. It appears with all of its text, so that a lock always says whose it
 * is.
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
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no lock any more, or it cannot be read. */
async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    const { pid, host, birth, id } = JSON.parse(await readFile(lock, 'utf8')) as Partial<Holder>;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid)) return undefined;
    if (typeof host !== 'string' || typeof id !== 'string') return undefined;
    return { pid, host, birth: typeof birth === 'string' ? birth : undefined, id };
  } catch {
    return undefined;
  }
}

async function hasEnded({ pid, host, birth }: Holder): Promise<boolean> {
  if (host !== hostname() || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const now = await processBirth(pid);
  return birth !== undefined && now !== undefined && birth !== now;
}

/**
 * Only one at a time may look again and delete: another could have taken the lock over since, and lose it
 * here.
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

function heldBy(file: string, lock: string, holder: Holder | undefined, isOver: boolean): string {
  const isHere = holder?.host === hostname();
  if (holder !== undefined && isHere && !isOver) {
    return (
      `The token vault ${file} is in use by process ${holder.pid}; give each process a file of its own (tokens.file), ` +
      'or use Redis. To erase from it, stop that process, erase, and start it again.'
    );
  }
  const who =
    holder === undefined
      ? 'somebody who cannot be told'
      : `process ${holder.pid} ${isHere ? 'that has ended' : `of the host ${holder.host}`}`;
  return (
    `The token vault ${file} is held by ${who}. If nobody uses it any more, delete ${lock} and ${lock}.ended; ` +
    'give each process that runs at the same time a file of its own (tokens.file), or use Redis.'
  );
}
