import { hash } from 'node:crypto';

const BYTES = 32;
/** Enough for every size that a number can count. */
const LEVELS = 54;

/** What a tree was at some moment. */
export interface TreeState {
  /** Number of leaves. */
  readonly size: number;
  /** Roots of the full subtrees that the leaves form, from the left: one for each 1 in the binary size. Hexadecimal. */
  readonly nodes: readonly string[];
}

/**
 * The Merkle tree of RFC 6962, section 2.1, while it grows: it keeps only the roots of its full subtrees, O(log n), and
 * costs one hash a leaf on average.
 */
export class MerkleTree {
  #size = 0;
  /** The root of the full subtree of 2^level leaves stands at level * 32, if the size has that bit. */
  readonly #roots: Buffer = Buffer.alloc(LEVELS * BYTES);
  /** 0x01 || left || right, the input of a node's hash. */
  readonly #node: Buffer = Buffer.alloc(1 + 2 * BYTES, 1);
  readonly #saved: Buffer = Buffer.alloc(LEVELS * BYTES);
  #savedSize = 0;

  /** @throws RangeError when there are not as many nodes as the size has bits */
  static from(state: TreeState): MerkleTree {
    const tree = new MerkleTree();
    for (const { level, index } of fullSubtrees(state.size)) {
      const node = state.nodes[index];
      if (node === undefined || !isHash(node))
        throw new RangeError('The nodes do not fit the size of the tree.');
      tree.add(node, level);
    }
    if (tree.state().nodes.length !== state.nodes.length)
      throw new RangeError('The nodes do not fit the size of the tree.');
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a leaf's hash (hexadecimal), or the root of a full subtree of 2^level leaves.
   *
   * @throws RangeError when the subtree would not stand at a multiple of its own size
   */
  add(node: string, level = 0): void {
    let rest = level === 0 ? this.#size : this.#size / 2 ** level;
    if (!Number.isInteger(rest)) throw new RangeError('A subtree stands at a multiple of its size.');
    const input = this.#node;
    let at = level * BYTES;
    input.write(node, 1 + BYTES, BYTES, 'hex');
    for (; rest % 2 === 1; rest = (rest - 1) / 2) {
      this.#roots.copy(input, 1, at, at + BYTES);
      input.write(hash('sha256', input, 'binary'), 1 + BYTES, BYTES, 'latin1');
      at += BYTES;
    }
    input.copy(this.#roots, at, 1 + BYTES);
    this.#size += 2 ** level;
  }

  /** The root over all leaves, hexadecimal. That of no leaves is SHA-256 of nothing. */
  root(): string {
    const { nodes } = this.state();
    const last = nodes.at(-1);
    if (last === undefined) return hash('sha256', '', 'hex');
    return nodes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
  }

  state(): TreeState {
    const nodes = fullSubtrees(this.#size).map(({ level }) =>
      this.#roots.toString('hex', level * BYTES, (level + 1) * BYTES),
    );
    return { size: this.#size, nodes };
  }

  /** Remembers this moment for `restore`. */
  save(): void {
    this.#roots.copy(this.#saved);
    this.#savedSize = this.#size;
  }

  /** Goes back to the last `save`. */
  restore(): void {
    this.#saved.copy(this.#roots);
    this.#size = this.#savedSize;
  }
}

/** SHA-256 of 0x00 and the bytes: RFC 6962, section 2.1. `prefixed` begins with that 0x00 already. */
export function leafHash(prefixed: Uint8Array): string {
  return hash('sha256', prefixed, 'hex');
}

/** SHA-256 of 0x01, left and right: RFC 6962, section 2.1. */
export function nodeHash(left: string, right: string): string {
  return hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex');
}

export function isHash(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

/** The full subtrees of a tree, from the left, each of 2^level leaves. */
export function fullSubtrees(
  size: number,
): { readonly index: number; readonly level: number; readonly start: number }[] {
  const found: { index: number; level: number; start: number }[] = [];
  let start = 0;
  for (let level = LEVELS - 1; level >= 0; level -= 1) {
    if (Math.floor(size / 2 ** level) % 2 === 0) continue;
    found.push({ index: found.length, level, start });
    start += 2 ** level;
  }
  return found;
}
