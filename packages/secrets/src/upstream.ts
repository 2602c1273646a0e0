import { type RevealedSecrets, Secret } from '@sallyport/core';
import type { Clock } from './clock.ts';
import type { ProviderSet } from './provider-source.ts';
import type { SecretReference } from './reference.ts';
import { textOf } from './secret-bytes.ts';
import { SecretError } from './secret-error.ts';
import type { Resolved } from './secret-provider.ts';

/** What was found, with the value out of sight. */
export interface Found {
  readonly secret: Secret;
  readonly version: string | undefined;
  /** Milliseconds, from now; Infinity without an end. */
  readonly validForMs: number;
}

/** One look-up under way. */
export interface LookUp {
  /** Rejects with a SecretError, at the latest when the time is up: also when the provider takes no notice of its signal. */
  readonly found: Promise<Found>;
  /** Ends it with this error, and tells the provider to stop. */
  cancel(error: SecretError): void;
}

/** The providers as the rest sees them: in bounded time, with nothing but SecretErrors, and with opaque values. */
export class Upstream {
  readonly #providers: ProviderSet;
  readonly #revealed: RevealedSecrets;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #underWay = new Set<LookUp>();

  constructor(providers: ProviderSet, revealed: RevealedSecrets, clock: Clock, timeoutMs: number) {
    this.#providers = providers;
    this.#revealed = revealed;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  lookUp(reference: SecretReference): LookUp {
    const controller = new AbortController();
    let cancel: (error: SecretError) => void = () => undefined;
    const found = new Promise<Found>((resolve, reject) => {
      cancel = (error) => {
        reject(error);
        controller.abort(error);
      };
      this.#find(reference, controller.signal).then(resolve, (thrown: unknown) =>
        reject(SecretError.from(thrown, reference.text)),
      );
    });
    const lookUp: LookUp = { found, cancel };
    const endTimer = this.#clock.after(this.#timeoutMs, () =>
      cancel(new SecretError('timeout', reference.text, `no answer within ${this.#timeoutMs} ms`)),
    );
    this.#underWay.add(lookUp);
    const done = (): void => {
      endTimer();
      this.#underWay.delete(lookUp);
    };
    found.then(done, done);
    return lookUp;
  }

  /** Calls `changed` when the provider says so. Undefined where the provider cannot. @throws SecretError */
  async watch(reference: SecretReference, changed: () => void): Promise<(() => void) | undefined> {
    const provider = await this.#providers.of(reference);
    return provider.check?.(reference) === undefined ? provider.watch?.(reference, changed) : undefined;
  }

  /** Never rejects, and takes no longer than a look-up may. */
  async close(): Promise<void> {
    const closed = new SecretError('closed', 'a secret', 'the secrets were closed');
    for (const lookUp of this.#underWay) lookUp.cancel(closed);
    await new Promise<void>((resolve) => {
      const endTimer = this.#clock.after(this.#timeoutMs, resolve);
      void this.#providers.close().then(() => {
        endTimer();
        resolve();
      });
    });
  }

  async #find(reference: SecretReference, signal: AbortSignal): Promise<Found> {
    const provider = await this.#providers.of(reference);
    const wrong = provider.check?.(reference);
    if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
    return this.#opaque(await provider.resolve(reference, { signal }), reference);
  }

  /** A provider from outside may break its promises. */
  #opaque({ value, version, validForMs }: Resolved, reference: SecretReference): Found {
    if (typeof value !== 'string') {
      throw new SecretError('invalid_value', reference.text, 'the provider gave something that is no text');
    }
    if (validForMs !== undefined && !(validForMs > 0)) {
      throw new SecretError('unavailable', reference.text, 'the provider gave a value whose lease is over');
    }
    // What a policy says in the open is no secret: text that happens to hold it is not concealed.
    const revealed = reference.scheme === 'literal' ? undefined : this.#revealed;
    // Base64 is the provider's work, and longer than the bytes that the limit is about.
    const text = reference.encoding === 'base64' ? value : textOf(value, reference);
    return { secret: new Secret(text, revealed), version, validForMs: validForMs ?? Infinity };
  }
}
