import type { AuditRecord } from '../audit-record.ts';
import type { Sink } from '../sink.ts';
import { type Accepted, Backlog } from './backlog.ts';
import { ClockWatch } from './clock-watch.ts';
import type { JournalEntry } from './entry.ts';
import { bytesFor, type Group } from './group.ts';
import { GroupCommit, type GroupWork } from './group-commit.ts';
import { JournalError, systemCode } from './journal-error.ts';
import type { JournalLock } from './journal-lock.ts';
import type { JournalOptions } from './journal-options.ts';
import { type JournalSettings, settingsOf } from './journal-settings.ts';
import { callMark, type UnmatchedAttempt } from './open-calls.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';
import { Outage } from './outage.ts';
import { Pruner } from './pruner.ts';
import { Recovery } from './recovery.ts';
import { SegmentWriter } from './segment-writer.ts';

/**
 * The audit trail: a folder of segments in which no acknowledged record is lost, and none can be changed, removed or
 * cut off unnoticed. Callers that arrive while one `fdatasync` runs share the next one.
 */
export class Journal implements Sink {
  /**
   * Attempts of earlier processes that have no outcome, in their order: whether they executed is not known. Found again
   * at the next start, unless an outcome of the call is recorded, or an event `attempt_unmatched` with the id of the
   * call as `detail.call`.
   */
  readonly unmatched: readonly UnmatchedAttempt[];
  /** How many more there were that could not be told apart: over 10,000 calls were open. Told once. */
  readonly unmatchedMore: number;
  /**
   * How many records at the end had no checkpoint when the journal was opened, and are signed from then on. A crash
   * leaves those of its last second; more than 0 after a clean end are somebody else's. The entry `open` says it too.
   */
  readonly adopted: number;
  readonly #settings: JournalSettings;
  readonly #lock: JournalLock;
  readonly #writer: SegmentWriter;
  readonly #groups: GroupCommit;
  readonly #backlog: Backlog;
  readonly #outage: Outage;
  readonly #clock: ClockWatch;
  readonly #pruner: Pruner;
  readonly #recovery: Recovery;

  #closing: Promise<void> | undefined;
  #tick: NodeJS.Timeout | undefined;

  private constructor(folder: string, settings: JournalSettings, open: OpenFolder) {
    const { calls, more } = open.state.calls.all();
    this.unmatched = calls;
    this.unmatchedMore = more;
    this.adopted = open.state.tree.size - open.state.signed;
    this.#settings = settings;
    this.#lock = open.lock;
    this.#writer = new SegmentWriter(folder, settings, { ...open, onFailure: () => this.#onWriterFailure() });
    this.#groups = new GroupCommit(this.#work(), settings);
    this.#backlog = new Backlog(settings);
    this.#outage = new Outage(settings);
    this.#clock = new ClockWatch(settings);
    const append = (entry: JournalEntry): Promise<void> => this.#entry(entry);
    this.#recovery = new Recovery(settings, {
      writer: this.#writer,
      groups: this.#groups,
      backlog: this.#backlog,
      outage: this.#outage,
      lock: open.lock,
      append,
      again: (accepted) => void this.#add(accepted, 'lazy'),
    });
    this.#pruner = new Pruner(folder, settings, { clock: this.#clock, append });
  }

  /**
   * Opens the journal in a folder, or begins one there.
   *
   * @throws JournalError `locked` when another process writes it, `damaged` or `unknown_key` when it is not what was
   *   written, and an error of the system when the folder cannot be written: nothing should start that cannot be recorded
   */
  static async open(folder: string, options: JournalOptions): Promise<Journal> {
    const settings = settingsOf(options);
    const open = await openFolder(folder, settings);
    const journal = new Journal(folder, settings, open);
    try {
      await journal.#begin(open);
      return journal;
    } catch (error) {
      await journal.#letGo();
      throw error;
    }
  }

  /** First line of every checkpoint of this journal. */
  get origin(): string {
    return this.#writer.origin;
  }

  /** Why appends are refused at the moment; undefined also while they wait for the disk, or are dropped. */
  get broken(): Error | undefined {
    return this.#outage.refusal;
  }

  /**
   * Takes a record; while the disk does not, `onFailure` decides. One that need not be durable at once tells of what
   * was done already: it waits in memory, as far as there is room, and is refused only behind that.
   *
   * @throws JournalError `unwritable`, `overloaded`, `bad_record` or `closed`
   */
  append(record: AuditRecord, { durable }: { readonly durable: boolean }): Promise<void> {
    if (this.#closing !== undefined)
      return Promise.reject(new JournalError('closed', 'The audit journal is closed.'));
    let json: string | undefined;
    let cause: unknown;
    try {
      json = JSON.stringify(record) as string | undefined;
    } catch (error) {
      cause = error;
    }
    if (json === undefined)
      return Promise.reject(
        new JournalError('bad_record', 'The record cannot be written as JSON.', { cause }),
      );
    const accepted = { json, mark: callMark(record) };
    switch (this.#settings.onFailure) {
      case 'deny':
        return this.#acceptOrRefuse(accepted, durable);
      case 'dangerouslyDrop':
        return this.#acceptOrDrop(accepted, durable);
      default:
        return this.#acceptOrWait(accepted, durable);
    }
  }

  /** Makes everything accepted durable, signs it and lets go of the folder. @throws when something could not be kept */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #acceptOrRefuse(accepted: Accepted, durable: boolean): Promise<void> {
    if (this.#outage.error !== undefined) {
      if (!durable && this.#keeps(accepted)) return;
      this.#backlog.refused += 1;
    }
    await this.#accept(accepted, durable);
  }

  /** What nobody waits for tells of something that was done already: refusing it would undo nothing. */
  #keeps(accepted: Accepted): boolean {
    bytesFor(accepted.json);
    return this.#backlog.holdIfRoom(accepted);
  }

  #accept(accepted: Accepted, durable: boolean): Promise<void> {
    const { error } = this.#outage;
    if (error !== undefined) return Promise.reject(error);
    if (this.#isOverloaded(accepted)) return Promise.reject(overloaded());
    try {
      return this.#add(accepted, durable ? 'awaited' : 'lazy');
    } catch (tooLarge) {
      return Promise.reject(tooLarge);
    }
  }

  async #acceptOrWait(accepted: Accepted, durable: boolean): Promise<void> {
    if (this.#outage.error === undefined) {
      try {
        await this.#accept(accepted, durable);
        return;
      } catch (error) {
        if (!(error instanceof JournalError && error.code === 'unwritable')) throw error;
      }
    }
    try {
      await this.#outage.wait(accepted.json.length);
      await this.#accept(accepted, durable);
    } catch (error) {
      if (!durable && this.#outage.error !== undefined && this.#keeps(accepted)) return;
      this.#backlog.refused += 1;
      throw error;
    }
  }

  async #acceptOrDrop(accepted: Accepted, durable: boolean): Promise<void> {
    if (this.#outage.error !== undefined) {
      bytesFor(accepted.json);
      this.#backlog.hold(accepted);
    } else if (this.#isOverloaded(accepted)) {
      this.#outage.dropping(overloaded());
      this.#backlog.lose();
    } else {
      // Accepted whatever comes: should its group fail, the backlog has it.
      await this.#add(accepted, durable ? 'kept' : 'lazy').catch(() => undefined);
    }
  }

  #isOverloaded({ json }: Accepted): boolean {
    return this.#groups.pendingBytes + json.length > this.#settings.pendingBytes;
  }

  /**
   * @param how `awaited`: the caller learns what becomes of it; `kept`: so does the backlog; `lazy`: nobody waits
   * @throws JournalError when the record is too large
   */
  #add(accepted: Accepted, how: 'awaited' | 'kept' | 'lazy'): Promise<void> {
    const group = this.#groups.filling;
    this.#writer.chain.add(group, 'record', accepted.json);
    if (accepted.mark !== undefined) group.marks.push(accepted.mark);
    if (how !== 'awaited') group.accepted.push(accepted);
    if (how !== 'lazy') return this.#groups.wait();
    this.#groups.soon();
    return Promise.resolve();
  }

  async #entry(entry: JournalEntry): Promise<void> {
    if (this.#outage.error !== undefined) throw this.#outage.error;
    const group = this.#groups.filling;
    this.#writer.chain.add(group, 'journal', JSON.stringify(entry));
    if (entry.type === 'open') group.marks.push('start');
    await this.#groups.wait();
  }

  #work(): GroupWork {
    return {
      before: () => {
        this.#clock.check();
        return this.#writer.isOverdue ? this.#writer.catchUp() : undefined;
      },
      write: (group) => {
        if (this.#lock.isHeld()) return this.#writer.write(group);
        throw Object.assign(new Error('The lock was removed.'), { code: 'ENOLCK' });
      },
      behind: () => {
        if (this.#writer.isFull)
          return this.#writer.rotate(() => this.#groups.pending).then(() => this.#pruner.soon());
        this.#writer.signWhenDue();
        return undefined;
      },
      failed: (cause, groups) => this.#failed(cause, groups),
    };
  }

  #failed(cause: unknown, groups: readonly Group[]): Error {
    const message = `The audit journal cannot be written (${systemCode(cause)}).`;
    const error = new JournalError('unwritable', message, { cause });
    this.#writer.chain.rollback();
    this.#outage.begin(error);
    for (const group of groups) {
      if (this.#settings.onFailure === 'deny') this.#backlog.refused += group.waiting;
      this.#backlog.take(group);
    }
    this.#recovery.later();
    return error;
  }

  #onWriterFailure(): void {
    // Otherwise whoever is at it finds out.
    if (this.#groups.isWriting || this.#outage.error !== undefined) return;
    try {
      this.#writer.check();
    } catch (error) {
      this.#groups.fail(error);
    }
  }

  async #begin({ state }: OpenFolder): Promise<void> {
    const { now, onEvent, checkpointMs } = this.#settings;
    if (state.torn !== undefined) onEvent({ type: 'torn_tail', ...state.torn });
    const time = new Date(now()).toISOString();
    const { adopted } = this;
    // One writer died before its first signature; each of them adds an entry, and so many could not be told from forged ones.
    if (adopted > 0 && state.signed === 0) await this.#signFirst();
    await this.#entry({ type: 'open', time, torn: state.torn?.bytes ?? 0, adopted });
    await this.#groups.idle();
    await this.#signFirst();
    this.#pruner.soon();
    this.#tick = setInterval(() => this.#onTick(), checkpointMs).unref();
  }

  /** Whatever is acknowledged from here on, its journal has a signature: one without any was made by somebody else. */
  async #signFirst(): Promise<void> {
    await this.#writer.sign();
    if (!this.#writer.isSigned)
      throw new JournalError(
        'unwritable',
        'The signer of the audit journal does not sign, and a journal cannot begin without a signature.',
      );
  }

  #onTick(): void {
    this.#clock.check();
    this.#pruner.whenDue();
    if (this.#outage.error !== undefined) return;
    // Not by the clock, which may go back: what was unsigned at the last tick is due.
    if (!this.#groups.isWriting) this.#writer.signSoon();
    this.#recovery.tellLoss();
  }

  async #close(): Promise<void> {
    clearInterval(this.#tick);
    await this.#pruner.idle();
    await this.#groups.idle();
    if (this.#outage.error === undefined) this.#recovery.tellLoss();
    else await this.#recovery.now().catch(() => undefined);
    this.#outage.giveUp();
    await this.#groups.drain();
    try {
      if (this.#outage.error === undefined) await this.#writer.sign();
      else if (this.#backlog.open > 0) throw this.#outage.error;
    } finally {
      await this.#letGo();
    }
  }

  async #letGo(): Promise<void> {
    clearInterval(this.#tick);
    this.#recovery.close();
    this.#groups.close();
    this.#outage.giveUp();
    await this.#writer.close();
    await this.#lock.release();
  }
}

function overloaded(): JournalError {
  return new JournalError('overloaded', 'Audit records arrive faster than the disk takes them.');
}
