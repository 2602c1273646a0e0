import { SCHEMES, type SecretReference } from './reference.ts';
import { SecretError } from './secret-error.ts';
import type { SecretProvider } from './secret-provider.ts';

/**
 * A provider, or what makes it. A function is called when the first reference needs it, so that a library or a cloud's SDK
 * is loaded only then, and again only if it failed. One function may stand under several keys and make one provider for
 * each of their schemes: it is called once, and they share what they share.
 */
export type ProviderSource = SecretProvider | (() => MadeProviders | Promise<MadeProviders>);

export type MadeProviders = SecretProvider | readonly SecretProvider[];

const KEY = /^([a-z][a-z0-9-]*)(?:\+[A-Za-z0-9][A-Za-z0-9_-]{0,63})?$/;

/** The providers by `scheme` or `scheme+alias`, made when they are needed. */
export class ProviderSet {
  readonly #sources: ReadonlyMap<string, ProviderSource>;
  readonly #made = new Map<ProviderSource, Promise<readonly SecretProvider[]>>();

  /** @throws TypeError for a key that no reference can name, or what is no provider */
  constructor(sources: Readonly<Record<string, ProviderSource>>) {
    this.#sources = new Map(Object.entries(sources));
    for (const [key, source] of this.#sources) {
      const scheme = KEY.exec(key)?.[1];
      if (scheme === undefined || !SCHEMES.includes(scheme)) {
        throw new TypeError(
          `providers: "${key}" is no scheme; write one of ${SCHEMES.join(', ')}, with "+alias" for several of one.`,
        );
      }
      if (typeof source === 'function') continue;
      if (!isProvider(source)) {
        throw new TypeError(`providers: "${key}" is no provider; give one, or a function that makes one.`);
      }
      if (source.scheme !== scheme) {
        throw new TypeError(
          `providers: "${key}" is a provider of "${source.scheme}"; give it under that name.`,
        );
      }
      this.#made.set(source, Promise.resolve([source]));
    }
  }

  /** Why no provider can be asked for a reference; undefined when there is one. */
  missing(reference: SecretReference): SecretError | undefined {
    if (this.#sources.has(keyOf(reference))) return undefined;
    const others = [...this.#sources.keys()].join(', ');
    return notConfigured(
      reference,
      `no provider "${keyOf(reference)}" is set up; set it up, or use one of ${others}`,
    );
  }

  /** The provider for a reference. @throws SecretError `not_configured` */
  async of(reference: SecretReference): Promise<SecretProvider> {
    const source = this.#sources.get(keyOf(reference));
    if (source === undefined) throw this.missing(reference) ?? notConfigured(reference, 'has no provider');
    let made = this.#made.get(source);
    if (made === undefined) {
      made = make(source);
      this.#made.set(source, made);
      // Made anew for whoever asks next: the package may be there by then.
      made.catch(() => this.#made.delete(source));
    }
    let providers: readonly SecretProvider[];
    try {
      providers = await made;
    } catch (thrown) {
      throw thrown instanceof SecretError ? thrown : notConfigured(reference, whyNotMade(thrown));
    }
    const provider = providers.find((one) => isProvider(one) && one.scheme === reference.scheme);
    if (provider !== undefined) return provider;
    throw notConfigured(reference, `what was set up for "${keyOf(reference)}" is no provider of that scheme`);
  }

  /** Closes every provider that there is. Never rejects. */
  async close(): Promise<void> {
    const closeAll = async (made: Promise<readonly SecretProvider[]>): Promise<void> => {
      await Promise.allSettled((await made).map(async (provider) => provider.close()));
    };
    await Promise.allSettled([...this.#made.values()].map(closeAll));
  }
}

async function make(source: ProviderSource): Promise<readonly SecretProvider[]> {
  const made = typeof source === 'function' ? await source() : source;
  return 'scheme' in made ? [made] : made;
}

function keyOf({ scheme, alias }: SecretReference): string {
  return alias === undefined ? scheme : `${scheme}+${alias}`;
}

function isProvider(provider: SecretProvider): boolean {
  return typeof provider?.resolve === 'function' && typeof provider.close === 'function';
}

function whyNotMade(thrown: unknown): string {
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    ? 'the package of the provider is not installed; install it next to Sallyport'
    : 'the provider could not be set up; its own message may hold secrets and is not shown';
}

function notConfigured(reference: SecretReference, why: string): SecretError {
  return new SecretError('not_configured', reference.text, why);
}
