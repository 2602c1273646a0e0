import type { KeyObject } from 'node:crypto';
import type { Secret } from '@sallyport/core';
import { SecretError } from '../secret-error.ts';
import {
  deriveKey,
  type Fail,
  type KeyParameters,
  MIN_PASSPHRASE_LENGTH,
  newParameters,
  passphraseProblem,
} from './derive-key.ts';
import {
  decodeEntries,
  encodeEntries,
  type Entries,
  type Entry,
  NO_ENTRIES,
  withoutName,
  withValue,
} from './entries.ts';
import { fileTrouble } from './file-trouble.ts';
import { keystoreReference } from './keystore-reference.ts';
import { noEntry, noKeystore } from './not-there.ts';
import { type KeystoreFile, readKeystoreFile } from './read-keystore-file.ts';
import { replaceFile } from './replace-file.ts';
import { formatSealed, MAX_FILE_BYTES, parseSealed, seal, unseal } from './sealed-file.ts';
import { storableBytes } from './storable-bytes.ts';
import { StoredSecret } from './stored-secret.ts';
import { withWriteLock } from './write-lock.ts';

export interface KeystoreOptions {
  /** Whether a file that is not there is made with the first value. Default: false, and it is an error. */
  readonly create?: boolean;
  /** Told what is odd but works, such as a file that others can read. Default: `process.emitWarning`. */
  readonly onWarning?: (text: string) => void;
  /** How long to wait for another writer, in milliseconds. Default: 5000. */
  readonly lockWaitMs?: number;
  /** What the entries are dated with. Default: now. */
  readonly timeOfDay?: () => Date;
  /** A key that is guessed in no time, for tests that make many. Default: false. */
  readonly dangerouslyCheapForTests?: boolean;
}

interface DerivedKey {
  readonly of: KeyParameters;
  readonly key: Promise<KeyObject>;
}

/** What is known of an entry without its values. */
export interface KeystoreEntry {
  readonly name: string;
  /** The newest. */
  readonly version: number;
  /** All that are kept, newest first. */
  readonly versions: readonly number[];
  /** When the name was first stored, and when its newest value was; ISO 8601, UTC. */
  readonly created: string;
  readonly changed: string;
}

/**
 * Secrets in one encrypted file, for who has no Vault. Each question reads the file anew, so that other writers are seen;
 * between questions only the key is kept. Every method throws SecretError: `not_configured` without a file, `denied` for a
 * passphrase that does not open it, `invalid_value` for a file that is none, `unavailable` while somebody else writes.
 */
export class Keystore {
  /** Fewest characters of the passphrase of a new file. */
  static readonly minPassphraseLength: number = MIN_PASSPHRASE_LENGTH;

  readonly file: string;
  readonly #options: KeystoreOptions;
  #passphrase: Secret;
  /** Those that have opened the file, newest first. Two while the passphrase changes, so that readers meanwhile have either. */
  #keys: readonly DerivedKey[] = [];
  /**
   * Those of which nobody knows yet. Apart, because whoever read the file before the passphrase changed derives a wrong one,
   * which must not take the place of one that is right.
   */
  #untried: readonly DerivedKey[] = [];
  #warnedOf: string | undefined;

  private constructor(file: string, passphrase: Secret, options: KeystoreOptions) {
    this.file = file;
    this.#passphrase = passphrase;
    this.#options = options;
  }

  /** Opens a file, and so checks the passphrase: once 128 MiB and about 0.4 s. */
  static async open(file: string, passphrase: Secret, options: KeystoreOptions = {}): Promise<Keystore> {
    const keystore = new Keystore(file, passphrase, options);
    const found = await keystore.#read();
    if (found === undefined && options.create !== true) throw noKeystore(file);
    return keystore;
  }

  /** What is said where there is no file, in which the name, if any, was looked for. */
  static absent(file: string, name?: string): SecretError {
    return noKeystore(file, name);
  }

  /**
   * How a policy refers to a name.
   *
   * @throws SecretError `invalid_reference` when it cannot, and so nothing is stored under that name
   */
  static referenceTo(name: string): string {
    return keystoreReference(name);
  }

  /** Why a passphrase is too weak for a new file; undefined when it is fine. */
  static passphraseProblem(passphrase: Secret): string | undefined {
    return passphraseProblem(passphrase);
  }

  /** One value. Default: the newest. @throws SecretError `not_found` too */
  async get(name: string, version?: number): Promise<StoredSecret> {
    const { entries } = (await this.#read()) ?? this.#throwAbsent(name);
    const entry = entries.byName.get(name) ?? this.#throwMissing(name, entries);
    const found =
      version === undefined ? entry.versions[0] : entry.versions.find((v) => v.version === version);
    if (found === undefined) {
      const kept = entry.versions.map((one) => one.version).join(', ');
      const why = `${this.file} has only version${entry.versions.length > 1 ? 's' : ''} ${kept} of it`;
      throw new SecretError('not_found', keystoreReference(name), why);
    }
    return new StoredSecret(entry.name, found);
  }

  /** Every entry, by name. */
  async list(): Promise<readonly KeystoreEntry[]> {
    const { entries } = (await this.#read()) ?? this.#throwAbsent();
    return [...entries.byName.values()].map(described).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Stores a value, text as UTF-8. What was there stays as the version before.
   *
   * @throws SecretError `invalid_reference` for a name that no reference can have, `invalid_value` when it is empty or half
   *   a character, `too_large`
   */
  async set(name: string, value: string | Uint8Array): Promise<KeystoreEntry> {
    return this.#store(name, value, false);
  }

  /** As `set`, for a name that is there. @throws SecretError `not_found` too */
  async rotate(name: string, value: string | Uint8Array): Promise<KeystoreEntry> {
    return this.#store(name, value, true);
  }

  /** Takes an entry away, with every version; a later one of that name counts on. @throws SecretError `not_found` too */
  async remove(name: string): Promise<void> {
    await this.#change((entries) => {
      if (!entries.byName.has(name)) this.#throwMissing(name, entries);
      return withoutName(entries, name);
    }, name);
  }

  /**
   * Encrypts everything anew, under another passphrase and salt. Copies that were made before still open with the old one.
   *
   * @throws SecretError `invalid_value` when it is too weak, too
   */
  async changePassphrase(passphrase: Secret): Promise<void> {
    await this.#change((entries) => entries, undefined, passphrase);
  }

  async #store(name: string, value: string | Uint8Array, mustExist: boolean): Promise<KeystoreEntry> {
    const reference = keystoreReference(name);
    const bytes = storableBytes(value, reference);
    const now = (this.#options.timeOfDay?.() ?? new Date()).toISOString();
    const after = await this.#change((entries) => {
      if (mustExist && !entries.byName.has(name)) this.#throwMissing(name, entries);
      return withValue(entries, name, bytes, now);
    }, name);
    return described(after.byName.get(name) ?? this.#throwMissing(name, after));
  }

  /** Undefined when there is no file. */
  async #read(): Promise<{ readonly entries: Entries; readonly parameters: KeyParameters } | undefined> {
    let found = await this.#readFile();
    while (found !== undefined) {
      this.#warn(found.openMode);
      const sealed = parseSealed(found.text, this.#cheap, (code, why) => fail(code, `${this.file}: ${why}`));
      const plain = unseal(sealed, await this.#keyOf(sealed.parameters));
      this.#tried(sealed.parameters, plain !== undefined);
      if (plain !== undefined) {
        const entries = decodeEntries(plain, (code, why) => fail(code, `${this.file}: ${why}`));
        return { entries, parameters: sealed.parameters };
      }
      // It may have been replaced, and the passphrase with it, since it was read.
      const again = await this.#readFile();
      if (again?.text === found.text) {
        throw fail('denied', `the passphrase does not open ${this.file}, or the file was altered`);
      }
      found = again;
    }
    return undefined;
  }

  #readFile(): Promise<KeystoreFile | undefined> {
    return readKeystoreFile(this.file, fail).catch((error: unknown) => {
      throw fileTrouble(error, this.file, 'read', fail);
    });
  }

  /** Reads, changes and writes while nobody else writes. */
  async #change(
    next: (entries: Entries) => Entries,
    name: string | undefined,
    newPassphrase?: Secret,
  ): Promise<Entries> {
    try {
      return await withWriteLock(this.file, this.#options.lockWaitMs ?? 5000, fail, async () => {
        const found = await this.#read();
        if (found === undefined && this.#options.create !== true) throw noKeystore(this.file, name);
        const after = next(found?.entries ?? NO_ENTRIES);
        const isNew = found === undefined || newPassphrase !== undefined;
        const passphrase = newPassphrase ?? this.#passphrase;
        const weak = isNew ? passphraseProblem(passphrase) : undefined;
        if (weak !== undefined) throw fail('invalid_value', weak);
        const parameters = isNew ? newParameters(this.#cheap) : found.parameters;
        const key = isNew ? await deriveKey(passphrase, parameters) : await this.#keyOf(parameters);
        const text = formatSealed(seal(encodeEntries(after), key, parameters));
        if (text.length > MAX_FILE_BYTES) {
          throw fail(
            'too_large',
            `${this.file} would be more than ${MAX_FILE_BYTES} bytes; remove what is not used`,
          );
        }
        if (isNew) this.#remember({ of: parameters, key: Promise.resolve(key) });
        await replaceFile(this.file, text, fail);
        this.#passphrase = passphrase;
        return after;
      });
    } catch (error) {
      throw fileTrouble(error, this.file, 'written', fail);
    }
  }

  /** Derived once for each salt, however many ask. */
  #keyOf(of: KeyParameters): Promise<KeyObject> {
    const known = [...this.#keys, ...this.#untried].find((one) => sameParameters(one.of, of));
    if (known !== undefined) return known.key;
    const derived = { of, key: deriveKey(this.#passphrase, of) };
    this.#untried = [...this.#untried, derived];
    // For want of memory, perhaps: the next may have more luck.
    derived.key.catch(() => this.#tried(of, false));
    return derived.key;
  }

  #tried(of: KeyParameters, opens: boolean): void {
    const derived = this.#untried.find((one) => sameParameters(one.of, of));
    if (derived === undefined) return;
    this.#untried = this.#untried.filter((one) => one !== derived);
    if (opens) this.#remember(derived);
  }

  #remember(derived: DerivedKey): void {
    this.#keys = [derived, ...this.#keys.slice(0, 1)];
  }

  get #cheap(): boolean {
    return this.#options.dangerouslyCheapForTests === true;
  }

  #warn(openMode: string | undefined): void {
    if (openMode !== undefined && openMode !== this.#warnedOf) {
      const text =
        `${this.file} can be used by others (mode ${openMode}), who can then guess the passphrase at leisure; ` +
        `run: chmod 600 ${this.file}`;
      if (this.#options.onWarning === undefined) process.emitWarning(text);
      else this.#options.onWarning(text);
    }
    this.#warnedOf = openMode;
  }

  #throwAbsent(name?: string): never {
    throw noKeystore(this.file, name);
  }

  #throwMissing(name: string, { byName }: Entries): never {
    throw noEntry(this.file, name, byName.keys());
  }
}

const fail: Fail = (code, why) => new SecretError(code, 'keystore', why);

function described({ name, created, versions }: Entry): KeystoreEntry {
  const [newest] = versions;
  const numbers = versions.map(({ version }) => version);
  return { name, version: newest.version, versions: numbers, created, changed: newest.changed };
}

function sameParameters(a: KeyParameters, b: KeyParameters): boolean {
  return a.N === b.N && a.r === b.r && a.p === b.p && a.salt.equals(b.salt);
}
