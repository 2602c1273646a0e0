import { setTimeout as sleep } from 'node:timers/promises';
import {
  findJournals,
  type FoundJournal,
  JournalFollower,
  type JournalLine,
  visible,
} from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { LineWriter } from '../audit/line-writer.ts';
import { aroundText, openJournals, unreadableFolder } from '../audit/open-journals.ts';
import { ProblemLog } from '../audit/problem-log.ts';
import { type QueryOptions, type RecordQuery, recordQuery } from '../audit/record-query.ts';
import { shownLine } from '../audit/shown-line.ts';
import { untilInterrupted } from '../audit/until-interrupted.ts';
import { complain } from '../complain.ts';
import { standardOutput } from '../redact/output.ts';

export interface AuditTailOptions extends QueryOptions {
  readonly folder: string;
  /** How many records to begin with. */
  readonly lines: number;
  /** Whether to go on with what is added. */
  readonly follow: boolean;
  readonly json?: boolean;
}

const POLL_MS = 250;
/** How often it is looked for new journals. */
const LOOK_MS = 1000;

/**
 * Prints the last records, and then each one that is added. Returns the exit code: 0, also when it is interrupted; 2 when the
 * options or the folder cannot be used, 3 when part of a journal cannot be read, 141 when nobody reads what is written.
 */
export function auditTail({ folder, lines, follow, json, ...query }: AuditTailOptions): Promise<number> {
  return auditExit(async () => {
    const problems = new ProblemLog();
    const asked = recordQuery(query, Date.now());
    if (!follow) {
      const { closed, around } = await openJournals(folder);
      for (const name of around) complain(aroundText(name));
      for (const each of closed) problems.closed(each);
    }
    const tail = new Tail({ folder, query: asked, problems, json: json === true });
    await tail.begin(lines);
    if (follow) await untilInterrupted((signal) => tail.goOn(signal));
    return problems.isEmpty ? AUDIT_EXIT.ok : AUDIT_EXIT.incomplete;
  });
}

class Tail {
  readonly #folder: string;
  readonly #query: RecordQuery;
  readonly #problems: ProblemLog;
  readonly #json: boolean;
  readonly #writer = new LineWriter(standardOutput());
  readonly #followers = new Map<string, JournalFollower>();

  constructor(options: {
    readonly folder: string;
    readonly query: RecordQuery;
    readonly problems: ProblemLog;
    readonly json: boolean;
  }) {
    this.#folder = options.folder;
    this.#query = options.query;
    this.#problems = options.problems;
    this.#json = options.json;
  }

  /** The last records of all journals there are. */
  async begin(count: number): Promise<void> {
    const found: JournalLine[] = [];
    for (const follower of await this.#newJournals()) found.push(...(await follower.last(count)));
    const sorted = inOrder(found);
    await this.#write(sorted.slice(Math.max(0, sorted.length - count)));
  }

  /** What is added, also to journals that begin later. */
  async goOn(signal: AbortSignal): Promise<void> {
    if (this.#followers.size === 0)
      complain(`there is no audit journal in ${visible(this.#folder)} yet; waiting for one`);
    let lookedAt = performance.now();
    while (!signal.aborted) {
      if (performance.now() - lookedAt >= LOOK_MS) {
        await this.#newJournals();
        lookedAt = performance.now();
      }
      const added: JournalLine[] = [];
      for (const follower of this.#followers.values()) added.push(...(await follower.next()));
      await this.#write(inOrder(added));
      if (added.length === 0) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #newJournals(): Promise<readonly JournalFollower[]> {
    const journals = await findJournals(this.#folder).catch((error: unknown) => noneYet(this.#folder, error));
    const { matches } = this.#query;
    return journals.flatMap((journal) => {
      if (this.#followers.has(journal.folder)) return [];
      const follower = new JournalFollower(journal, { matches, onProblem: this.#problems.add });
      this.#followers.set(journal.folder, follower);
      return [follower];
    });
  }

  async #write(lines: readonly JournalLine[]): Promise<void> {
    const several = this.#followers.size > 1;
    for (const line of lines) await this.#writer.write(shownLine(line, { json: this.#json, several }));
    await this.#writer.flush();
  }
}

function inOrder(lines: readonly JournalLine[]): readonly JournalLine[] {
  return lines.toSorted((one, other) => one.time - other.time);
}

/** A folder that is not there yet has no journals yet. */
function noneYet(folder: string, error: unknown): readonly FoundJournal[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw unreadableFolder(folder, error);
}
