import { type Checkpoint, parseCheckpoint, pruneOrigin } from './checkpoint.ts';
import { MAX_LEFT_UNSIGNED } from './checkpointer.ts';
import { journalEntry, NO_RECORD, parseLink } from './entry.ts';
import { leafHash, MerkleTree } from './merkle-tree.ts';
import { openNote, type VerifierKey } from './note.ts';
import { callMarkIn, OpenCalls } from './open-calls.ts';
import { isBeginning, isBound, type ReadHead, type SegmentHead } from './segment-head.ts';
import type { ReadCheckpoint } from './stored-checkpoint.ts';
import type { Finding, Verification } from './verification.ts';

/** Carries a finding out of the walk. */
export class Found extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.verdict);
    this.finding = finding;
  }
}

/** The rules of a journal, on what a walk through its files meets: no file is touched here. */
export class ChainChecker {
  readonly #keys: readonly VerifierKey[];
  #given: Checkpoint | undefined;
  #tree = new MerkleTree();
  #last = NO_RECORD;
  #origin = '';
  #first = 0;
  #firstRoot = '';
  #signed = 0;
  #checkpoints = 0;
  #segments = 0;
  /** Records before this one may be gone. */
  #prunable = 0;
  #calls = new OpenCalls();
  /** A head told of open calls: every later one does. */
  #carries = false;
  /** A segment was bound to its head: every later one is. */
  #binds = false;
  #read: ReadHead | undefined;
  #compared: Verification['given'] = 'none';

  constructor(keys: readonly VerifierKey[]) {
    this.#keys = keys;
  }

  /** A checkpoint that was kept elsewhere, to be told before anything is read. */
  expect(given: Checkpoint): void {
    this.#given = given;
  }

  /** Number of the next record. */
  get size(): number {
    return this.#tree.size;
  }

  /** How many records a checkpoint covers. */
  get signed(): number {
    return this.#signed;
  }

  /** What was found out so far. */
  get known(): Omit<Verification, keyof Finding> {
    return {
      origin: this.#origin,
      first: this.#first,
      size: this.#tree.size,
      root: this.#tree.root(),
      signed: this.#signed,
      checkpoints: this.#checkpoints,
      segments: this.#segments,
      given: this.#compared,
    };
  }

  /** A segment, whose file has this name and says that this is the number of its first record. */
  begin(read: ReadHead, { name, first }: { readonly name: string; readonly first: number }): void {
    const { head } = read;
    if (!this.#keys.some(({ name, id }) => head.key.startsWith(`${name}+${id}+`)))
      throw new Found({ verdict: 'unknown_key', file: name });
    if (this.#segments === 0) {
      this.#tree = MerkleTree.from(head.tree);
      this.#last = head.prev;
      this.#origin = head.origin;
      this.#first = this.#tree.size;
      this.#firstRoot = this.#tree.root();
      this.#signed = this.#tree.size;
      if (this.#given !== undefined && this.#given.origin !== head.origin)
        throw this.tampered(name, 'origin');
      if (this.#first === 0 && !isBeginning(head)) throw this.tampered(name, 'head');
    }
    if (head.tree.size !== first) throw this.tampered(name, 'head');
    if (head.tree.size > this.#tree.size)
      throw new Found({ verdict: 'gap', sequence: this.#tree.size, until: head.tree.size });
    const same =
      head.origin === this.#origin &&
      head.prev === this.#last &&
      JSON.stringify(head.tree) === JSON.stringify(this.#tree.state());
    if (!same) throw this.tampered(name, 'head');
    if (this.#segments > 0) this.#compareCalls(head, name);
    this.#calls = new OpenCalls(head.open);
    this.#carries ||= head.open !== undefined;
    this.#segments += 1;
    this.#read = read;
    this.#compareGiven();
  }

  /** Body of the next record. */
  record(body: Buffer, name: string): void {
    const size = this.#tree.size;
    const link = parseLink(body);
    if (link === undefined) throw this.tampered(name, 'bytes');
    if (link.seq > size) throw new Found({ verdict: 'gap', sequence: size, until: link.seq });
    if (link.seq < size) throw this.tampered(name, 'order');
    // Either this record names another one before it, or that one is not what it was.
    if (link.prev !== this.#last)
      throw this.tampered(name, 'link', Math.max(this.#first, size - 1), size + 1);
    // The head was changed, or this record was: the chain tells which.
    if (this.#read !== undefined && !isBound(link, this.#read, this.#binds))
      throw this.tampered(name, 'head');
    this.#binds ||= link.head !== undefined;
    this.#last = leafHash(body);
    this.#tree.add(this.#last);
    this.#calls.apply(callMarkIn(body, link));
    const entry = journalEntry(body, link);
    if (entry?.type === 'prune') this.#allowPrune(entry.note, entry.first, name);
    this.#compareGiven();
  }

  /**
   * The next checkpoint of a segment, when the records up to `end` were read.
   *
   * @returns whether it is about what was read; it comes again otherwise
   */
  checkpoint(next: ReadCheckpoint, { name, end }: { readonly name: string; readonly end: number }): boolean {
    if (next.status === 'torn') return false;
    if (next.status === 'unknown_key') throw new Found({ verdict: 'unknown_key', file: name });
    if (next.status === 'bad') throw this.tampered(name, 'checkpoint');
    const { checkpoint, stored } = next;
    if (checkpoint.size > this.#tree.size) return false;
    const ours = checkpoint.size === this.#tree.size && checkpoint.origin === this.#origin;
    if (!ours) throw this.tampered(name, 'checkpoint');
    const [sameRoot, sameLast] = [checkpoint.root === this.#tree.root(), stored.last === this.#last];
    // All before the last record are linked; if that one is another, it alone is to blame.
    if (!sameRoot) throw this.tampered(name, 'root', sameLast ? this.#signed : checkpoint.size - 1);
    if (!sameLast || stored.end !== end) throw this.tampered(name, 'checkpoint');
    this.#signed = checkpoint.size;
    this.#checkpoints += 1;
    return true;
  }

  /** What can be said only at the end. */
  conclude(): void {
    if (this.#first > this.#prunable) throw new Found({ verdict: 'gap', sequence: 0, until: this.#first });
    const { size } = this.#tree;
    const given = this.#given;
    if (given !== undefined && given.size > size)
      throw new Found({ verdict: 'truncated', sequence: size, until: given.size, by: 'given' });
    if (given !== undefined && this.#compared !== 'checked') this.#compared = 'pruned';
    if (this.#checkpoints === 0 || size - this.#signed > MAX_LEFT_UNSIGNED)
      throw new Found({ verdict: 'unsigned', sequence: this.#signed, until: size });
  }

  tampered(
    file: string,
    why: (Finding & { verdict: 'tampered' })['why'],
    sequence: number = this.#tree.size,
    until: number = Math.max(this.#tree.size, sequence + 1),
  ): Found {
    return new Found({ verdict: 'tampered', sequence, until, file, why });
  }

  /** The head of a segment is in no tree; what it says of open calls follows from the records. */
  #compareCalls(head: SegmentHead, name: string): void {
    const agrees = head.open === undefined ? !this.#carries : this.#calls.agrees(head.open);
    if (!agrees) throw this.tampered(name, 'head');
  }

  #allowPrune(note: string, first: number, name: string): void {
    const opened = openNote(note, this.#keys);
    if (opened.status === 'unknown_key') throw new Found({ verdict: 'unknown_key', file: name });
    const allowed = opened.status === 'ok' ? parseCheckpoint(opened.text) : undefined;
    const sound = allowed?.origin === pruneOrigin(this.#origin) && allowed.size === first;
    if (!sound || (first === this.#first && allowed.root !== this.#firstRoot))
      throw this.tampered(name, 'checkpoint', this.#tree.size - 1, this.#tree.size);
    this.#prunable = Math.max(this.#prunable, first);
  }

  #compareGiven(): void {
    if (this.#given?.size !== this.#tree.size) return;
    if (this.#given.root !== this.#tree.root())
      throw this.tampered('the given checkpoint', 'root', this.#first);
    this.#compared = 'checked';
  }
}
