import type { Group } from './group.ts';

/** Accepted records that wait for the disk to come back; more are lost, and counted. */
const MAX_HELD = 10_000;

/** What happened to records while the disk failed. */
export class Backlog {
  /** Appends that were refused: their callers know. */
  refused = 0;
  /** Records that had been accepted, and are not kept. */
  lost = 0;
  #held: string[] = [];

  /** How many accepted records are not on the disk. */
  get open(): number {
    return this.#held.length + this.lost;
  }

  /** Takes the records of a group that failed. */
  take(group: Group): void {
    this.refused += group.waiting;
    for (const json of group.unawaited) {
      if (this.#held.length < MAX_HELD) this.#held.push(json);
      else this.lost += 1;
    }
  }

  /** The accepted records, to be written again. */
  release(): readonly string[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** They stand in the chain now. */
  settle(counted: { readonly refused: number; readonly lost: number }): void {
    this.refused -= counted.refused;
    this.lost -= counted.lost;
  }
}
