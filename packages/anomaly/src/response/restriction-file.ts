import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, Moment } from './change-restrictions.ts';
import { whileLocked } from './folder-lock.ts';
import { NotRestrictions, readRestrictions, writeRestrictions } from './read-restrictions.ts';
import { makeFolder, replaceFile } from './replace-file.ts';
import { NO_RESTRICTIONS, type Restrictions, withoutExpired } from './restrictions.ts';
import { RestrictionsUnreadable } from './restrictions-error.ts';
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
  /** One change after another: the lock keeps out other processes, and would keep out this one. */
  #turn: Promise<unknown> = Promise.resolve();

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
   * Changes what is in the file, and resolves when that survives a power cut. What is over is removed with it.
   *
   * @throws RestrictionsUnreadable; RestrictionsError; what the change throws, and then nothing was written; errors of the file
   * system as they are
   */
  update<T>(change: Change<T>): Promise<ReadFile & { readonly result: T }> {
    const mine = this.#turn.then(() => this.#update(change));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #update<T>(change: Change<T>): Promise<ReadFile & { readonly result: T }> {
    const locks = `${this.path}.lock`;
    await makeFolder(this.#folder);
    await makeFolder(locks);
    return whileLocked(locks, this.#lockWaitMs, async () => {
      const found = await this.#read();
      const now = this.#now();
      const standing = withoutExpired(found.restrictions, now);
      const { next, result } = change(standing, { now, newId: this.#ids(standing) });
      if (next === standing) return { ...found, result };
      await replaceFile(this.path, writeRestrictions(next));
      return { restrictions: next, stamp: await this.#stamp(), result };
    });
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
