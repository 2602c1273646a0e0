import type { Group } from './group.ts';
import type { CallMark } from './open-calls.ts';

/** Accepted records that wait for the disk to come back; more are lost, and counted. */
const MAX_HELD = 10_000;

/** A record that was accepted: should it not reach the disk, it is written again elsewhere. */
export interface Accepted {
  readonly json: string;
  readonly mark: CallMark | undefined;
}

/** How many accepted records are not kept, and when the first and the last of them came: milliseconds since the epoch. */
export interface Lost {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** What happened to records while the disk failed. */
export class Backlog {
  /** Appends that were refused: their callers know. */
  refused = 0;
  #lost: Lost | undefined;
  #held: Accepted[] = [];
  #bytes = 0;
  readonly #maxBytes: number;
  readonly #now: () => number;

  constructor({ pendingBytes, now }: { readonly pendingBytes: number; readonly now: () => number }) {
    this.#maxBytes = pendingBytes;
    this.#now = now;
  }

  /** How many accepted records are not on the disk. */
  get open(): number {
    return this.#held.length + (this.#lost?.count ?? 0);
  }

  get lost(): Lost | undefined {
    return this.#lost;
  }

  /** Takes the accepted records of a group that failed. */
  take(group: Group): void {
    for (const accepted of group.accepted) this.hold(accepted);
  }

  hold(accepted: Accepted): void {
    if (!this.holdIfRoom(accepted)) this.lose();
  }

  /** @returns whether there was room for it; it is not counted otherwise */
  holdIfRoom(accepted: Accepted): boolean {
    const { length } = accepted.json;
    if (this.#held.length >= MAX_HELD || this.#bytes + length > this.#maxBytes) return false;
    this.#held.push(accepted);
    this.#bytes += length;
    return true;
  }

  /** Counts an accepted record that is not kept. */
  lose(): void {
    const last = this.#now();
    const { count, first } = this.#lost ?? { count: 0, first: last };
    this.#lost = { count: count + 1, first, last };
  }

  /** The accepted records, to be written again. */
  release(): readonly Accepted[] {
    const held = this.#held;
    this.#held = [];
    this.#bytes = 0;
    return held;
  }

  /** The chain tells of them now. */
  settle(told: { readonly refused: number; readonly lost: Lost | undefined }): void {
    this.refused -= told.refused;
    if (told.lost === undefined || this.#lost === undefined) return;
    const count = this.#lost.count - told.lost.count;
    this.#lost = count === 0 ? undefined : { ...this.#lost, count, first: told.lost.last };
  }
}
