import { parseLink } from '../journal/entry.ts';
import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { leafHash, MerkleTree } from '../journal/merkle-tree.ts';
import { readFrames } from '../journal/read-frames.ts';
import { readHead } from '../journal/segment-head.ts';
import { listSegments } from '../journal/segment-files.ts';

/**
 * Root of the tree over the first `size` records of a journal (RFC 6962, section 2.1), hexadecimal, of one segment's records
 * and the tree in its head: true of a journal that `verify` finds sound.
 *
 * @returns undefined where the record before `size` was pruned, is not there, or cannot be read
 */
export async function rootAt(
  folder: string,
  size: number,
  fs: JournalFs = NODE_FS,
): Promise<string | undefined> {
  const holder = (await listSegments(fs, folder)).findLast(({ first }) => first < size);
  if (holder === undefined) return undefined;
  const file = await fs.open(holder.path, 'read');
  try {
    const read = await readHead(file);
    if (read === undefined) return undefined;
    const tree = MerkleTree.from(read.head.tree);
    for await (const frame of readFrames(file, read.end)) {
      if (!frame.ok || parseLink(frame.body)?.seq !== tree.size) return undefined;
      tree.add(leafHash(frame.body));
      if (tree.size === size) return tree.root();
    }
    return undefined;
  } finally {
    await file.close();
  }
}
