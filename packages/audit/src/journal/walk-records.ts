import { type Link, parseLink } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalFs } from './journal-fs.ts';
import { leafHash, type TreeState } from './merkle-tree.ts';
import { readFrames } from './read-frames.ts';
import { listSegments } from './segment-files.ts';
import { readHead } from './segment-head.ts';

export type Walked =
  /** Comes first: what is known of the records that were pruned. */
  | { readonly kind: 'start'; readonly tree: TreeState }
  /** `body` is valid until the next one is asked for; `leaf` costs a hash each time. */
  | { readonly kind: 'record'; readonly link: Link; readonly body: Buffer; leaf(): string };

/**
 * The records of a journal in order, without checking more than that they can be read; what `verify` would call torn
 * ends the walk.
 *
 * @throws JournalError when there is no journal, or it cannot be read
 */
export async function* walkRecords(fs: JournalFs, folder: string): AsyncGenerator<Walked, void, undefined> {
  let next: number | undefined;
  for (const { path, first } of await listSegments(fs, folder)) {
    const file = await fs.open(path, 'read');
    try {
      const read = await readHead(file);
      if (read === undefined) return;
      if (next === undefined) yield { kind: 'start', tree: read.head.tree };
      else if (next !== first) throw unreadable(next);
      next = read.head.tree.size;
      for await (const frame of readFrames(file, read.end)) {
        if (!frame.ok) break;
        const { body } = frame;
        const link = parseLink(body);
        if (link?.seq !== next) throw unreadable(next);
        next += 1;
        yield { kind: 'record', link, body, leaf: () => leafHash(body) };
      }
    } finally {
      await file.close();
    }
  }
  if (next === undefined) throw new JournalError('not_found', 'There is no journal in this folder.');
}

function unreadable(sequence: number): JournalError {
  return new JournalError(
    'damaged',
    `The audit journal cannot be read from record ${sequence} on; verify it.`,
  );
}
