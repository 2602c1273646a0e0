import type { KeyObject } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PersonEntry } from './key-entry.ts';
import { KeyFile } from './key-file.ts';
import { whileLocked } from './key-lock.ts';
import { altered, keysTrouble, SubjectKeysError } from './subject-keys-error.ts';
import type { SubjectKeysSettings } from './subject-keys-options.ts';

/**
 * The file of keys that stands at the path, whoever put it there. All but `isFresh` and `people` is done one after another:
 * nobody reads from a file that another one closes.
 */
export class CurrentFile {
  readonly #settings: SubjectKeysSettings;
  readonly #master: KeyObject;
  readonly #onReplaced: () => void;
  #file: KeyFile | undefined;
  /** Of the newest file that was seen. */
  #generation = 0;
  #checkedAt = -Infinity;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param onReplaced told when somebody may have been erased */
  constructor(settings: SubjectKeysSettings, master: KeyObject, onReplaced: () => void) {
    this.#settings = settings;
    this.#master = master;
    this.#onReplaced = onReplaced;
  }

  get people(): number {
    return this.#file?.people ?? 0;
  }

  /**
   * Whether what is in memory is still what the file says; looked at from time to time. Somebody whom another process added
   * is no reason for no: who is not in memory is looked for under the lock, and so is durable.
   *
   * @throws SubjectKeysError
   */
  isFresh(): boolean {
    const { elapsed, recheckMs, readOnly, file } = this.#settings;
    if (this.#closed) throw closed();
    const now = elapsed();
    if (now - this.#checkedAt < recheckMs) return true;
    try {
      if (this.#file?.isSound !== true) return false;
      const state = this.#file.state();
      if (state === 'replaced' || (state === 'longer' && readOnly)) return false;
    } catch (error) {
      throw keysTrouble(error, file);
    }
    this.#checkedAt = now;
    return true;
  }

  /**
   * Runs something after whatever was asked for before.
   *
   * @throws SubjectKeysError
   */
  async inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(run);
    this.#turn = mine.catch(() => undefined);
    try {
      return await mine;
    } catch (error) {
      throw keysTrouble(error, this.#settings.file);
    }
  }

  /** In turn: looks at what is in memory. Undefined when it may be different by now. */
  async glance<T>(look: (file: KeyFile) => Promise<T> | undefined): Promise<T | undefined> {
    if (!this.isFresh() || this.#file === undefined) return undefined;
    try {
      return await look(this.#file);
    } catch {
      // Another process has erased somebody, and overwritten the entry in the file that is still open here.
      return undefined;
    }
  }

  /**
   * In turn: runs something with all that is in the file, while no other process writes it.
   *
   * @param waitMs how long another process may write it meanwhile
   */
  whileMine<T>(run: (file: KeyFile) => Promise<T>, waitMs: number = this.#settings.lockWaitMs): Promise<T> {
    const refreshed = async (): Promise<T> => run(await this.#refresh());
    if (this.#settings.readOnly) return refreshed();
    return whileLocked({ ...this.#settings, lockWaitMs: waitMs }, refreshed);
  }

  /** In `whileMine`: puts a file without a person in the place of this one. @returns whether the old entry was overwritten */
  async replaceWithout(file: KeyFile, { pseudonym }: PersonEntry): Promise<boolean> {
    const at = this.#settings.now();
    await file.replace((entry) =>
      entry.type === 'person' && entry.pseudonym === pseudonym ? { type: 'erased', pseudonym, at } : entry,
    );
    // Not before: a crash leaves the new file, or the old one with everybody in it.
    const overwritten = await file.overwrite(pseudonym);
    await this.#refresh();
    return overwritten;
  }

  async makeFolder(): Promise<void> {
    await this.#settings.fs.makeFolder(dirname(this.#settings.file));
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.inTurn(() => this.#letGo());
  }

  /** Brings what is in memory up to date. */
  async #refresh(): Promise<KeyFile> {
    if (this.#closed) throw closed();
    const { file: path, elapsed } = this.#settings;
    if (statSync(path, { throwIfNoEntry: false }) === undefined) await this.#make();
    const known = this.#file;
    const state = known?.state();
    if (known?.isSound === true && state !== 'replaced') {
      if (state === 'longer') await known.catchUp();
    } else {
      if (state !== 'replaced') await known?.replace();
      await this.#letGo();
      this.#file = await this.#open();
    }
    this.#checkedAt = elapsed();
    return this.#file as KeyFile;
  }

  async #make(): Promise<void> {
    const { file: path, readOnly } = this.#settings;
    if (readOnly) throw new SubjectKeysError('not_found', `There are no keys of people in ${path}.`);
    // One that was there is not made anew: the records that were sealed with its keys could not be opened any more.
    if (this.#generation > 0) throw altered(path, 'it is gone');
    await KeyFile.create({ ...this.#settings, path, master: this.#master });
  }

  async #open(): Promise<KeyFile> {
    const { file: path, readOnly } = this.#settings;
    const file = await KeyFile.open({ ...this.#settings, path, master: this.#master });
    if (file.generation < this.#generation) {
      await file.close();
      throw altered(path, 'an older copy was put in its place');
    }
    // One that was there before may be open to others.
    if (!readOnly && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    this.#generation = file.generation;
    return file;
  }

  async #letGo(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#checkedAt = -Infinity;
    this.#onReplaced();
    await file?.close();
  }
}

function closed(): SubjectKeysError {
  return new SubjectKeysError('closed', 'The keys of people are closed.');
}
