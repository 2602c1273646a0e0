import type { SecretReference } from './reference.ts';
import type { Upstream } from './upstream.ts';

/** What a provider tells of one reference while somebody watches it. */
export class ProviderWatch {
  readonly #upstream: Upstream;
  readonly #reference: SecretReference;
  readonly #changed: () => void;
  #end: (() => void) | undefined;

  constructor(upstream: Upstream, reference: SecretReference, changed: () => void) {
    this.#upstream = upstream;
    this.#reference = reference;
    this.#changed = changed;
  }

  /** Does nothing when it has begun, or the provider has nothing to tell. */
  begin(): void {
    if (this.#end !== undefined) return;
    let end: (() => void) | undefined;
    let ended = false;
    const endThis = (): void => {
      ended = true;
      end?.();
    };
    this.#end = endThis;
    this.#upstream
      .watch(this.#reference, () => {
        if (!ended) this.#changed();
      })
      .then(
        (given) => {
          end = given;
          if (ended) end?.();
        },
        () => {
          // There is no provider yet, as the look-up reports; the next beginning tries again.
          if (this.#end === endThis) this.#end = undefined;
        },
      );
  }

  end(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
