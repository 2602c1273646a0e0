import { hash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { checkpointText } from '../../src/journal/checkpoint.ts';
import { type Link, NO_RECORD, parseLink, prefixOf, valueText } from '../../src/journal/entry.ts';
import { FRAME_HEAD, frameOf, HEAD, RECORD } from '../../src/journal/frame.ts';
import { MerkleTree } from '../../src/journal/merkle-tree.ts';
import { signNote } from '../../src/journal/note.ts';
import { checkpointLine } from '../../src/journal/stored-checkpoint.ts';
import { framesOf } from './frames-of.ts';
import type { Bench } from './support.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A record or an entry, as it stands in the chain. */
interface Value {
  readonly member: Link['member'];
  readonly json: string;
}

/** What whoever can write a folder may do to a journal, without or with its key. */
export interface Forgery {
  /** The records of each segment. Default: those that are there. */
  readonly records?: (values: readonly Value[]) => readonly Value[];
  /** The head of each segment, but for what follows from the records before. Default: that which is there. */
  readonly head?: (head: Fields) => Fields;
  /** Whether the first record of a segment, counted from 0, vouches for its head. Default: each does. */
  readonly binds?: (segment: number) => boolean;
  /** Signs one checkpoint at the end of each segment; otherwise all are removed. Default: false. */
  readonly signs?: boolean;
}

/** Writes a journal anew, with every hash and checksum made to fit. It must have kept all its segments. */
export async function forge(bench: Bench, forgery: Forgery): Promise<void> {
  const { records = (values) => values, head = (same) => same, binds = () => true, signs = false } = forgery;
  const tree = new MerkleTree();
  let last = NO_RECORD;
  for (const [segment, path] of bench.files('.journal').entries()) {
    const bytes = readFileSync(path);
    const bodies = framesOf(bytes).map(({ start, end }) => bytes.subarray(start + FRAME_HEAD, end));
    const told = JSON.parse(bodies[0]?.toString('utf8', 1) ?? '{}') as { origin: string };
    const frame = frameOf(HEAD, JSON.stringify(head({ ...told, prev: last, tree: tree.state() })));
    let vouched = binds(segment) ? hash('sha256', frame.subarray(FRAME_HEAD), 'hex') : undefined;
    const frames = [frame];
    for (const { member, json } of records(bodies.slice(1).flatMap(valueIn))) {
      const bound = vouched === undefined ? {} : { head: vouched };
      frames.push(frameOf(RECORD, `${prefixOf({ seq: tree.size, prev: last, member, ...bound })}${json}}`));
      vouched = undefined;
      last = hash('sha256', frames.at(-1)?.subarray(FRAME_HEAD) ?? '', 'hex');
      tree.add(last);
    }
    const all = Buffer.concat(frames);
    writeFileSync(path, all);
    const checkpoints = path.replace('.journal', '.checkpoints');
    rmSync(checkpoints, { force: true });
    if (!signs) continue;
    const { size, nodes } = tree.state();
    const text = checkpointText({ origin: told.origin, size, root: tree.root() });
    const note = await signNote(text, bench.signer);
    writeFileSync(checkpoints, checkpointLine({ note, end: all.length, last, nodes }));
  }
}

function valueIn(body: Buffer): Value[] {
  const link = parseLink(body);
  return link === undefined ? [] : [{ member: link.member, json: valueText(body, link) }];
}

/** Writes the head of a segment anew, with a checksum that fits, and nothing else. */
export function rewriteHead(path: string, change: (head: Fields) => unknown): void {
  const bytes = readFileSync(path);
  const end = FRAME_HEAD + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString('utf8', FRAME_HEAD + 1, end)) as Fields;
  writeFileSync(path, Buffer.concat([frameOf(HEAD, JSON.stringify(change(head))), bytes.subarray(end)]));
}
