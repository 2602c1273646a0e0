import { Chain } from './chain.ts';
import { Checkpointer, noSignature } from './checkpointer.ts';
import type { Group } from './group.ts';
import type { JournalSettings } from './journal-settings.ts';
import type { JournalState } from './journal-state.ts';
import { type CarriedCalls, OpenCalls } from './open-calls.ts';
import { Segment } from './segment.ts';
import type { SegmentHead } from './segment-head.ts';

/** The durable side of a journal: its chain and checkpoints, and the segment that they go to. */
export class SegmentWriter {
  readonly chain: Chain;
  readonly #folder: string;
  readonly #settings: JournalSettings;
  readonly #checkpoints: Checkpointer;
  #calls: OpenCalls;
  #segment: Segment;
  /** When it was begun, by the clock that is never set. */
  #begun: number;

  /** @param onFailure told when a checkpoint could not be stored: `check` throws then */
  constructor(
    folder: string,
    settings: JournalSettings,
    open: { readonly segment: Segment; readonly state: JournalState; readonly onFailure: () => void },
  ) {
    const { now, monotonic, segmentAgeMs } = settings;
    this.#folder = folder;
    this.#settings = settings;
    this.#segment = open.segment;
    const { head, headHash, files } = open.segment;
    this.chain = new Chain(open.state, { first: files.first, head: headHash });
    this.#calls = files.first === this.chain.size ? new OpenCalls(head.open) : open.state.calls;
    this.#checkpoints = new Checkpointer(settings, {
      origin: head.origin,
      signed: open.state.signed,
      onFailure: open.onFailure,
    });
    // The wall clock may have been set since.
    const age = now() - Date.parse(head.time);
    this.#begun = monotonic() - Math.min(Math.max(age, 0), segmentAgeMs);
  }

  get origin(): string {
    return this.#segment.head.origin;
  }

  /** Whether too much is unsigned to write more: see `catchUp`. */
  get isOverdue(): boolean {
    return this.#checkpoints.isOverdue(this.chain.size);
  }

  /** Whether a checkpoint covers anything. */
  get isSigned(): boolean {
    return this.#checkpoints.signed > 0;
  }

  /** Waits for the signer. To be called only while no group is being written. @throws when it does not sign */
  async catchUp(): Promise<void> {
    await this.#checkpoints.catchUp(this.chain.durable(), this.#segment);
  }

  /** @throws what could not be done in the background */
  check(): void {
    this.#checkpoints.check();
  }

  /** Makes a group durable. @throws when it cannot be; nothing of it is known to be kept then */
  async write(group: Group): Promise<void> {
    this.check();
    const written = this.#segment.write(group.parts());
    this.chain.grow(group);
    await written;
    this.chain.commit(group);
    for (const mark of group.marks) this.#calls.apply(mark);
  }

  /** Whether a new segment is due. */
  get isFull(): boolean {
    const { segmentBytes, segmentAgeMs, monotonic } = this.#settings;
    return this.#segment.totalBytes >= segmentBytes || monotonic() - this.#begun >= segmentAgeMs;
  }

  /**
   * Begins a new segment. To be called only while no group is being written.
   *
   * @param pending the groups that hold what is not durable, in their order
   * @throws when it cannot be
   */
  async rotate(pending: () => readonly Group[]): Promise<void> {
    this.check();
    await this.sign();
    const full = this.#segment;
    await this.#next();
    this.chain.begin(this.#segment.headHash, pending());
    await full.close();
    this.#settings.onEvent({ type: 'rotated', first: this.#segment.files.first });
  }

  /** The same as `signSoon` where it is time. */
  signWhenDue(): void {
    this.check();
    if (this.#checkpoints.isDue(this.chain.size)) this.signSoon();
  }

  /** Signs in the background. To be called only while no group is being written. */
  signSoon(): void {
    this.#checkpoints.soon(() => this.chain.durable(), this.#segment);
  }

  /** Signs what is durable. @throws when it cannot be stored */
  async sign(): Promise<void> {
    await this.#checkpoints.idle();
    await this.#checkpoints.sign(this.chain.durable(), this.#segment);
  }

  /** Begins a new segment behind what is known to be durable. @throws while the disk still fails */
  async repair(): Promise<void> {
    await this.#checkpoints.idle();
    const abandoned = this.#segment;
    await abandoned.repair();
    if (abandoned.files.first === this.chain.size)
      this.#segment = await Segment.reopen(this.#settings.fs, this.#folder, abandoned);
    else {
      await this.#next();
      // What was being written and what waited for it failed together; nothing is added before the disk is back.
      this.chain.begin(this.#segment.headHash, []);
    }
    await abandoned.close();
    this.#checkpoints.forgive();
    await this.#checkpoints.sign(this.chain.durable(), this.#segment);
    if (this.isOverdue) throw noSignature();
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    await this.#segment.close();
  }

  async #next(): Promise<void> {
    const { fs, now, signer, monotonic } = this.#settings;
    const { tree, last } = this.chain.durable();
    const open = this.#calls.carried();
    const head = headOf({ origin: this.origin, key: signer.verifierKey, now: now() }, { tree, last, open });
    this.#segment = await Segment.create(fs, this.#folder, head);
    this.#begun = monotonic();
    this.#calls = new OpenCalls(open);
  }
}

/** The head of a segment that begins behind what is durable. */
export function headOf(
  by: { readonly origin: string; readonly key: string; readonly now: number },
  behind: {
    readonly tree: SegmentHead['tree'];
    /** SHA-256 of the body of the last record. */
    readonly last: string;
    readonly open: CarriedCalls;
  },
): SegmentHead {
  const { tree, last, open } = behind;
  return {
    v: 1,
    origin: by.origin,
    key: by.key,
    time: new Date(by.now).toISOString(),
    prev: last,
    tree,
    open,
  };
}
