import type { Link } from './entry.ts';
import type { Group } from './group.ts';
import type { JournalState } from './journal-state.ts';
import type { MerkleTree, TreeState } from './merkle-tree.ts';

/** What is durable, at a moment when no group is being written. */
export interface Durable {
  readonly tree: TreeState;
  /** Root of the tree, hexadecimal. */
  readonly root: string;
  /** SHA-256 of the body of the last record, hexadecimal. */
  readonly last: string;
}

/** Numbers and links records ahead of the disk, and goes back to what is durable when the disk fails. */
export class Chain {
  /** Over what is durable, and, between `grow` and `commit`, over the group that is being written too. */
  readonly #tree: MerkleTree;
  #durableLast: string;
  /** Number of the next record. */
  #next: number;
  #last: string;
  /** Of the segment that is being written: number of its first record, and SHA-256 of the body of its head. */
  #segment: { readonly first: number; readonly head: string };

  constructor(
    { tree, last }: Pick<JournalState, 'tree' | 'last'>,
    segment: { readonly first: number; readonly head: string },
  ) {
    this.#segment = segment;
    this.#tree = tree;
    this.#tree.save();
    this.#durableLast = last;
    this.#last = last;
    this.#next = tree.size;
  }

  /** How many records are durable (see `Durable`). */
  get size(): number {
    return this.#tree.size;
  }

  /** @throws JournalError when the record is too large; nothing has changed then */
  add(group: Group, member: Link['member'], json: string): void {
    const link = { seq: this.#next, prev: this.#last, member };
    const { first, head } = this.#segment;
    // A head is in no tree; its first record is, and vouches for it.
    this.#last = group.add(link.seq === first ? { ...link, head } : link, json);
    this.#next += 1;
  }

  /**
   * A segment with this head begins behind what is durable: links what was added since anew. To be called only while no
   * group is being written.
   *
   * @param pending the groups that hold what was added since, in their order
   */
  begin(head: string, pending: readonly Group[]): void {
    this.#segment = { first: this.size, head };
    this.rollback();
    for (const group of pending)
      for (const { member, json } of group.takeOut()) this.add(group, member, json);
  }

  /** Adds a group to the tree, to be done while the disk works. */
  grow(group: Group): void {
    group.growTree(this.#tree);
  }

  /** The group that was added is durable. */
  commit(group: Group): void {
    this.#tree.save();
    this.#durableLast = group.last;
  }

  /** Nothing that was added since the last `commit` is. */
  rollback(): void {
    this.#tree.restore();
    this.#next = this.#tree.size;
    this.#last = this.#durableLast;
  }

  durable(): Durable {
    return { tree: this.#tree.state(), root: this.#tree.root(), last: this.#durableLast };
  }
}
