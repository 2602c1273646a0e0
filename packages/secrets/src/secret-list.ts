import type { Secret } from '@sallyport/core';
import type { CachedSecret } from './cached-secret.ts';
import type { Clock } from './clock.ts';
import { aborted, quietly } from './flight.ts';
import { SecretError } from './secret-error.ts';

/** References in order: the first that has a value wins. */
export class SecretList {
  readonly entries: readonly CachedSecret[];
  readonly #clock: Clock;
  readonly #none: Promise<Secret>;

  constructor(entries: readonly CachedSecret[], clock: Clock) {
    this.entries = entries;
    this.#clock = clock;
    this.#none = quietly(Promise.reject(noneOf(entries.map(({ reference }) => reference.text))));
  }

  get(now: number, signal?: AbortSignal): Promise<Secret> {
    if (signal?.aborted === true) return Promise.reject(aborted());
    for (const entry of this.entries) {
      const ready = entry.ready(now);
      if (ready === undefined) return this.#walk(signal);
      if (!entry.isMissing) return ready;
    }
    return this.#none;
  }

  async #walk(signal: AbortSignal | undefined): Promise<Secret> {
    for (const entry of this.entries) {
      try {
        return await entry.get(this.#clock.now(), signal);
      } catch (error) {
        // Anything else may be an outage or a refusal, and must not silently bring another value into use.
        if (!(error instanceof SecretError) || error.code !== 'not_found') throw error;
      }
    }
    return this.#none;
  }
}

/** Why a list has no value. */
export function noneOf(references: readonly string[]): SecretError {
  return new SecretError('not_found', references.join(', '), 'none of them has a value; set one of them');
}
