import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/journal/crc32c.ts';
import {
  consistencyRanges,
  inclusionRanges,
  RangeRoots,
  verifyConsistency,
  verifyInclusion,
} from '../../src/journal/merkle-proof.ts';
import { leafHash, MerkleTree, nodeHash } from '../../src/journal/merkle-tree.ts';

/** Leaves and roots of the reference implementation of RFC 6962 (google/certificate-transparency, merkle_tree_test). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
/** Audit paths and consistency proofs of the same source, indexes from 0. */
const PATHS: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];
const CONSISTENCY: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];

const referenceLeaves = LEAVES.map((leaf) => leafHash(Buffer.from(`00${leaf}`, 'hex')));
const someLeaves = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha256').update(`leaf ${index}`).digest('hex'));

/** The definition of RFC 6962, section 2.1, word for word. */
function rootOf(leaves: readonly string[]): string {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

function treeOf(leaves: readonly string[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
}

function rangesOf(
  ranges: ReturnType<typeof inclusionRanges>,
  leaves: readonly string[],
  pruned = 0,
): string[] {
  const roots = new RangeRoots(ranges, treeOf(leaves.slice(0, pruned)).state());
  for (const [index, leaf] of leaves.entries()) if (index >= pruned) roots.leaf(leaf, index);
  return roots.roots();
}

describe('the Merkle tree', () => {
  it('has the roots of the reference vectors of RFC 6962', () => {
    expect(ROOTS.map((_, size) => treeOf(referenceLeaves.slice(0, size)).root())).toEqual(ROOTS);
  });

  it('has the audit paths and consistency proofs of the reference vectors', () => {
    for (const [index, size, path] of PATHS)
      expect(rangesOf(inclusionRanges(index, size), referenceLeaves.slice(0, size))).toEqual(path);
    for (const [first, second, path] of CONSISTENCY)
      expect(rangesOf(consistencyRanges(first, second), referenceLeaves.slice(0, second))).toEqual(path);
  });

  it('is at every size what the definition says, and goes on from its state', () => {
    const leaves = someLeaves(70);
    let tree = new MerkleTree();
    for (const [index, leaf] of leaves.entries()) {
      tree = MerkleTree.from(tree.state());
      tree.add(leaf);
      expect(tree.root()).toBe(rootOf(leaves.slice(0, index + 1)));
    }
  });

  it('goes back to where it was saved', () => {
    const leaves = someLeaves(40);
    fc.assert(
      fc.property(fc.nat(39), fc.nat(39), (saved, more) => {
        const tree = treeOf(leaves.slice(0, saved));
        tree.save();
        for (const leaf of leaves.slice(saved, saved + more)) tree.add(leaf);
        tree.restore();
        expect(tree.state()).toEqual(treeOf(leaves.slice(0, saved)).state());
      }),
    );
  });

  it('refuses a state whose nodes do not fit its size', () => {
    const { nodes } = treeOf(someLeaves(5)).state();
    for (const size of [0, 1, 3, 4, 7]) {
      const call = (): MerkleTree => MerkleTree.from({ size, nodes: size === 3 ? nodes.slice(1) : nodes });
      expect(call).toThrow(RangeError);
    }
    expect(() => MerkleTree.from({ size: 5, nodes: ['x', 'y'] })).toThrow(RangeError);
  });
});

describe('a proof', () => {
  const leaves = someLeaves(200);
  const sizes = fc.integer({ min: 1, max: 200 });

  it('of inclusion verifies for every leaf, also when leaves before it were pruned, and for no other', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, some, cut, other) => {
        const index = some % size;
        const root = treeOf(leaves.slice(0, size)).root();
        const path = rangesOf(inclusionRanges(index, size), leaves.slice(0, size), cut % (index + 1));
        const leaf = { hash: leaves[index] ?? '', index, path, size, root };
        expect(verifyInclusion(leaf)).toBe(true);
        expect(verifyInclusion({ ...leaf, hash: leaves[(index + 1) % 200] ?? '' })).toBe(false);
        expect(verifyInclusion({ ...leaf, path: [...path, root] })).toBe(false);
        expect(verifyInclusion({ ...leaf, index: size + (other % 9) })).toBe(false);
        if (path.length > 0) expect(verifyInclusion({ ...leaf, path: path.slice(1) })).toBe(false);
        if (index !== other % size && size > 1)
          expect(verifyInclusion({ ...leaf, index: other % size })).toBe(false);
      }),
    );
  });

  it('of consistency verifies for every beginning, also of a pruned journal, and for no other root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, some, cut) => {
        const first = some % (size + 1);
        const pruned = cut % (first + 1);
        const before = { size: first, root: treeOf(leaves.slice(0, first)).root() };
        const after = { size, root: treeOf(leaves.slice(0, size)).root() };
        const path = rangesOf(consistencyRanges(first, size), leaves.slice(0, size), pruned);
        expect(verifyConsistency(before, after, path)).toBe(true);
        const wrong = leaves[0] ?? '';
        if (first > 0) {
          expect(verifyConsistency({ ...before, root: nodeHash(wrong, wrong) }, after, path)).toBe(false);
          expect(verifyConsistency(before, { ...after, root: nodeHash(wrong, wrong) }, path)).toBe(false);
        }
        expect(verifyConsistency(before, after, [...path, wrong])).toBe(false);
      }),
    );
  });
});

describe('the checksum', () => {
  it('has the values of RFC 3720, appendix B.4', () => {
    const of = (bytes: Uint8Array): string => (crc32c(bytes) >>> 0).toString(16).padStart(8, '0');
    expect(of(Buffer.alloc(32))).toBe('8a9136aa');
    expect(of(Buffer.alloc(32, 0xff))).toBe('62a8ab43');
    expect(of(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))).toBe('46dd794e');
    expect(of(Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)))).toBe('113fdb5c');
    expect(of(Buffer.from('123456789'))).toBe('e3069283');
  });

  it('of a part is that of the part alone, wherever it begins and ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(80), fc.nat(80), (bytes, a, b) => {
        const [from, to] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
        expect(crc32c(bytes, from, to)).toBe(crc32c(bytes.slice(from, to)));
      }),
    );
  });
});
