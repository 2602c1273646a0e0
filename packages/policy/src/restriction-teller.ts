import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalError, JournalLock, NODE_FS, thisProcess } from '@sallyport/audit/recording';
import { uuidv7 } from '@sallyport/core';
import {
  type Restriction,
  type RestrictionBook,
  type RestrictionChange,
  restrictionsDiff,
  stillStanding,
} from '@sallyport/anomaly/restricting';

export interface RestrictionTellerOptions {
  readonly folder: string;
  readonly book: RestrictionBook;
  readonly onChange: (change: RestrictionChange) => void;
  /** Told of approvals that were given, by the ids of their requests. */
  readonly onApproval: (id: string) => void;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const LOOK_MS = 1000;
/** How often it is tried to take the place of a process that is gone, in looks. */
const TRY_EVERY = 3;

/** What was told last. */
interface Told {
  readonly restrictions: readonly Restriction[];
  readonly approvals: readonly string[];
}

/**
 * Tells what becomes of restrictions and approvals, whoever changed them and however: this process, another one, an admin
 * with the command or with an editor. What was told stands in a file, so that what happens while nobody runs is told by the
 * next one. Of all processes with one folder one tells, whichever of them watches: a watch that only reads records nothing.
 */
export class RestrictionTeller {
  readonly #options: RestrictionTellerOptions;
  readonly #file: string;
  readonly #now: () => number;
  #told: Told | undefined;
  #lock: JournalLock | undefined;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: RestrictionTellerOptions) {
    this.#options = options;
    this.#file = join(options.folder, 'restrictions-told.json');
    this.#now = options.now ?? Date.now;
  }

  begin(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
    void this.look();
  }

  /** Looks once more, and ends. Never rejects. */
  async end(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    // What has just begun is told by whoever knows of it first.
    await this.look();
    await this.look();
    await this.#lock?.release().catch(() => undefined);
    this.#lock = undefined;
  }

  /** Tells what is new. Never rejects: what could not be noted is told again by the next process. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    if (!(await this.#isMine())) return;
    const { book, onChange, onApproval } = this.#options;
    const told = (this.#told ??= await this.#read());
    const now = this.#now();
    const { restrictions, approvals } = book.restrictions;
    const changes = restrictionsDiff(told.restrictions, restrictions, now);
    const given = approvals.map(({ id }) => id);
    const news = given.filter((id) => !told.approvals.includes(id));
    this.#told = { restrictions: stillStanding(restrictions, now), approvals: given };
    if (changes.length === 0 && news.length === 0) return;
    for (const change of changes) onChange(change);
    for (const id of news) onApproval(id);
    await this.#write(this.#told);
  }

  /** Whether this process tells; takes the place of one that is gone. */
  async #isMine(): Promise<boolean> {
    if (this.#lock?.isHeld() === true) return true;
    this.#lock = undefined;
    // Another process may have told meanwhile.
    this.#told = undefined;
    if (this.#looks++ % TRY_EVERY !== 0) return false;
    const folder = join(this.#options.folder, 'teller.lock');
    await NODE_FS.makeFolder(folder);
    try {
      this.#lock = await JournalLock.take({
        fs: NODE_FS,
        folder,
        self: thisProcess(),
        since: new Date(this.#now()).toISOString(),
        id: uuidv7(),
        onStale: () => undefined,
      });
      return true;
    } catch (error) {
      if (error instanceof JournalError && error.code === 'locked') return false;
      throw error;
    }
  }

  /** Nothing was told where there is no file, or one that nobody can read. */
  async #read(): Promise<Told> {
    try {
      const { restrictions, approvals } = JSON.parse(await readFile(this.#file, 'utf8')) as Partial<Told>;
      if (Array.isArray(restrictions) && Array.isArray(approvals)) return { restrictions, approvals };
    } catch {
      // Then it is told again, which is better than not at all.
    }
    return { restrictions: [], approvals: [] };
  }

  async #write(told: Told): Promise<void> {
    const next = `${this.#file}.next`;
    await writeFile(next, JSON.stringify(told), { mode: 0o600 });
    await rename(next, this.#file);
  }
}
