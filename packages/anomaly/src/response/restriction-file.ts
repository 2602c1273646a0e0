import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, Changed, Moment } from './change-restrictions.ts';
import { whileLocked } from './folder-lock.ts';
import { NotRestrictions, readRestrictions, writeRestrictions } from './read-restrictions.ts';
import { makeFolder, replaceFile } from './replace-file.ts';
import { NO_RESTRICTIONS, type Restrictions, withoutExpired } from './restrictions.ts';
import { RestrictionsError, RestrictionsUnreadable } from './restrictions-error.ts';
import { shortId } from './short-id.ts';

export interface RestrictionFileOptions {
  /** Made, for its owner alone, when something is written first. */
  readonly folder: string;
  /** Milliseconds since the epoch. Default: the clock of the system. */
  readonly now?: () => number;
  /** Default: of `node:crypto`. */
  readonly random?: (bytes: number) => Uint8Array;
  /** How long another process may write meanwhile, in milliseconds. Default: 5000. */
  readonly lockWaitMs?: number;
}

/** What a file held, and which file that was: another stamp is another content. */
export interface ReadFile {
  readonly restrictions: Restrictions;
  readonly stamp: string;
}

const NAME = 'restrictions.json';
/** All that may be in it, with long names, is a tenth of this. */
const MOST_BYTES = 67_108_864;
const ABSENT = 'absent';
/** Changes that are written at once: others have the event loop after that. */
const MOST_TOGETHER = 64;

/** A change that somebody waits for. */
interface Waiting {
  /** @throws what the change throws */
  readonly make: (current: Restrictions, moment: Moment) => Restrictions;
  /** After it was made. */
  readonly settle: (written: ReadFile) => void;
  readonly fail: (error: unknown) => void;
}

function waiting<T>(
  change: Change<T>,
  resolve: (written: ReadFile & { readonly result: T }) => void,
  fail: (error: unknown) => void,
): Waiting {
  let changed: Changed<T> | undefined;
  return {
    make: (current, moment) => {
      changed = change(current, moment);
      return changed.next;
    },
    settle: (written) => {
      if (changed !== undefined) resolve({ ...written, result: changed.result });
    },
    fail,
  };
}

/**
 * The restrictions of a folder, shared by every process that watches, guards or administers with it. Each change is made to what
 * the file holds at that moment, under a lock that survives the death of whoever held it, and is there in whole or not at all.
 */
export class RestrictionFile {
  readonly path: string;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #lockWaitMs: number;
  /** Changes that nobody has begun to make. */
  #waiting: Waiting[] = [];
  #isWorking = false;
  /** What was read or written last: as long as its stamp is that of the file, that need not be read again. */
  #known: ReadFile | undefined;

  constructor(options: RestrictionFileOptions) {
    this.#folder = options.folder;
    this.path = join(options.folder, NAME);
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? randomBytes;
    this.#lockWaitMs = options.lockWaitMs ?? 5000;
  }

  /**
   * All that is in the file, also what is over; nothing where there is none.
   *
   * @throws RestrictionsUnreadable
   */
  async read(): Promise<Restrictions> {
    return (await this.#read()).restrictions;
  }

  /**
   * The same with its stamp. Undefined when it is still the one of this stamp.
   *
   * @throws RestrictionsUnreadable
   */
  async readUnless(stamp: string | undefined): Promise<ReadFile | undefined> {
    if (stamp !== undefined && (await this.#stamp()) === stamp) return undefined;
    return this.#read();
  }

  /**
   * Changes what is in the file, and resolves when that survives a power cut. What is over is removed with it. Changes that are
   * asked for while another one is written are written together after it, in their order.
   *
   * @throws RestrictionsUnreadable; RestrictionsError; what the change throws, and then it changed nothing; errors of the file
   * system as they are
   */
  update<T>(change: Change<T>): Promise<ReadFile & { readonly result: T }> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(waiting(change, resolve, reject));
      if (!this.#isWorking) void this.#work();
    });
  }

  /** One write after another: the lock keeps out other processes, and would keep out this one. */
  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) await this.#writeTogether();
    this.#isWorking = false;
  }

  async #writeTogether(): Promise<void> {
    const locks = `${this.path}.lock`;
    let taken: Waiting[] | undefined;
    try {
      await makeFolder(this.#folder);
      await makeFolder(locks);
      const written = await whileLocked(locks, this.#lockWaitMs, async () => {
        const found = await this.#readOnce();
        taken = this.#waiting.splice(0, MOST_TOGETHER);
        return this.#write(found, taken);
      });
      for (const one of taken ?? []) one.settle(written);
    } catch (error) {
      for (const one of taken ?? this.#waiting.splice(0)) one.fail(error);
    }
  }

  async #write(found: ReadFile, changes: readonly Waiting[]): Promise<ReadFile> {
    const now = this.#now();
    const before = withoutExpired(found.restrictions, now);
    let next = before;
    for (const one of changes) {
      try {
        next = one.make(next, { now, newId: this.#ids(next) });
      } catch (error) {
        one.fail(error);
      }
    }
    if (next === before) return found;
    const text = writeRestrictions(next);
    // What nobody could read again would refuse every call.
    if (Buffer.byteLength(text) > MOST_BYTES) throw tooLong();
    await replaceFile(this.path, text);
    const written = { restrictions: next, stamp: await this.#stamp() };
    this.#known = written;
    return written;
  }

  async #readOnce(): Promise<ReadFile> {
    const known = this.#known;
    if (known !== undefined && (await this.#stamp()) === known.stamp) return known;
    const read = await this.#read();
    this.#known = read;
    return read;
  }

  #ids({ restrictions, requests, approvals }: Restrictions): Moment['newId'] {
    const isTaken = (id: string): boolean =>
      [restrictions, requests, approvals].some((list) => list.some((one) => one.id === id));
    return () => {
      let id = shortId(this.#random);
      while (isTaken(id)) id = shortId(this.#random);
      return id;
    };
  }

  async #read(): Promise<ReadFile> {
    let file: FileHandle;
    try {
      // What stands in its place may be a link to another file, or a pipe, which never ends.
      file = await open(this.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { restrictions: NO_RESTRICTIONS, stamp: ABSENT };
      throw this.#unreadable(error);
    }
    try {
      const status = await file.stat({ bigint: true });
      if (!status.isFile()) throw new NotRestrictions('it is no file');
      if (status.size > MOST_BYTES) throw new NotRestrictions(`it has more than ${String(MOST_BYTES)} bytes`);
      return { restrictions: readRestrictions(await file.readFile('utf8')), stamp: stampOf(status) };
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      await file.close();
    }
  }

  async #stamp(): Promise<string> {
    try {
      return stampOf(await stat(this.path, { bigint: true }));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return ABSENT;
      throw this.#unreadable(error);
    }
  }

  #unreadable(cause: unknown): RestrictionsUnreadable {
    const what =
      cause instanceof NotRestrictions
        ? `is damaged (${cause.message}). Put back a copy of it, or remove it: then nothing is restricted any more`
        : `cannot be read (${codeOf(cause)}). Let this process read it`;
    return new RestrictionsUnreadable(
      `${this.path} ${what}. Until then nobody can tell what is restricted, and every call is refused.`,
      { cause },
    );
  }
}

function tooLong(): RestrictionsError {
  return new RestrictionsError(
    'full',
    `The names of what is restricted need more than ${String(MOST_BYTES)} bytes: lift some with "sallyport quarantine lift".`,
  );
}

interface Stamped {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

function stampOf({ dev, ino, size, mtimeNs }: Stamped): string {
  return `${String(dev)} ${String(ino)} ${String(size)} ${String(mtimeNs)}`;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}
