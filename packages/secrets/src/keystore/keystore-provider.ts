import { statSync } from 'node:fs';
import type { Secret } from '@sallyport/core';
import { type Clock, systemClock } from '../clock.ts';
import { valueIn } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, ResolveOptions, SecretProvider } from '../secret-provider.ts';
import { Keystore } from './keystore.ts';
import type { StoredSecret } from './stored-secret.ts';

export interface KeystoreProviderOptions {
  /** The encrypted file. */
  readonly file: string;
  /** Asked when the file is first needed, and again when it no longer opens: somebody may have changed the passphrase. */
  readonly passphrase: () => Promise<Secret>;
  /** Told what is odd but works. Default: `process.emitWarning`. */
  readonly onWarning?: (text: string) => void;
  /** How often the file is looked at for watchers, in milliseconds. Default: 2000. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  /** Opens files whose key is guessed in no time. Default: false. */
  readonly dangerouslyCheapForTests?: boolean;
}

/**
 * `keystore:NAME`, `keystore:NAME?version=2`, `keystore:NAME#field`: secrets in a file that `sallyport secrets` writes.
 *
 * @throws TypeError for options that cannot be
 */
export function keystoreProvider(options: KeystoreProviderOptions): SecretProvider {
  const { file, pollMs = 2000 } = options;
  if (file === '') throw new TypeError('file is empty; name the keystore, such as sallyport.keystore');
  if (!Number.isFinite(pollMs) || pollMs < 1)
    throw new TypeError('pollMs is no time; write milliseconds from 1');
  return new KeystoreProvider(options, pollMs);
}

interface Watcher {
  seen: string;
  readonly changed: () => void;
}

class KeystoreProvider implements SecretProvider {
  readonly scheme = 'keystore';
  readonly #options: KeystoreProviderOptions;
  readonly #clock: Clock;
  readonly #pollMs: number;
  /** What ends each look-up that is under way when it is closed. */
  readonly #pending = new Set<() => void>();
  readonly #watchers = new Set<Watcher>();
  /** The file as it was when a reference was last looked up. */
  readonly #seen = new Map<string, string>();
  #opening: Promise<Keystore> | undefined;
  /** Whether `#opening` has opened the file, with the passphrase of that time. */
  #hasOpened = false;
  #stopPolling: (() => void) | undefined;
  #isClosed = false;

  constructor(options: KeystoreProviderOptions, pollMs: number) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pollMs = pollMs;
  }

  check({ version }: SecretReference): string | undefined {
    if (version === undefined || /^[1-9][0-9]{0,14}$/.test(version)) return undefined;
    return 'the version is no whole number; "sallyport secrets list" shows those that are kept';
  }

  async resolve(reference: SecretReference, { signal }: ResolveOptions): Promise<Resolved> {
    const wrong = this.check(reference);
    if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
    try {
      return await this.#unlessEnded(this.#find(reference), signal);
    } catch (error) {
      throw restated(error, reference.text);
    }
  }

  watch(reference: SecretReference, changed: () => void): () => void {
    if (this.#isClosed) return () => undefined;
    // What was found may be older than the file is now; then the first look finds a change.
    const watcher = { seen: this.#seen.get(reference.text) ?? signatureOf(this.#options.file), changed };
    this.#watchers.add(watcher);
    this.#stopPolling ??= this.#clock.after(this.#pollMs, () => this.#poll());
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#pending) end();
    this.#stopPolling?.();
    this.#watchers.clear();
    this.#opening = undefined;
    this.#seen.clear();
    return Promise.resolve();
  }

  async #find(reference: SecretReference): Promise<Resolved> {
    if (this.#isClosed) throw closed(reference.text);
    // Before anybody is asked for a passphrase. What is there and cannot be looked at is said when it is read.
    if (this.#opening === undefined && isAbsent(this.#options.file)) {
      throw Keystore.absent(this.#options.file, reference.path);
    }
    const hadOpened = this.#hasOpened;
    const opening = this.#opening ?? this.#open();
    const found = await opening
      .then((keystore) => this.#get(keystore, reference))
      .catch((error: unknown) => {
        const isDenied = error instanceof SecretError && error.code === 'denied';
        if (!isDenied) throw error;
        // Others that were denied may have asked for the passphrase again by now.
        this.#forget(opening);
        if (!hadOpened || this.#isClosed) throw error;
        return (this.#opening ?? this.#open()).then((keystore) => this.#get(keystore, reference));
      });
    return { value: valueIn(found.reveal(), reference), version: String(found.version) };
  }

  #get(keystore: Keystore, { text, path, version }: SecretReference): Promise<StoredSecret> {
    if (!this.#isClosed) this.#seen.set(text, signatureOf(this.#options.file));
    return keystore.get(path, version === undefined ? undefined : Number(version));
  }

  /** One scrypt and one question for the passphrase, however many ask. */
  #open(): Promise<Keystore> {
    const { file, passphrase, onWarning, dangerouslyCheapForTests = false } = this.#options;
    const options = { dangerouslyCheapForTests, ...(onWarning && { onWarning }) };
    const opening = passphraseFrom(passphrase, file).then((secret) => Keystore.open(file, secret, options));
    this.#opening = opening;
    opening.then(
      () => {
        if (this.#opening === opening) this.#hasOpened = true;
      },
      () => this.#forget(opening),
    );
    return opening;
  }

  #forget(opening: Promise<Keystore>): void {
    if (this.#opening !== opening) return;
    this.#opening = undefined;
    this.#hasOpened = false;
  }

  #poll(): void {
    this.#stopPolling = undefined;
    const now = signatureOf(this.#options.file);
    for (const watcher of Array.from(this.#watchers)) {
      if (watcher.seen === now) continue;
      watcher.seen = now;
      watcher.changed();
    }
    if (this.#watchers.size > 0) {
      this.#stopPolling ??= this.#clock.after(this.#pollMs, () => this.#poll());
    }
  }

  /** Settles as `found` does, or ends with the signal, or with `close`. */
  #unlessEnded(found: Promise<Resolved>, signal: AbortSignal): Promise<Resolved> {
    return new Promise<Resolved>((resolve, reject) => {
      const late = (): void => {
        const why = 'nobody waited any longer for the keystore or its passphrase';
        reject(new SecretError('timeout', 'keystore', why));
      };
      const gone = (): void => reject(closed('keystore'));
      if (signal.aborted) late();
      signal.addEventListener('abort', late, { once: true });
      this.#pending.add(gone);
      found.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', late);
        this.#pending.delete(gone);
      });
    });
  }
}

/** Another text whenever the file is another; empty when there is none. At once, so that no change slips in between. */
function signatureOf(file: string): string {
  try {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    // Why it cannot be looked at is said when it is read.
    return '';
  }
}

function isAbsent(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function closed(reference: string): SecretError {
  return new SecretError('closed', reference, 'the keystore provider was closed');
}

/** Whoever gives the passphrase may quote it in an error. */
async function passphraseFrom(ask: () => Promise<Secret>, file: string): Promise<Secret> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SecretError)) {
      throw new SecretError('not_configured', 'keystore', `the passphrase of ${file} could not be had`);
    }
    if (error.isOutage || error.code === 'not_configured') throw error;
    // Never `not_found`: a list would take the entry for missing, and go on to its default.
    throw new SecretError('not_configured', 'keystore', `the passphrase of ${file}: ${error.message}`);
  }
}

/** The same, said of the reference that was asked for: an opening is shared by many. */
function restated(thrown: unknown, reference: string): SecretError {
  const error = SecretError.from(thrown, reference);
  const why = error.message.slice(`${error.reference}: `.length);
  return new SecretError(error.code, reference, why, { retryAfterMs: error.retryAfterMs });
}
