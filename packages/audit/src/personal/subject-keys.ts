import { CurrentFile } from './current-file.ts';
import { type KeyEntry, LONGEST_NAME, type PersonEntry } from './key-entry.ts';
import type { KeyFile } from './key-file.ts';
import { masterKey } from './master-key.ts';
import { PSEUDONYM_BYTES, pseudonymFrom } from './pseudonym.ts';
import { Recent } from './recent.ts';
import { SubjectKey } from './subject-key.ts';
import { SubjectKeysError } from './subject-keys-error.ts';
import { settingsOf, type SubjectKeysOptions, type SubjectKeysSettings } from './subject-keys-options.ts';

/** Who is, or was, behind a pseudonym. */
export type FoundSubject =
  | { readonly state: 'known'; readonly key: SubjectKey }
  /** `at`: milliseconds since the epoch. */
  | { readonly state: 'erased'; readonly at: number };

export interface Erasure {
  readonly pseudonym: string;
  /** When the pseudonym was made; milliseconds since the epoch. */
  readonly since: number;
  /** Whether it was overwritten in the file that was replaced. Its blocks may be on the disk all the same. */
  readonly overwritten: boolean;
}

interface Wanting {
  readonly subject: string;
  readonly resolve: (key: SubjectKey) => void;
  readonly reject: (error: SubjectKeysError) => void;
}

const DATA_KEY_BYTES = 32;
/** Where no call waits; processes that start together read a large file one after another. */
const PATIENCE_MS = 30_000;

/**
 * A pseudonym and a key for each person, in one file that all processes of a policy share. Both are random. Once the entry
 * of a person is gone from the file and its copies, nothing brings back the name behind the pseudonym, or what was sealed
 * with the key; also not the master key.
 */
export class SubjectKeys {
  readonly #settings: SubjectKeysSettings;
  readonly #file: CurrentFile;
  readonly #byName: Recent<SubjectKey>;
  readonly #byPseudonym: Recent<SubjectKey>;
  #wanting: Wanting[] = [];

  private constructor(settings: SubjectKeysSettings, fileOf: (onReplaced: () => void) => CurrentFile) {
    this.#settings = settings;
    this.#byName = new Recent(settings.cached);
    this.#byPseudonym = new Recent(settings.cached);
    this.#file = fileOf(() => {
      this.#byName.clear();
      this.#byPseudonym.clear();
    });
  }

  /**
   * Reads the file and checks every entry; makes it where there is none.
   *
   * @throws TypeError for an option that is out of bounds; SubjectKeysError; whatever `key` throws
   */
  static async open(options: SubjectKeysOptions): Promise<SubjectKeys> {
    const settings = settingsOf(options);
    const master = masterKey(await options.key());
    const keys = new SubjectKeys(settings, (onReplaced) => new CurrentFile(settings, master, onReplaced));
    const file = keys.#file;
    try {
      await file.inTurn(async () => {
        if (!settings.readOnly) await file.makeFolder();
        await file.whileMine(() => Promise.resolve(), Math.max(settings.lockWaitMs, PATIENCE_MS));
      });
      return keys;
    } catch (error) {
      await keys.close();
      throw error;
    }
  }

  /** How many people the file holds, as far as this process knows. */
  get people(): number {
    return this.#file.people;
  }

  /**
   * The key of a person; made, durably, when there is none yet. At once when it is in memory, without any I/O but a look
   * at the file each second.
   *
   * @throws SubjectKeysError by rejecting, never at once
   */
  keyOf(subject: string): SubjectKey | Promise<SubjectKey> {
    try {
      const known = this.#file.isFresh() ? this.#byName.get(subject) : undefined;
      if (known !== undefined) return known;
    } catch (error) {
      return Promise.reject(error);
    }
    if (subject.length > LONGEST_NAME) return Promise.reject(tooLong());
    return new Promise((resolve, reject) => {
      // Those who come before it is their turn are served together.
      if (this.#wanting.push({ subject, resolve, reject }) === 1) this.#serve();
    });
  }

  /**
   * The pseudonym of a person, to search records for; undefined for somebody without one. Makes nothing.
   *
   * @throws SubjectKeysError
   */
  async pseudonymOf(subject: string): Promise<string | undefined> {
    const found = await this.#lookUp(
      () => this.#byName.get(subject),
      (file) => file.ofName(subject),
    );
    return found?.state === 'known' ? found.key.pseudonym : undefined;
  }

  /**
   * Who is behind a pseudonym; undefined for one that is in no entry: its file is another one, or an older copy.
   *
   * @throws SubjectKeysError
   */
  find(pseudonym: string): Promise<FoundSubject | undefined> {
    return this.#lookUp(
      () => this.#byPseudonym.get(pseudonym),
      (file) => file.ofPseudonym(pseudonym),
    );
  }

  /**
   * Destroys the key of a person. When it is back, it gets another pseudonym and key. Copies of the file that were made
   * before still have the key: whoever restores one erases again, by pseudonym.
   *
   * @param who a person's name, or its pseudonym
   * @returns what was erased; undefined when there is nothing to erase
   * @throws SubjectKeysError
   */
  erase(who: { readonly subject: string } | { readonly pseudonym: string }): Promise<Erasure | undefined> {
    return this.#file.inTurn(async () => {
      this.#refuseReadOnly();
      return this.#file.whileMine(
        async (file) => {
          const entry = await ('subject' in who ? file.ofName(who.subject) : file.ofPseudonym(who.pseudonym));
          if (entry?.type !== 'person') return undefined;
          const overwritten = await this.#file.replaceWithout(file, entry);
          return { pseudonym: entry.pseudonym, since: entry.since, overwritten };
        },
        Math.max(this.#settings.lockWaitMs, PATIENCE_MS),
      );
    });
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #serve(): void {
    let wanting: readonly Wanting[] = [];
    const give = (): Promise<void> => {
      wanting = this.#wanting;
      this.#wanting = [];
      return this.#give(wanting);
    };
    this.#file.inTurn(give).catch((error: SubjectKeysError) => {
      for (const { reject } of wanting) reject(error);
    });
  }

  async #give(wanting: readonly Wanting[]): Promise<void> {
    const unknown: Wanting[] = [];
    for (const one of wanting) {
      const key = await this.#file.glance((file) => this.#known(file, one.subject));
      if (key === undefined) unknown.push(one);
      else one.resolve(key);
    }
    if (unknown.length === 0) return;
    const keys = await this.#file.whileMine((file) => this.#made(file, unknown));
    for (const { subject, resolve } of unknown) resolve(keys.get(subject) as SubjectKey);
  }

  /** The keys of everybody who is wanted; of those who are new once they are durable. */
  async #made(file: KeyFile, wanted: readonly Wanting[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const keys = new Map<string, SubjectKey>();
    const missing = new Map<string, PersonEntry>();
    for (const { subject } of wanted) {
      const key = missing.has(subject) ? undefined : await this.#known(file, subject);
      if (key !== undefined) keys.set(subject, key);
      else if (!missing.has(subject)) missing.set(subject, this.#newPerson(subject));
    }
    await this.#add(file, [...missing.values()]);
    for (const entry of missing.values()) keys.set(entry.name, this.#remember(entry));
    return keys;
  }

  async #add(file: KeyFile, people: readonly PersonEntry[]): Promise<void> {
    if (people.length === 0) return;
    this.#refuseReadOnly();
    const { file: path, maxPeople } = this.#settings;
    if (file.people + people.length > maxPeople) {
      throw new SubjectKeysError(
        'full',
        `${path} holds the keys of ${file.people} people, and may hold ${maxPeople}: raise maxPeople, ` +
          'or erase people whose records are gone.',
      );
    }
    await file.append(people);
  }

  #newPerson(name: string): PersonEntry {
    const { random, now } = this.#settings;
    const key = Buffer.from(random(DATA_KEY_BYTES)).toString('base64url');
    return { type: 'person', pseudonym: pseudonymFrom(random(PSEUDONYM_BYTES)), key, name, since: now() };
  }

  async #known(file: KeyFile, subject: string): Promise<SubjectKey | undefined> {
    const recent = this.#byName.get(subject);
    if (recent !== undefined) return recent;
    const entry = await file.ofName(subject);
    return entry?.type === 'person' ? this.#remember(entry) : undefined;
  }

  #remember({ pseudonym, name, key, since }: PersonEntry): SubjectKey {
    const { random } = this.#settings;
    const made = new SubjectKey({ pseudonym, name, since, key: Buffer.from(key, 'base64url'), random });
    this.#byName.set(name, made);
    this.#byPseudonym.set(pseudonym, made);
    return made;
  }

  async #lookUp(
    recent: () => SubjectKey | undefined,
    inFile: (file: KeyFile) => Promise<KeyEntry> | undefined,
  ): Promise<FoundSubject | undefined> {
    const known = this.#file.isFresh() ? recent() : undefined;
    if (known !== undefined) return { state: 'known', key: known };
    return this.#file.inTurn(async () => {
      const entry =
        (await this.#file.glance(inFile)) ?? (await this.#file.whileMine(async (file) => inFile(file)));
      if (entry === undefined || entry.type === 'file') return undefined;
      if (entry.type === 'erased') return { state: 'erased', at: entry.at };
      return { state: 'known', key: this.#remember(entry) };
    });
  }

  #refuseReadOnly(): void {
    const { file, readOnly } = this.#settings;
    if (readOnly) throw new SubjectKeysError('read_only', `${file} was opened for reading only.`);
  }
}

function tooLong(): SubjectKeysError {
  return new SubjectKeysError('bad_subject', `A subject may have ${LONGEST_NAME} characters at most.`);
}
