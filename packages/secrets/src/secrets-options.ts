import type { RevealedSecrets } from '@sallyport/core';
import type { Clock } from './clock.ts';
import type { ProviderSource } from './provider-source.ts';
import type { SecretEvent } from './secret-event.ts';
import type { SecretTimes } from './secret-times.ts';

export interface SecretsOptions extends Partial<SecretTimes> {
  /**
   * By scheme, or by `scheme+alias` for several of one scheme: `{ env: envProvider(), 'vault+payments': () => ... }`.
   * `literal` is always there.
   */
  readonly providers: Readonly<Record<string, ProviderSource>>;
  /** Short names for references, or for lists of them. A name has no colon. Default: none. */
  readonly names?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Where every value that is revealed is remembered, for redaction and the logs. Literals are no secrets and are not. */
  readonly revealed: RevealedSecrets;
  /** Default: the clock of this process. */
  readonly clock?: Clock | undefined;
  /** From 0 up to 1, for jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Told of everything that happens upstream; what it throws is dropped. Default: nobody is. */
  readonly onEvent?: ((event: SecretEvent) => void) | undefined;
}

/** Looks at what types cannot, for callers without them too. @throws TypeError */
export function checkOptions(options: SecretsOptions): void {
  if (typeof options.providers !== 'object' || options.providers === null) {
    throw new TypeError('providers has to be an object, such as { env: envProvider() }.');
  }
  if (typeof options.revealed?.add !== 'function') {
    throw new TypeError('revealed has to be the RevealedSecrets that redaction and the logs look into.');
  }
  for (const name of ['random', 'onEvent'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      throw new TypeError(`${name} has to be a function, or be left out.`);
    }
  }
  for (const name of Object.keys(options.names ?? {})) {
    if (!/^[^:\s\p{Cc}]{1,128}$/u.test(name)) {
      throw new TypeError(
        `names: ${JSON.stringify(name)} has a colon, a space or too many characters; write one such as api-key.`,
      );
    }
  }
}
