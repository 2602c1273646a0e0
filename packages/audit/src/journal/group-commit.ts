import { Group, MAX_GROUP } from './group.ts';

/** What is done with groups, by whoever fills them. */
export interface GroupWork {
  /** Something to wait for before a group is written. @throws when nothing should be written now */
  before(): Promise<void> | undefined;
  /** Makes a group durable. @throws when it cannot be */
  write(group: Group): Promise<void>;
  /** Something to wait for before the next group is written. @throws when nothing can be written any more */
  behind(): Promise<void> | undefined;
  /** Takes what failed from the groups; `stop` holds until `resume`. @returns what their callers are told */
  failed(cause: unknown, groups: readonly Group[]): Error;
}

/** Gathers records to groups and writes one group after another, each as soon as the one before is durable. */
export class GroupCommit {
  readonly #work: GroupWork;
  readonly #lazyMs: number;
  /** Where records go. */
  #filling = new Group();
  /** Groups that take no more, oldest first. */
  readonly #full: Group[] = [];
  #spare = new Group();
  #isScheduled = false;
  #isStopped = false;
  #flushing: Promise<void> | undefined;
  #lazy: NodeJS.Timeout | undefined;

  /** @param lazyMs how long a record that nobody waits for may wait for others */
  constructor(work: GroupWork, { lazyMs }: { readonly lazyMs: number }) {
    this.#work = work;
    this.#lazyMs = lazyMs;
  }

  /** Where the next record goes. */
  get filling(): Group {
    if (this.#filling.count >= MAX_GROUP) {
      this.#full.push(this.#filling);
      this.#filling = new Group();
    }
    return this.#filling;
  }

  /** The groups that are not being written yet, oldest first. */
  get pending(): readonly Group[] {
    return [...this.#full, this.#filling];
  }

  /** Bytes of all that is not being written yet. */
  get pendingBytes(): number {
    let { bytes } = this.#filling;
    for (const full of this.#full) bytes += full.bytes;
    return bytes;
  }

  get isWriting(): boolean {
    return this.#flushing !== undefined;
  }

  /** Resolves when what was added to the group last is durable. */
  wait(): Promise<void> {
    this.#schedule();
    return this.#filling.wait();
  }

  /** What was added to the group last is written soon, together with what comes. */
  soon(): void {
    this.#lazy ??= setTimeout(() => {
      this.#lazy = undefined;
      this.#schedule();
    }, this.#lazyMs);
  }

  /** Resolves when no group is being written. */
  async idle(): Promise<void> {
    await this.#flushing;
  }

  /** Writes everything, unless it fails. */
  async drain(): Promise<void> {
    while (!this.#isStopped && (this.#flushing !== undefined || this.#hasRecords)) {
      this.#pump();
      await this.#flushing;
    }
  }

  fail(cause: unknown, group?: Group): void {
    this.#isStopped = true;
    const groups = group === undefined ? this.pending : [group, ...this.pending];
    this.#full.length = 0;
    const error = this.#work.failed(cause, groups);
    for (const failed of groups) failed.settle(error);
    if (group !== undefined) this.#spare = group;
  }

  resume(): void {
    this.#isStopped = false;
  }

  /** Lets go of the timer. */
  close(): void {
    clearTimeout(this.#lazy);
  }

  /** After the callbacks of this turn of the loop, so that those who arrive together share a group. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#flushing !== undefined || this.#isStopped || !this.#hasRecords) return;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
      if (this.#isWaitedFor) this.#schedule();
    });
  }

  get #hasRecords(): boolean {
    return this.#full.length > 0 || this.#filling.count > 0;
  }

  get #isWaitedFor(): boolean {
    return this.#full.length > 0 || this.#filling.waiting > 0;
  }

  #next(): Group {
    const full = this.#full.shift();
    if (full !== undefined) return full;
    const group = this.#filling;
    this.#filling = this.#spare;
    return group;
  }

  async #flush(): Promise<void> {
    do {
      clearTimeout(this.#lazy);
      this.#lazy = undefined;
      let group: Group | undefined;
      try {
        const before = this.#work.before();
        if (before !== undefined) await before;
        group = this.#next();
        await this.#work.write(group);
        group.settle();
        this.#spare = group;
        group = undefined;
        const behind = this.#work.behind();
        if (behind !== undefined) await behind;
      } catch (error) {
        this.fail(error, group);
        return;
      }
      // At once, before those who were told just now do anything: the disk works while they do.
    } while (this.#isWaitedFor);
  }
}
