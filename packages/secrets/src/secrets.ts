import type { Secret } from '@sallyport/core';
import { CachedSecret, type CacheContext } from './cached-secret.ts';
import { type Clock, systemClock } from './clock.ts';
import { quietly } from './flight.ts';
import { ProviderSet } from './provider-source.ts';
import { literalProvider } from './providers/literal-provider.ts';
import { parseReference } from './reference.ts';
import { SecretError, type SecretErrorCode } from './secret-error.ts';
import type { SecretEvent, SecretRotation } from './secret-event.ts';
import { noneOf, SecretList } from './secret-list.ts';
import { SecretNames } from './secret-names.ts';
import { Outcomes } from './secret-state.ts';
import { checkTimes } from './secret-times.ts';
import { SecretWatch } from './secret-watch.ts';
import { checkOptions, type SecretsOptions } from './secrets-options.ts';
import { Upstream } from './upstream.ts';

export interface GetOptions {
  /** Ends this call's waiting, and nobody else's. Default: it waits until the time of the look-up is up. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Looks the secret up anew, although there is a value that is young: what is given was read after this
   * call, so that what is started anew at a rotation has no value from before it. One look-up serves all who
   * ask before it begins; its answer goes into the cache, and watchers are told of it as of any other. In an
   * outage the last value is given, under the rules for every call, and its provider is left alone as long.
   * Takes as long as two look-ups at most, for each reference of a list. Default: false.
   */
  readonly fresh?: boolean | undefined;
}

/** What `check` found out. The value is not among it. */
export type SecretCheck =
  | {
      readonly ok: true;
      /** The one of the list that has the value. */
      readonly reference: string;
      readonly version: string | undefined;
      /** Milliseconds until the lease ends; undefined when nothing ends it. */
      readonly validForMs: number | undefined;
    }
  | {
      readonly ok: false;
      /** The one that stopped the look-up; all of them when none has a value. */
      readonly reference: string;
      readonly code: SecretErrorCode;
      readonly message: string;
    };

type Source = CachedSecret | SecretList;

/** How lists are found again without making anything: one step for each reference. */
interface ListNode {
  readonly next: Map<string, ListNode>;
  list: SecretList | undefined;
}

/** More than a policy names; where references are made as the program runs, what nobody waits for is forgotten. */
const MOST_KNOWN = 10_000;

/** Secrets by reference: cached, refreshed ahead, and used past their time only while a provider cannot be asked. */
export class Secrets {
  readonly #clock: Clock;
  readonly #providers: ProviderSet;
  readonly #upstream: Upstream;
  readonly #names: SecretNames;
  readonly #context: CacheContext;
  readonly #entries = new Map<string, CachedSecret>();
  readonly #sources = new Map<string, Source>();
  #lists: ListNode = { next: new Map(), list: undefined };
  readonly #watches = new Set<SecretWatch>();
  #closing: Promise<void> | undefined;

  /** @throws TypeError for options that cannot work, saying what to write */
  constructor(options: SecretsOptions) {
    checkOptions(options);
    const times = checkTimes(options);
    this.#clock = options.clock ?? systemClock;
    this.#providers = new ProviderSet({ literal: literalProvider(), ...options.providers });
    this.#upstream = new Upstream(this.#providers, options.revealed, this.#clock, times.timeoutMs);
    this.#names = new SecretNames(options.names ?? {}, this.#providers);
    const onEvent = options.onEvent ?? (() => undefined);
    this.#context = {
      upstream: this.#upstream,
      outcomes: new Outcomes(times, options.random ?? Math.random),
      clock: this.#clock,
      emit: (event: SecretEvent) => withoutHarm(() => onEvent(event)),
    };
  }

  /**
   * A secret by its reference or its name, or the first of several that has a value: only `not_found` lets the next one
   * try. `literal:...` stands last, as the default.
   *
   * Rejects with a `SecretError`, and with nothing else.
   */
  get(reference: string | readonly string[], options?: GetOptions): Promise<Secret> {
    const known = typeof reference === 'string' ? this.#sources.get(reference) : this.#list(reference);
    const isFresh = options?.fresh === true;
    if (known !== undefined && !isFresh) return known.get(this.#clock.now(), options?.signal);
    try {
      const source = known ?? this.#learn(reference);
      if (isFresh) return this.#fresh(source, options.signal);
      return source.get(this.#clock.now(), options?.signal);
    } catch (error) {
      return Promise.reject(SecretError.from(error, 'a secret'));
    }
  }

  /**
   * Keeps a secret fresh and tells of every change of its value: also when another reference of the list wins. The value
   * that is there when the watch begins is no change, so watch first and get then. What `listener` throws is dropped.
   *
   * @returns what ends the watch
   * @throws SecretError `invalid_reference`, `not_configured` or `closed`
   */
  watch(reference: string | readonly string[], listener: (rotation: SecretRotation) => void): () => void {
    const source = this.#learn(reference);
    const entries = source instanceof SecretList ? source.entries : [source];
    const watch = new SecretWatch(entries, (rotation) => withoutHarm(() => listener(rotation)));
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
      watch.end();
    };
  }

  /** Asks the providers, now, whether a secret can be had. Neither uses the cache nor fills it. Never rejects. */
  async check(reference: string | readonly string[]): Promise<SecretCheck> {
    try {
      return await this.#check(this.#expand(reference));
    } catch (thrown) {
      const error = SecretError.from(thrown, 'a secret');
      return { ok: false, reference: error.reference, code: error.code, message: error.message };
    }
  }

  /** Lets go of every value, ends whatever is under way with `closed`, and closes the providers. Never rejects. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      for (const watch of this.#watches) watch.end();
      for (const entry of this.#entries.values()) entry.close();
      this.#watches.clear();
      this.#entries.clear();
      this.#sources.clear();
      this.#lists = { next: new Map(), list: undefined };
      this.#closing = this.#upstream.close();
    }
    return this.#closing;
  }

  async #fresh(source: Source, signal: AbortSignal | undefined): Promise<Secret> {
    if (!(source instanceof SecretList)) return source.fresh(this.#clock.now(), signal);
    for (const entry of source.entries) {
      try {
        return await entry.fresh(this.#clock.now(), signal);
      } catch (error) {
        // As in SecretList: an outage or a refusal must not silently bring another value into use.
        if (!(error instanceof SecretError) || error.code !== 'not_found') throw error;
      }
    }
    throw noneOf(source.entries.map((entry) => entry.reference.text));
  }

  #list(references: readonly string[]): SecretList | undefined {
    let node: ListNode | undefined = this.#lists;
    if (!Array.isArray(references)) return undefined;
    for (const text of references) {
      node = node.next.get(text);
      if (node === undefined) return undefined;
    }
    return node.list;
  }

  /** @throws SecretError */
  #learn(reference: string | readonly string[]): Source {
    const texts = this.#expand(reference);
    if (this.#entries.size >= MOST_KNOWN) this.#forgetIdle();
    const entries = texts.map((text) => this.#entry(text));
    if (typeof reference === 'string') {
      const [first] = entries;
      const source =
        entries.length === 1 && first !== undefined ? first : new SecretList(entries, this.#clock);
      this.#sources.set(reference, source);
      return source;
    }
    let node = this.#lists;
    for (const text of reference) {
      const next = node.next.get(text) ?? { next: new Map<string, ListNode>(), list: undefined };
      node.next.set(text, next);
      node = next;
    }
    return (node.list ??= new SecretList(entries, this.#clock));
  }

  #entry(text: string): CachedSecret {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const reference = parseReference(text);
    const missing = this.#providers.missing(reference);
    if (missing !== undefined) throw missing;
    const entry = new CachedSecret(reference, this.#context);
    this.#entries.set(text, entry);
    return entry;
  }

  /** The references that are meant, in order. @throws SecretError */
  #expand(reference: string | readonly string[]): readonly string[] {
    if (this.#closing !== undefined) {
      throw new SecretError('closed', 'a secret', 'the secrets were closed; make new ones');
    }
    return this.#names.expand(reference);
  }

  #forgetIdle(): void {
    for (const [text, entry] of this.#entries) {
      if (!entry.isIdle) continue;
      entry.forget();
      this.#entries.delete(text);
    }
    this.#sources.clear();
    this.#lists = { next: new Map(), list: undefined };
  }

  async #check(texts: readonly string[]): Promise<SecretCheck> {
    for (const text of texts) {
      const reference = parseReference(text);
      try {
        const { version, validForMs } = await this.#upstream.lookUp(reference).found;
        const end = validForMs === Infinity ? undefined : validForMs;
        return { ok: true, reference: reference.text, version, validForMs: end };
      } catch (error) {
        if (texts.length === 1 || !(error instanceof SecretError) || error.code !== 'not_found') throw error;
      }
    }
    throw noneOf(texts.map((text) => parseReference(text).text));
  }
}

/** What is called from here is not to disturb what is done here, whether it throws or rejects. */
function withoutHarm(call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) void quietly(result);
  } catch {
    // Dropped, as the documentation of both callers says.
  }
}
