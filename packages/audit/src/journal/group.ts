import type { Accepted } from './backlog.ts';
import { FRAME_HEAD, MAX_BODY, RECORD, sealFrame } from './frame.ts';
import { type Link, MAX_PREFIX, parseLink, prefixOf, valueText } from './entry.ts';
import { JournalError } from './journal-error.ts';
import { leafHash, type MerkleTree } from './merkle-tree.ts';
import type { CallMark } from './open-calls.ts';

const CHUNK = 256 * 1024;
/** Records in a group; what comes then goes to another one. */
export const MAX_GROUP = 4096;

/** Frames that are written with one `writev` and made durable with one `fdatasync`. Used again and again. */
export class Group {
  /** How many records. */
  count = 0;
  bytes = 0;
  /** Records whose callers do not wait: written again elsewhere should this group fail. */
  readonly accepted: Accepted[] = [];
  /** What its records say about open calls, true once they are durable. */
  readonly marks: CallMark[] = [];
  /** How many callers wait. */
  waiting = 0;
  #chunks: Buffer[] = [Buffer.allocUnsafeSlow(CHUNK)];
  #used: number[] = [0];
  readonly #leaves: string[] = [];
  #settled: { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } | undefined;

  /** What all callers of this group wait for: one promise, not one each. */
  wait(): Promise<void> {
    this.waiting += 1;
    if (this.#settled === undefined) {
      let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
      const promise = new Promise<void>((yes, no) => {
        [resolve, reject] = [yes, no];
      });
      this.#settled = { promise, resolve, reject };
    }
    return this.#settled.promise;
  }

  /**
   * Adds a record.
   *
   * @returns the hash of its body, for the link of the next one
   * @throws JournalError when it is too large
   */
  add(link: Omit<Link, 'at'>, json: string): string {
    const chunk = this.#roomFor(FRAME_HEAD + MAX_PREFIX + bytesFor(json));
    const start = this.#used.at(-1) ?? 0;
    const body = start + FRAME_HEAD;
    let at = body;
    chunk[at] = RECORD;
    at += 1;
    at += chunk.write(prefixOf(link), at, 'latin1');
    at += chunk.write(json, at, 'utf8');
    chunk[at] = 0x7d;
    at += 1;
    sealFrame(chunk, start, at);
    this.#used[this.#used.length - 1] = at;
    this.count += 1;
    this.bytes += at - start;
    const leaf = leafHash(chunk.subarray(body, at));
    this.#leaves.push(leaf);
    return leaf;
  }

  /** Hash of the last record's body. */
  get last(): string {
    return this.#leaves.at(-1) ?? '';
  }

  parts(): Uint8Array[] {
    return this.#chunks.map((chunk, index) => chunk.subarray(0, this.#used[index]));
  }

  growTree(tree: MerkleTree): void {
    for (const leaf of this.#leaves) tree.add(leaf);
  }

  /** Takes its records out, to be added again with other links; whoever waits still does. */
  takeOut(): { readonly member: Link['member']; readonly json: string }[] {
    const taken = this.parts().flatMap((part) =>
      valuesIn(Buffer.from(part.buffer, part.byteOffset, part.length)),
    );
    this.#clear();
    return taken;
  }

  /** Tells all callers, and makes the group empty. */
  settle(error?: Error): void {
    const settled = this.#settled;
    this.#clear();
    this.waiting = 0;
    this.accepted.length = 0;
    this.marks.length = 0;
    this.#settled = undefined;
    if (error === undefined) settled?.resolve();
    else settled?.reject(error);
  }

  #clear(): void {
    this.count = 0;
    this.bytes = 0;
    this.#leaves.length = 0;
    this.#chunks = this.#chunks.filter((chunk) => chunk.length === CHUNK).slice(0, 1);
    if (this.#chunks.length === 0) this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK));
    this.#used = [0];
  }

  #roomFor(bytes: number): Buffer {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length - (this.#used.at(-1) ?? 0) >= bytes) return last;
    const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, bytes));
    this.#chunks.push(chunk);
    this.#used.push(0);
    return chunk;
  }
}

/** The records of frames that `Group.add` wrote. */
function valuesIn(frames: Buffer): { readonly member: Link['member']; readonly json: string }[] {
  const values: { member: Link['member']; json: string }[] = [];
  for (let start = 0; start < frames.length;) {
    const end = start + FRAME_HEAD + frames.readUInt32LE(start);
    const body = frames.subarray(start + FRAME_HEAD, end);
    const link = parseLink(body);
    if (link !== undefined) values.push({ member: link.member, json: valueText(body, link) });
    start = end;
  }
  return values;
}

/** How many bytes JSON takes at most. @throws JournalError when no frame has room for it */
export function bytesFor(json: string): number {
  // A UTF-16 unit is at most three bytes of UTF-8.
  let bytes = json.length * 3;
  if (bytes > MAX_BODY - MAX_PREFIX) bytes = Buffer.byteLength(json);
  if (bytes > MAX_BODY - MAX_PREFIX)
    throw new JournalError('bad_record', `A record has at most ${MAX_BODY - MAX_PREFIX} bytes of JSON.`);
  return bytes;
}
