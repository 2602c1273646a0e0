import type { Secret } from '@sallyport/core';
import type { CachedSecret } from './cached-secret.ts';
import type { SecretRotation } from './secret-event.ts';

/**
 * Watches references in order, as far as the one that wins: what stands behind it is not asked. The first value is where
 * it begins; every other one is told.
 */
export class SecretWatch {
  readonly #entries: readonly CachedSecret[];
  readonly #tell: (rotation: SecretRotation) => void;
  /** What ends the watch of each entry, from the first one on. */
  readonly #ends: (() => void)[] = [];
  #last: Secret | undefined;

  constructor(entries: readonly CachedSecret[], tell: (rotation: SecretRotation) => void) {
    this.#entries = entries;
    this.#tell = tell;
    this.#look();
  }

  end(): void {
    this.#keep(0);
  }

  #look(): void {
    for (const [index, entry] of this.#entries.entries()) {
      this.#ends[index] ??= entry.watch(() => this.#look());
      const known = entry.known();
      if (known.type === 'missing') continue;
      this.#keep(index + 1);
      if (known.type !== 'value') return;
      const { secret, version } = known;
      const last = this.#last;
      this.#last = secret;
      if (last !== undefined && !last.equals(secret)) {
        this.#tell({ reference: entry.reference.text, version, secret });
      }
      return;
    }
  }

  #keep(count: number): void {
    for (const end of this.#ends.splice(count)) end();
  }
}
