import type { AuditRecord } from '../audit-record.ts';
import type { Sink } from '../sink.ts';
import { Backlog } from './backlog.ts';
import { Chain } from './chain.ts';
import { Checkpointer } from './checkpointer.ts';
import type { JournalEntry, Link } from './entry.ts';
import { Group } from './group.ts';
import { JournalError, systemCode } from './journal-error.ts';
import { JournalLock } from './journal-lock.ts';
import type { JournalOptions } from './journal-options.ts';
import { type JournalSettings, settingsOf } from './journal-settings.ts';
import { type JournalState, readState } from './journal-state.ts';
import { parseVerifierKey } from './note.ts';
import { prune } from './retention.ts';
import { Segment } from './segment.ts';
import type { SegmentHead } from './segment-head.ts';

/** How often an idle journal looks for segments that are too old. */
const PRUNE_MS = 60_000;

/**
 * The audit trail: a folder of segments in which no acknowledged record is lost, and none can be changed, removed or
 * cut off unnoticed. Callers that arrive while one `fdatasync` runs share the next one.
 */
export class Journal implements Sink {
  broken: Error | undefined;
  readonly #folder: string;
  readonly #settings: JournalSettings;
  readonly #lock: JournalLock;
  readonly #chain: Chain;
  readonly #checkpoints: Checkpointer;
  readonly #backlog = new Backlog();
  #segment: Segment;

  #filling = new Group();
  #spare = new Group();
  #scheduled = false;
  #flushing: Promise<void> | undefined;
  #pruning: Promise<void> | undefined;
  #prunedAt = -Infinity;
  #recovering: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** Why a checkpoint could not be stored while a group was being written. */
  #failure: unknown;
  #lazy: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  private constructor(
    folder: string,
    settings: JournalSettings,
    open: { readonly lock: JournalLock; readonly segment: Segment; readonly state: JournalState },
  ) {
    this.#folder = folder;
    this.#settings = settings;
    this.#lock = open.lock;
    this.#segment = open.segment;
    this.#chain = new Chain(open.state);
    this.#checkpoints = new Checkpointer(settings, open.segment.head.origin, open.state.signed);
  }

  /**
   * Opens the journal in a folder, or begins one there.
   *
   * @throws JournalError `locked` when another process writes it, `damaged` or `unknown_key` when it is not what was
   *   written, and an error of the system when the folder cannot be written: nothing should start that cannot be recorded
   */
  static async open(folder: string, options: JournalOptions): Promise<Journal> {
    const settings = settingsOf(options);
    const { fs, self, newId, now, signer, onEvent } = settings;
    const keys = [signer.verifierKey, ...settings.formerKeys].map(parseVerifierKey);
    await fs.makeFolder(folder);
    const onStale = (holder: string): void => onEvent({ type: 'stale_lock', holder });
    const since = new Date(now()).toISOString();
    const lock = await JournalLock.take({ fs, folder, self, since, id: newId(), onStale });
    try {
      const state = await readState({ fs, folder, keys, newId });
      const segment = await segmentFor(folder, settings, state);
      const journal = new Journal(folder, settings, { lock, segment, state });
      try {
        await journal.#begin(state);
        return journal;
      } catch (error) {
        await journal.#letGo();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** First line of every checkpoint of this journal. */
  get origin(): string {
    return this.#segment.head.origin;
  }

  append(record: AuditRecord, { durable }: { readonly durable: boolean }): Promise<void> {
    if (this.#closing !== undefined)
      return Promise.reject(new JournalError('closed', 'The audit journal is closed.'));
    if (this.broken !== undefined) {
      this.#backlog.refused += 1;
      return Promise.reject(this.broken);
    }
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
    if (this.#filling.bytes + json.length > this.#settings.pendingBytes)
      return Promise.reject(
        new JournalError('overloaded', 'Audit records arrive faster than the disk takes them.'),
      );
    return this.#add('record', json, durable);
  }

  /** Makes everything accepted durable, signs it and lets go of the folder. @throws when something could not be kept */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #add(member: Link['member'], json: string, durable: boolean): Promise<void> {
    const group = this.#filling;
    try {
      this.#chain.add(group, member, json);
    } catch (error) {
      return Promise.reject(error);
    }
    if (durable) {
      this.#schedule();
      return group.wait();
    }
    group.unawaited.push(json);
    this.#lazy ??= setTimeout(() => {
      this.#lazy = undefined;
      this.#schedule();
    }, this.#settings.lazyMs);
    return Promise.resolve();
  }

  #entry(entry: JournalEntry): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    return this.#add('journal', JSON.stringify(entry), true);
  }

  /** After the callbacks of this turn of the loop, so that those who arrive together share a group. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#flushing !== undefined || this.broken !== undefined || this.#filling.count === 0) return;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
      if (this.#filling.waiting > 0) this.#schedule();
    });
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#lazy);
    this.#lazy = undefined;
    const group = this.#filling;
    this.#filling = this.#spare;
    try {
      this.#check();
      const written = this.#segment.write(group.parts());
      this.#chain.grow(group);
      await written;
    } catch (error) {
      this.#fail(error, group);
      return;
    }
    this.#chain.commit(group);
    group.settle();
    this.#spare = group;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isFull()) await this.#rotate();
      else if (this.#checkpoints.isDue(this.#chain.size)) this.#signSoon();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @throws when nothing should be written now */
  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#lock.isHeld()) throw Object.assign(new Error('The lock was removed.'), { code: 'ENOLCK' });
    if (this.#checkpoints.isOverdue(this.#chain.size))
      throw Object.assign(new Error('The signer does not sign.'), { code: 'no signature' });
  }

  #isFull(): boolean {
    const { segmentBytes, segmentAgeMs, now } = this.#settings;
    const { totalBytes, head } = this.#segment;
    return totalBytes >= segmentBytes || now() - Date.parse(head.time) >= segmentAgeMs;
  }

  /** To be called only while no group is being written. */
  #signSoon(): void {
    this.#checkpoints.soon(
      () => this.#chain.durable(),
      this.#segment,
      (error) => {
        this.#failure = error;
        if (this.#flushing === undefined) this.#fail(error);
      },
    );
  }

  async #rotate(): Promise<void> {
    await this.#checkpoints.idle();
    await this.#checkpoints.sign(this.#chain.durable(), this.#segment);
    const next = await Segment.create(this.#settings.fs, this.#folder, this.#head());
    await this.#segment.close();
    this.#segment = next;
    this.#settings.onEvent({ type: 'rotated', first: next.files.first });
    this.#pruneSoon();
  }

  #head(): SegmentHead {
    const { now, signer } = this.#settings;
    const { tree, last } = this.#chain.durable();
    const time = new Date(now()).toISOString();
    return { v: 1, origin: this.origin, key: signer.verifierKey, time, prev: last, tree };
  }

  #pruneSoon(): void {
    const { keepMs, keepBytes, now, onEvent } = this.#settings;
    if (keepMs === Infinity && keepBytes === Infinity) return;
    this.#prunedAt = now();
    this.#pruning ??= prune(this.#folder, this.#settings, (entry) => this.#entry(entry))
      .catch((error: Error) => onEvent({ type: 'prune_failed', error }))
      .finally(() => {
        this.#pruning = undefined;
      });
  }

  #fail(cause: unknown, group?: Group): void {
    const message = `The audit journal cannot be written (${systemCode(cause)}).`;
    const error = new JournalError('unwritable', message, { cause });
    this.broken = error;
    this.#failure = undefined;
    this.#chain.rollback();
    for (const failed of group === undefined ? [this.#filling] : [group, this.#filling]) {
      this.#backlog.take(failed);
      failed.settle(error);
    }
    if (group !== undefined) this.#spare = group;
    this.#settings.onEvent({ type: 'broken', error });
    this.#retryLater();
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#recover().catch(() => this.#retryLater());
    }, this.#settings.retryMs).unref();
  }

  /** Begins a new segment behind what is known to be durable. @throws while the disk still fails */
  #recover(): Promise<void> {
    this.#recovering ??= this.#repair().finally(() => {
      this.#recovering = undefined;
    });
    return this.#recovering;
  }

  async #repair(): Promise<void> {
    await this.#flushing;
    await this.#checkpoints.idle();
    if (!this.#lock.isHeld()) throw new JournalError('locked', 'The lock of the audit journal was removed.');
    const { fs } = this.#settings;
    const abandoned = this.#segment;
    await abandoned.repair();
    this.#segment =
      abandoned.files.first === this.#chain.size
        ? await Segment.reopen(fs, this.#folder, abandoned)
        : await Segment.create(fs, this.#folder, this.#head());
    await abandoned.close();
    await this.#checkpoints.sign(this.#chain.durable(), this.#segment);
    if (this.#checkpoints.isOverdue(this.#chain.size)) throw new Error('The signer does not sign.');
    this.#resume();
  }

  #resume(): void {
    const { now, onEvent } = this.#settings;
    const cause = systemCode(this.broken?.cause);
    const { refused, lost } = this.#backlog;
    this.broken = undefined;
    const time = new Date(now()).toISOString();
    this.#entry({ type: 'recovered', time, cause, refused, lost }).then(
      () => {
        this.#backlog.settle({ refused, lost });
        onEvent({ type: 'recovered', refused, lost });
      },
      // It failed again, and `broken` says so.
      () => undefined,
    );
    for (const json of this.#backlog.release()) void this.#add('record', json, false);
  }

  async #begin(state: JournalState): Promise<void> {
    const { now, onEvent, checkpointMs } = this.#settings;
    if (state.torn !== undefined) onEvent({ type: 'torn_tail', ...state.torn });
    const time = new Date(now()).toISOString();
    await this.#entry({ type: 'open', time, torn: state.torn?.bytes ?? 0 });
    this.#pruneSoon();
    this.#tick = setInterval(() => this.#onTick(), checkpointMs).unref();
  }

  #onTick(): void {
    // Not by the clock, which may go back: what was unsigned at the last tick is due.
    if (this.broken === undefined && this.#flushing === undefined) this.#signSoon();
    if (this.#settings.now() - this.#prunedAt >= PRUNE_MS) this.#pruneSoon();
  }

  async #close(): Promise<void> {
    clearInterval(this.#tick);
    await this.#pruning;
    await this.#flushing;
    clearTimeout(this.#retry);
    if (this.broken !== undefined) await this.#recover().catch(() => undefined);
    while (this.broken === undefined && (this.#flushing !== undefined || this.#filling.count > 0)) {
      this.#pump();
      await this.#flushing;
    }
    await this.#checkpoints.idle();
    try {
      if (this.broken === undefined) await this.#checkpoints.sign(this.#chain.durable(), this.#segment);
      else if (this.#backlog.open > 0) throw this.broken;
    } finally {
      await this.#letGo();
      await this.#lock.release();
    }
  }

  async #letGo(): Promise<void> {
    clearInterval(this.#tick);
    clearTimeout(this.#retry);
    clearTimeout(this.#lazy);
    await this.#segment.close();
  }
}

async function segmentFor(folder: string, settings: JournalSettings, state: JournalState): Promise<Segment> {
  const { fs, signer, now, newId } = settings;
  const { found } = state;
  // With another key a new segment begins, so that its head names the key.
  if (found !== undefined && found.head.key === signer.verifierKey) return Segment.reopen(fs, folder, found);
  if (found !== undefined) await (await Segment.reopen(fs, folder, found)).close();
  const origin = found?.head.origin ?? `${signer.name}/${newId()}`;
  const time = new Date(now()).toISOString();
  return Segment.create(fs, folder, {
    v: 1,
    origin,
    key: signer.verifierKey,
    time,
    prev: state.last,
    tree: state.tree.state(),
  });
}
