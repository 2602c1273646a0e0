import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type RestrictionBook,
  type RestrictionChange,
  RestrictionFile,
  type Restrictions,
  restrictionsDiff,
} from '@sallyport/anomaly/restricting';
import { JournalError, JournalLock, NODE_FS, thisProcess } from '@sallyport/audit/recording';
import { uuidv7 } from '@sallyport/core';

export interface RestrictionTellerOptions {
  readonly folder: string;
  readonly book: RestrictionBook;
  readonly onChange: (change: RestrictionChange) => void;
  /** Told of approvals that were given, by the ids of their requests. */
  readonly onApproval: (id: string) => void;
  /** Told each time that it cannot be seen what was told before, or noted what is told now. */
  readonly onTrouble: (code: string) => void;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const LOOK_MS = 1000;
/** How often it is tried to take the place of a process that is gone, in looks. */
const TRY_EVERY = 3;
/** A disk that does not answer holds up no end. */
const END_MS = 2000;

/**
 * Tells what becomes of restrictions and approvals, whoever changed them and however: this process, another one, an admin
 * with the command or with an editor. What was told is kept as a copy of what there was (`told/restrictions.json`), so that
 * what happens while nobody runs is told by the next one. Of all processes with one folder one tells, whichever of them
 * watches: a watch that only reads records nothing.
 */
export class RestrictionTeller {
  readonly #options: RestrictionTellerOptions;
  readonly #file: RestrictionFile;
  readonly #now: () => number;
  #told: Restrictions | undefined;
  #lock: JournalLock | undefined;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: RestrictionTellerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#file = new RestrictionFile({ folder: join(options.folder, 'told'), now: this.#now });
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
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    await Promise.race([this.#lastLook(), late]);
    clearTimeout(timer);
  }

  /** Tells what is new. Never rejects: what could not be noted is told again by the next process. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#options.onTrouble(codeOf(error)))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #lastLook(): Promise<void> {
    // One may be under way that began before what has just happened.
    await this.look();
    await this.look();
    await this.#lock?.release().catch(() => undefined);
    this.#lock = undefined;
  }

  async #look(): Promise<void> {
    if (!(await this.#isMine())) return;
    const { book, onChange, onApproval } = this.#options;
    const told = (this.#told ??= await this.#read());
    const current = book.restrictions;
    if (current === told) return;
    const changes = restrictionsDiff(told.restrictions, current.restrictions, this.#now());
    const known = new Set(told.approvals.map(({ id }) => id));
    const given = current.approvals.filter(({ id }) => !known.has(id));
    // First, so that what cannot be noted is not told each second.
    this.#told = withoutOver(current, this.#now());
    for (const change of changes) onChange(change);
    for (const { id } of given) onApproval(id);
    if (changes.length > 0 || given.length > 0) await this.#write(this.#told);
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

  /** Where it cannot be read what was told, all is told again, which is better than not at all. */
  async #read(): Promise<Restrictions> {
    try {
      return await this.#file.read();
    } catch (error) {
      this.#options.onTrouble(codeOf(error));
      await rm(this.#file.path, { force: true, recursive: true });
      return { restrictions: [], requests: [], approvals: [] };
    }
  }

  async #write(told: Restrictions): Promise<void> {
    await this.#file.update(() => ({ next: told, result: undefined }));
  }
}

/** Without what is over, so that each end is told once; requests are nobody's news. */
function withoutOver({ restrictions, approvals }: Restrictions, now: number): Restrictions {
  const isOn = ({ until }: { readonly until: string }): boolean => Date.parse(until) > now;
  return { restrictions: restrictions.filter(isOn), requests: [], approvals: approvals.filter(isOn) };
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
