import { type Clock, systemClock } from '../clock.ts';
import { valueIn } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, ResolveOptions } from '../secret-provider.ts';
import { readSecretFile } from './read-secret-file.ts';
import { watchFile } from './watch-file.ts';

export interface FileProviderOptions {
  /** How often a watched file is looked at, in milliseconds. Default: 1,000. */
  readonly pollMs?: number | undefined;
  /** Default: the clock of this process. */
  readonly clock?: Clock | undefined;
}

/** Files as secrets, for every provider that has them so. */
export class SecretFiles {
  readonly #pollMs: number;
  readonly #clock: Clock;
  readonly #watches = new Set<() => void>();
  #closed = false;

  /** @throws TypeError for an interval that is none */
  constructor({ pollMs = 1_000, clock = systemClock }: FileProviderOptions) {
    if (!Number.isFinite(pollMs) || pollMs < 1) {
      throw new TypeError('pollMs has to be a number of milliseconds, 1 or more, such as 1_000.');
    }
    this.#pollMs = pollMs;
    this.#clock = clock;
  }

  async resolve(path: string, reference: SecretReference, { signal }: ResolveOptions): Promise<Resolved> {
    this.#refuseWhenClosed(reference);
    const { bytes } = await readSecretFile(path, reference, signal);
    this.#refuseWhenClosed(reference);
    const content = reference.encoding === 'base64' ? bytes : withoutLineEnd(bytes);
    return { value: valueIn(content, reference) };
  }

  watch(path: string, changed: () => void): () => void {
    if (this.#closed) return () => undefined;
    const end = watchFile(path, this.#pollMs, this.#clock, changed);
    this.#watches.add(end);
    return () => {
      this.#watches.delete(end);
      end();
    };
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#watches) end();
    this.#watches.clear();
  }

  #refuseWhenClosed({ text }: SecretReference): void {
    if (this.#closed) throw new SecretError('closed', text, 'the provider was closed');
  }
}

/** `echo` and editors put one at the end. A second one is part of the value. */
function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
