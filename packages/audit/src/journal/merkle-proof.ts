import { fullSubtrees, MerkleTree, nodeHash, type TreeState } from './merkle-tree.ts';

/** Leaves `from` up to, not including, `to`. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The ranges whose roots are the audit path of a leaf: PATH of RFC 6962, section 2.1.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (index < 0 || index >= size) throw new RangeError('The leaf is not in the tree.');
  const path = (from: number, to: number): LeafRange[] => {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...path(from, middle), { from: middle, to }]
      : [...path(middle, to), { from, to: middle }];
  };
  return path(0, size);
}

/** The ranges whose roots prove that the tree of `first` leaves is a beginning of that of `second`: PROOF of RFC 6962, section 2.1.2. */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (first < 0 || first > second) throw new RangeError('The first tree must not be larger than the second.');
  const proof = (from: number, to: number, known: boolean): LeafRange[] => {
    if (first === to) return known ? [] : [{ from, to }];
    const middle = from + split(to - from);
    return first <= middle
      ? [...proof(from, middle, known), { from: middle, to }]
      : [...proof(middle, to, false), { from, to: middle }];
  };
  return first === 0 ? [] : proof(0, second, true);
}

/** Computes the roots of disjoint ranges while leaves go by from left to right, in O(ranges) memory. */
export class RangeRoots {
  readonly #ranges: readonly LeafRange[];
  readonly #inOrder: { readonly range: LeafRange; readonly tree: MerkleTree }[];
  #current = 0;

  /** @param start what is known of the leaves that do not go by, because they were pruned. Default: all go by */
  constructor(ranges: readonly LeafRange[], start: TreeState = { size: 0, nodes: [] }) {
    this.#ranges = ranges;
    this.#inOrder = ranges
      .map((range) => ({ range, tree: new MerkleTree() }))
      .sort((a, b) => a.range.from - b.range.from);
    for (const { index, level, start: from } of fullSubtrees(start.size)) {
      this.#add(start.nodes[index] ?? '', from, level);
    }
  }

  /** Takes the next leaf. */
  leaf(hash: string, index: number): void {
    this.#add(hash, index, 0);
  }

  /** The roots in the order of the ranges as given. @throws RangeError when leaves are missing */
  roots(): string[] {
    const of = new Map(this.#inOrder.map(({ range, tree }) => [range, tree]));
    return this.#ranges.map((range) => {
      const tree = of.get(range);
      if (tree?.size !== range.to - range.from) throw new RangeError('Leaves of the proof were pruned.');
      return tree.root();
    });
  }

  #add(node: string, from: number, level: number): void {
    while ((this.#inOrder[this.#current]?.range.to ?? Infinity) <= from) this.#current += 1;
    const found = this.#inOrder[this.#current];
    if (found === undefined || from < found.range.from || from + 2 ** level > found.range.to) return;
    if (found.tree.size === from - found.range.from) found.tree.add(node, level);
  }
}

/** Whether the path leads from the leaf to the root: RFC 9162, section 2.1.3.2. */
export function verifyInclusion(leaf: {
  readonly hash: string;
  readonly index: number;
  readonly path: readonly string[];
  readonly size: number;
  readonly root: string;
}): boolean {
  let [node, last] = [leaf.index, leaf.size - 1];
  if (node < 0 || node > last) return false;
  let root = leaf.hash;
  for (const sibling of leaf.path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root);
      for (; node % 2 === 0 && node !== 0; [node, last] = halves(node, last));
    } else {
      root = nodeHash(root, sibling);
    }
    [node, last] = halves(node, last);
  }
  return last === 0 && root === leaf.root;
}

/** Whether the tree of the first size and root is a beginning of the second: RFC 9162, section 2.1.4.2. */
export function verifyConsistency(
  first: { readonly size: number; readonly root: string },
  second: { readonly size: number; readonly root: string },
  path: readonly string[],
): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && first.root === second.root;
  if (first.size === 0) return path.length === 0;
  const full = Number.isInteger(Math.log2(first.size));
  const [start, ...more] = full ? [first.root, ...path] : path;
  if (start === undefined) return false;
  let [node, last] = [first.size - 1, second.size - 1];
  for (; node % 2 === 1; [node, last] = halves(node, last));
  let [before, after] = [start, start];
  for (const sibling of more) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      for (; node % 2 === 0 && node !== 0; [node, last] = halves(node, last));
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = halves(node, last);
  }
  return last === 0 && before === first.root && after === second.root;
}

function halves(a: number, b: number): [number, number] {
  return [Math.floor(a / 2), Math.floor(b / 2)];
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
