import { setTimeout as sleep } from 'node:timers/promises';
import type { Durable } from './chain.ts';
import { checkpointText } from './checkpoint.ts';
import { MAX_GROUP } from './group.ts';
import type { JournalSettings } from './journal-settings.ts';
import { signNote } from './note.ts';
import type { Segment } from './segment.ts';

/** Without a signature for longer than this, records could be changed unnoticed: better refuse them. */
const MAX_UNSIGNED = 4096;
/** A group is written when as many as that are unsigned: more a writer leaves at no time, whenever it dies. */
export const MAX_LEFT_UNSIGNED: number = MAX_UNSIGNED + MAX_GROUP;

/** Signs what is durable, one checkpoint at a time, and stores it beside the segment. */
export class Checkpointer {
  readonly #settings: JournalSettings;
  readonly #origin: string;
  #signed: number;
  #signedAt: number;
  #running: Promise<void> | undefined;
  readonly #onFailure: () => void;
  #failure: { readonly cause: unknown } | undefined;

  /** @param open `signed`: how many records have a checkpoint already; `onFailure`: told when `check` throws from now on */
  constructor(
    settings: JournalSettings,
    open: { readonly origin: string; readonly signed: number; readonly onFailure: () => void },
  ) {
    this.#settings = settings;
    this.#origin = open.origin;
    this.#signed = open.signed;
    this.#onFailure = open.onFailure;
    this.#signedAt = settings.monotonic();
  }

  /** How many records have a checkpoint. */
  get signed(): number {
    return this.#signed;
  }

  isDue(size: number): boolean {
    const { checkpointRecords, checkpointMs, monotonic } = this.#settings;
    const unsigned = size - this.#signed;
    return unsigned >= checkpointRecords || (unsigned > 0 && monotonic() - this.#signedAt >= checkpointMs);
  }

  isOverdue(size: number): boolean {
    return size - this.#signed > MAX_UNSIGNED;
  }

  /**
   * Asks the signer until not too much is unsigned. To be called only while no group is being written.
   *
   * @throws when the checkpoint cannot be stored, or the signer does not sign for `unsignedMs`
   */
  async catchUp(durable: Durable, segment: Segment): Promise<void> {
    const { monotonic, unsignedMs, retryMs } = this.#settings;
    const until = monotonic() + unsignedMs;
    const done = new AbortController();
    const pause = (ms: number): Promise<void> =>
      sleep(Math.max(0, ms), undefined, { signal: done.signal }).catch(() => undefined);
    // A signer may also hang.
    const over = pause(unsignedMs);
    try {
      while (this.isOverdue(durable.tree.size)) {
        const before = this.#signed;
        this.soon(() => durable, segment);
        await Promise.race([this.#running, over]);
        this.check();
        if (this.#signed > before) continue;
        if (monotonic() >= until) throw noSignature();
        await pause(Math.min(retryMs, until - monotonic()));
      }
    } finally {
      done.abort();
    }
  }

  /** Resolves when nothing is being signed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Signs what is durable now in the background, unless it is at it. */
  soon(durable: () => Durable, segment: Segment): void {
    if (this.#running !== undefined) return;
    const [now, end] = [durable(), segment.bytes];
    // A signature takes longer than a record: whoever writes the next group does not wait for it.
    this.#running = Promise.resolve()
      .then(() => this.sign(now, segment, end))
      .catch((cause: unknown) => {
        this.#failure = { cause };
        this.#onFailure();
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** @throws why a checkpoint could not be stored in the background */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Goes on with another segment after that. */
  forgive(): void {
    this.#failure = undefined;
  }

  /** @throws when the checkpoint cannot be stored; that the signer fails is an event, and it is asked again later */
  async sign({ tree, root, last }: Durable, segment: Segment, end: number = segment.bytes): Promise<void> {
    const { signer, onCheckpoint, onEvent, monotonic } = this.#settings;
    const { size, nodes } = tree;
    if (size === this.#signed) return;
    const checkpoint = { origin: this.#origin, size, root };
    this.#signedAt = monotonic();
    let note: string;
    try {
      note = await signNote(checkpointText(checkpoint), signer);
    } catch (error) {
      onEvent({ type: 'sign_failed', error: error as Error });
      return;
    }
    await segment.checkpoint({ note, end, last, nodes });
    this.#signed = size;
    try {
      onCheckpoint(note, checkpoint);
    } catch (error) {
      onEvent({ type: 'push_failed', error: error as Error });
    }
  }
}

/** Not the journal's fault, but nothing should be written that could be changed unnoticed. */
export function noSignature(): Error {
  return Object.assign(new Error('The signer does not sign.'), { code: 'no signature' });
}
