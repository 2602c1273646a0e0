import type { Durable } from './chain.ts';
import { checkpointText } from './checkpoint.ts';
import type { JournalSettings } from './journal-settings.ts';
import { signNote } from './note.ts';
import type { Segment } from './segment.ts';

/** Without a signature for longer than this, records could be changed unnoticed: better refuse them. */
const MAX_UNSIGNED = 4096;

/** Signs what is durable, one checkpoint at a time, and stores it beside the segment. */
export class Checkpointer {
  readonly #settings: JournalSettings;
  readonly #origin: string;
  #signed: number;
  #signedAt: number;
  #running: Promise<void> | undefined;

  /** @param signed how many records have a checkpoint already */
  constructor(settings: JournalSettings, origin: string, signed: number) {
    this.#settings = settings;
    this.#origin = origin;
    this.#signed = signed;
    this.#signedAt = settings.now();
  }

  isDue(size: number): boolean {
    const { checkpointRecords, checkpointMs, now } = this.#settings;
    const unsigned = size - this.#signed;
    return unsigned >= checkpointRecords || (unsigned > 0 && now() - this.#signedAt >= checkpointMs);
  }

  isOverdue(size: number): boolean {
    return size - this.#signed > MAX_UNSIGNED;
  }

  /** Resolves when nothing is being signed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Signs in the background unless it is at it. @param failed told when a checkpoint could not be stored */
  soon(durable: () => Durable, segment: Segment, failed: (error: unknown) => void): void {
    this.#running ??= this.sign(durable(), segment)
      .catch(failed)
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** @throws when the checkpoint cannot be stored; that the signer fails is an event, and it is asked again later */
  async sign({ tree, root, last }: Durable, segment: Segment): Promise<void> {
    const { signer, onCheckpoint, onEvent, now } = this.#settings;
    const { size, nodes } = tree;
    const end = segment.bytes;
    if (size === this.#signed) return;
    const checkpoint = { origin: this.#origin, size, root };
    this.#signedAt = now();
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
