import { type Stats, statSync } from 'node:fs';
import type { JournalFile } from '../journal/journal-fs.ts';
import { writeAll } from '../journal/write-all.ts';
import { inFrames, type KeyEntry } from './key-entry.ts';
import { HEAD_BYTES, KeyFrames, PREFIX_BYTES } from './key-frames.ts';
import { KeyIndex } from './key-index.ts';
import { type KeySource, readEntry, readFrames, readFully } from './read-entries.ts';
import { altered, SubjectKeysError } from './subject-keys-error.ts';
import { writeAnew, type WriteParts } from './write-anew.ts';

export interface KeyFileParts extends WriteParts {
  readonly readOnly: boolean;
}

type Inode = Pick<Stats, 'ino' | 'dev'>;

/** A file of subject keys as it was at one time, and where in it who stands. */
export class KeyFile {
  readonly #parts: KeyFileParts;
  readonly #source: KeySource;
  readonly #inode: Inode;
  readonly #index: KeyIndex;
  #generation = 0;
  #isSound = true;

  private constructor(parts: KeyFileParts, source: KeySource, inode: Inode) {
    this.#parts = parts;
    this.#source = source;
    this.#inode = inode;
    this.#index = new KeyIndex(HEAD_BYTES, parts.random);
  }

  /** @throws SubjectKeysError `wrong_key`, `altered`; errors of the file system as they are */
  static async open(parts: KeyFileParts): Promise<KeyFile> {
    const { fs, path, master, random } = parts;
    for (;;) {
      const inode = statSync(path);
      const file = await fs.open(path, parts.readOnly ? 'read' : 'write');
      try {
        // Somebody may have put another file in its place meanwhile.
        if (isSame(inode, statSync(path))) {
          const frames = KeyFrames.of(await headOf(file), master, random);
          if (frames === 'foreign') throw altered(path, 'it does not begin like a file of keys');
          if (frames === 'wrong_key') throw wrongKey(path);
          const opened = new KeyFile(parts, { path, file, frames }, inode);
          await opened.catchUp();
          return opened;
        }
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
    }
  }

  /** Writes a file with nobody in it. The writer's lock has to be held. */
  static async create(parts: WriteParts): Promise<void> {
    await writeAnew(parts, [{ type: 'file', generation: 1 }]);
  }

  get generation(): number {
    return this.#generation;
  }

  get people(): number {
    return this.#index.people;
  }

  /** False after a failed write: what is in the file is not known, and it has to be written anew. */
  get isSound(): boolean {
    return this.#isSound;
  }

  /**
   * How the path looks now: this file as it is known, this file with more in it, or another one.
   *
   * @throws SubjectKeysError `altered`; errors of the file system as they are
   */
  state(): 'same' | 'longer' | 'replaced' {
    const now = statSync(this.#parts.path);
    if (!isSame(now, this.#inode)) return 'replaced';
    if (now.size < this.#index.end) throw altered(this.#parts.path, 'entries are missing at its end');
    return now.size > this.#index.end ? 'longer' : 'same';
  }

  ofName(name: string): Promise<KeyEntry> | undefined {
    const place = this.#index.ofName(name);
    return place && readEntry(this.#source, place);
  }

  ofPseudonym(pseudonym: string): Promise<KeyEntry> | undefined {
    const place = this.#index.ofPseudonym(pseudonym);
    return place && readEntry(this.#source, place);
  }

  /** Reads what was added since. */
  async catchUp(): Promise<void> {
    const from = { at: this.#index.end, index: this.#index.frames };
    for await (const { end, entries } of readFrames(this.#source, from)) {
      const [first] = entries;
      if (first?.type === 'file') this.#generation = first.generation;
      this.#index.add(end, entries);
    }
    if (this.#index.frames === 0) throw altered(this.#parts.path, 'it holds nothing');
  }

  /**
   * Adds entries, durably. The writer's lock has to be held, and `catchUp` called since.
   *
   * @throws errors of the file system as they are
   */
  async append(entries: readonly KeyEntry[]): Promise<void> {
    const { file, frames } = this.#source;
    const { end } = this.#index;
    const added: (readonly KeyEntry[])[] = [];
    const written: Buffer[] = [];
    for await (const frame of inFrames(entries)) {
      written.push(frames.write(this.#index.frames + added.length, frame));
      added.push(frame);
    }
    try {
      // What a crash left of a frame.
      if ((await file.size()) > end) await file.truncate(end);
      await writeAll(file, written, end);
      await file.sync();
    } catch (error) {
      // A kernel reports a page that it could not write only once.
      this.#isSound = false;
      await file.truncate(end).catch(() => undefined);
      throw error;
    }
    for (const [nth, frame] of added.entries()) {
      this.#index.add(this.#index.end + (written[nth]?.length ?? 0), frame);
    }
  }

  /** Puts a file in the place of this one, with what is given for each entry. The writer's lock has to be held. */
  async replace(instead: (entry: KeyEntry) => KeyEntry = (entry) => entry): Promise<void> {
    await writeAnew(this.#parts, this.#entries(instead));
  }

  /**
   * Overwrites the frame with an entry in the file that was replaced. On many disks and file systems the old block stays all the same.
   *
   * @returns whether it was done
   */
  async overwrite(pseudonym: string): Promise<boolean> {
    const place = this.#index.ofPseudonym(pseudonym);
    if (place === undefined) return false;
    const { file } = this.#source;
    const body = place.at + PREFIX_BYTES;
    try {
      await writeAll(file, [this.#parts.random(place.end - body)], body);
      await file.sync();
      return true;
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    return this.#source.file.close();
  }

  async *#entries(instead: (entry: KeyEntry) => KeyEntry): AsyncGenerator<KeyEntry, void, undefined> {
    for await (const { entries } of readFrames(this.#source, { at: HEAD_BYTES, index: 0 })) {
      for (const entry of entries)
        yield entry.type === 'file' ? { type: 'file', generation: this.#generation + 1 } : instead(entry);
    }
  }
}

async function headOf(file: JournalFile): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  return head.subarray(0, await readFully(file, head, 0));
}

function wrongKey(path: string): SubjectKeysError {
  return new SubjectKeysError(
    'wrong_key',
    `${path} was made with another key than audit.personal.key gives now. Write the one that it was made with: ` +
      'of a secret that was rotated, its old version.',
  );
}

function isSame(one: Inode, other: Inode): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}
