import { join } from 'node:path';
import { JournalError } from './journal-error.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { writeAll } from './write-all.ts';

const NAME = /^writer-.+\.lock(\.new)?$/;
/** A lock that was not finished yet: it holds nothing. */
const DRAFT = '.new';
/** A holder that cannot be seen from here counts as gone when it has shown no sign of life for so long. */
const SILENT_MS = 15_000;
const REFRESH_MS = 3000;

interface Holder extends ProcessIdentity {
  /** RFC 3339. */
  readonly since: string;
}

export interface LockOptions {
  readonly fs: JournalFs;
  readonly folder: string;
  readonly self: ProcessIdentity;
  /** RFC 3339. */
  readonly since: string;
  /** Never used before. */
  readonly id: string;
  /** Told of each lock that a process left behind when it died. */
  readonly onStale: (holder: string) => void;
}

/**
 * One writer a folder. Each contender makes a file under a name that is never used again and only then looks for others:
 * of two that begin together at least one sees the other, and whoever sees one gives up. Since no name comes twice, the
 * file of a process that is gone can be removed at any moment, by anyone, without removing somebody else's.
 */
export class JournalLock {
  readonly #fs: JournalFs;
  readonly #path: string;
  readonly #file: JournalFile;
  readonly #holder: Buffer;
  #refreshing: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(fs: JournalFs, path: string, file: JournalFile, holder: Holder) {
    this.#fs = fs;
    this.#path = path;
    this.#file = file;
    this.#holder = Buffer.from(JSON.stringify(holder));
  }

  /** @throws JournalError `locked`, with the name of the holder */
  static async take(options: LockOptions): Promise<JournalLock> {
    const { fs, folder, self, since, id } = options;
    const path = join(folder, `writer-${id}.lock`);
    const draft = `${path}${DRAFT}`;
    const file = await fs.create(draft);
    const lock = new JournalLock(fs, path, file, { ...self, since });
    try {
      await lock.#refresh();
      // Nobody ever sees a lock that is only half written.
      await fs.rename(draft, path);
      await lock.#refuseOthers(options);
      lock.#keepRefreshing();
      return lock;
    } catch (error) {
      await lock.release();
      await fs.remove(draft);
      throw error;
    }
  }

  /** Whether the lock is still this process's; somebody may have removed it, or the whole folder. */
  isHeld(): boolean {
    return this.#fs.isThere(this.#path);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // A write that came after the close could meet another file under the same number.
    await this.#refreshing;
    await this.#file.close();
    await this.#fs.remove(this.#path);
  }

  /** A sign of life, for those who cannot see this process: a write has the time of the file system's own clock. */
  async #refresh(): Promise<void> {
    await writeAll(this.#file, [this.#holder], 0);
  }

  #keepRefreshing(): void {
    this.#timer = setInterval(() => {
      // A sign that fails is not missed unless the disk fails for long; the writer notices that itself.
      this.#refreshing = this.#refreshing.then(() => this.#refresh()).catch(() => undefined);
    }, REFRESH_MS).unref();
  }

  async #refuseOthers({ fs, folder, self, onStale }: LockOptions): Promise<void> {
    for (const name of await fs.list(folder)) {
      const path = join(folder, name);
      if (!NAME.test(name) || path === this.#path) continue;
      const silentMs = await this.#silence(path);
      if (silentMs === undefined) continue;
      if (name.endsWith(DRAFT)) {
        if (silentMs >= SILENT_MS) await fs.remove(path);
        continue;
      }
      const holder = await readHolder(fs, path);
      const running = holder === undefined ? 'unknown' : isRunning(holder, self);
      if (running === true || (running === 'unknown' && silentMs < SILENT_MS))
        throw new JournalError('locked', inWords(name, holder));
      onStale(holder === undefined ? name : `process ${holder.pid} on ${holder.host}`);
      await fs.remove(path);
    }
  }

  /** For how long a lock has not been refreshed: by the clock of the file system that both share. */
  async #silence(path: string): Promise<number | undefined> {
    await this.#refresh();
    const other = await this.#fs.status(path);
    const own = await this.#fs.status(this.#path);
    return other && own && own.changedAt - other.changedAt;
  }
}

async function readHolder(fs: JournalFs, path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await fs.readText(path)) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.host === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

function inWords(name: string, holder: Holder | undefined): string {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return `The audit journal is being written by ${who}. Stop it, or give this one another folder. If it is gone for good, remove ${name}.`;
}
