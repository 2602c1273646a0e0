import type { Secret } from '@sallyport/core';
import type { Clock } from './clock.ts';
import { aborted, Flight, orAborted, quietly } from './flight.ts';
import { ProviderWatch } from './provider-watch.ts';
import type { SecretReference } from './reference.ts';
import { SecretError } from './secret-error.ts';
import type { SecretEvent } from './secret-event.ts';
import type { Held, Miss, Outage, Outcomes } from './secret-state.ts';
import type { Found, Upstream } from './upstream.ts';

/** What all cached secrets share. */
export interface CacheContext {
  readonly upstream: Upstream;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
  /** Never throws. */
  readonly emit: (event: SecretEvent) => void;
}

/** What is known of a reference without asking. */
export type Known =
  | { readonly type: 'value'; readonly secret: Secret; readonly version: string | undefined }
  | { readonly type: 'missing' | 'failed' | 'unknown' };

/** Whoever has a value from before waits no longer than this for the next one. */
const PATIENCE_MS = 1_000;

/** One reference: its value for as long as it may be used, and at most one look-up at a time. */
export class CachedSecret {
  readonly reference: SecretReference;
  readonly #context: CacheContext;
  #held: Held | undefined;
  #miss: Miss | undefined;
  #outage: Outage | undefined;
  #flight: Flight | undefined;
  /** What every `get` is given until `#readyUntil`, without a thought. */
  #ready: Promise<Secret> | undefined;
  #readyUntil = -Infinity;
  readonly #watchers = new Set<() => void>();
  readonly #providerWatch: ProviderWatch;
  #endTimer: (() => void) | undefined;
  #closed = false;

  constructor(reference: SecretReference, context: CacheContext) {
    this.reference = reference;
    this.#context = context;
    this.#providerWatch = new ProviderWatch(context.upstream, reference, () => this.#changed());
  }

  get(now: number, signal?: AbortSignal): Promise<Secret> {
    if (signal?.aborted === true) return Promise.reject(aborted());
    return this.ready(now) ?? this.#think(now, signal);
  }

  /**
   * What a look-up finds that begins now or later; in an outage, the same as `get`. Whoever asks while a
   * look-up is under way waits for the next one: this one may have read what was there before.
   */
  fresh(now: number, signal?: AbortSignal): Promise<Secret> {
    if (signal?.aborted === true) return Promise.reject(aborted());
    if (this.#flight === undefined) return this.#anew(now, signal);
    const next = (): Promise<Secret> => this.#anew(this.#context.clock.now(), signal);
    return orAborted(this.#flight.done.then(next, next), signal);
  }

  /** What can be given at once. */
  ready(now: number): Promise<Secret> | undefined {
    return now < this.#readyUntil ? this.#ready : undefined;
  }

  /** Whether the provider's last answer was that there is no such secret. */
  get isMissing(): boolean {
    return this.#miss?.code === 'not_found';
  }

  /** Whether nobody watches it or waits for it. */
  get isIdle(): boolean {
    return this.#watchers.size === 0 && this.#flight === undefined;
  }

  known(): Known {
    const held = this.#usable(this.#context.clock.now());
    if (held !== undefined) return { type: 'value', secret: held.secret, version: held.version };
    if (this.isMissing) return { type: 'missing' };
    return { type: this.#miss === undefined && this.#outage === undefined ? 'unknown' : 'failed' };
  }

  /** Keeps the value fresh, and calls `watcher` after each look-up, until the function that is returned is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    this.#providerWatch.begin();
    const now = this.#context.clock.now();
    if (this.known().type === 'unknown' && this.#mayAsk(now)) this.#ask(now, true);
    this.#arm(now);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#providerWatch.end();
    };
  }

  /** Lets go of what is known; whoever still asks is answered anew. */
  forget(): void {
    this.#endTimer?.();
    this.#drop();
    this.#miss = undefined;
  }

  /** For good: whoever waits or asks is told `closed`. */
  close(): void {
    this.#closed = true;
    this.#watchers.clear();
    this.#providerWatch.end();
    this.forget();
  }

  #think(now: number, signal: AbortSignal | undefined): Promise<Secret> {
    if (this.#closed) return Promise.reject(this.#closedError());
    const held = this.#usable(now);
    if (held !== undefined) {
      if (now < held.freshUntil || this.#outage !== undefined || this.#flight?.slow === true) {
        if (this.#mayAsk(now)) this.#ask(now, true);
        return this.#give(held, now);
      }
      const flight = this.#flight ?? this.#ask(now, false);
      return flight.join(flight.soon, signal, () => this.#abandon(flight));
    }
    if (this.#miss !== undefined && now < this.#miss.freshUntil) {
      if (this.#mayAsk(now)) this.#ask(now, true);
      return this.#offer(this.#miss.given, this.#miss.freshUntil);
    }
    const { error, retryAt = now } = this.#outage ?? {};
    // A lease that ended while the provider was left alone.
    if (error !== undefined && this.#flight === undefined && now < retryAt) {
      return this.#offer(quietly(Promise.reject(error)), retryAt);
    }
    const flight = this.#flight ?? this.#ask(now, false);
    return flight.join(flight.done, signal, () => this.#abandon(flight));
  }

  /** Of many who waited for the look-up before, the first one begins the next, and the others join it. */
  #anew(now: number, signal: AbortSignal | undefined): Promise<Secret> {
    if (signal?.aborted === true) return Promise.reject(aborted());
    const flight = this.#flight ?? (this.#mayAsk(now) ? this.#ask(now, false) : undefined);
    if (flight === undefined) return this.#think(now, signal);
    return flight.join(flight.done, signal, () => this.#abandon(flight));
  }

  /** A value that may be used now: fresh, or stale in an outage. */
  #give(held: Held, now: number): Promise<Secret> {
    const fresh = now < held.freshUntil;
    if (!fresh && this.#outage?.served !== true) {
      this.#outage = { ...(this.#outage ?? this.#context.outcomes.lateness(now)), served: true };
      this.#context.emit({ type: 'stale_served', reference: this.reference.text });
    }
    const end = fresh ? held.freshUntil : held.usableUntil;
    // While a look-up is under way there is nothing to do but to wait for it.
    const next = this.#flight === undefined ? (this.#outage?.retryAt ?? held.refreshAt) : Infinity;
    return this.#offer(held.given, Math.min(end, next));
  }

  #offer(given: Promise<Secret>, until: number): Promise<Secret> {
    this.#ready = given;
    this.#readyUntil = until;
    return given;
  }

  #usable(now: number): Held | undefined {
    if (this.#held !== undefined && now >= this.#held.usableUntil) this.#drop();
    return this.#held;
  }

  #drop(): void {
    this.#held = undefined;
    this.#ready = undefined;
    this.#readyUntil = -Infinity;
  }

  #mayAsk(now: number): boolean {
    return this.#flight === undefined && !this.#closed && now >= (this.#outage?.retryAt ?? now);
  }

  #ask(now: number, background: boolean): Flight {
    const { upstream, clock } = this.#context;
    const flight = new Flight(upstream.lookUp(this.reference), now, background || this.#watchers.size > 0);
    this.#flight = flight;
    const end = this.#held === undefined ? undefined : clock.after(PATIENCE_MS, () => this.#hurry(flight));
    flight.lookUp.found.then(
      (found) => {
        end?.();
        this.#land(flight, () => this.#found(flight, found));
      },
      (error: SecretError) => {
        end?.();
        const durationMs = clock.now() - flight.startedAt;
        if (this.#flight === flight && !this.#closed) {
          this.#context.emit({
            type: 'failed',
            reference: this.reference.text,
            code: error.code,
            durationMs,
          });
        }
        this.#land(flight, () => this.#failed(flight, error));
      },
    );
    return flight;
  }

  /** Whoever still waits for a slow flight is given the value from before. */
  #hurry(flight: Flight): void {
    if (this.#flight !== flight) return;
    flight.slow = true;
    const now = this.#context.clock.now();
    const held = this.#usable(now);
    if (held !== undefined && flight.isHurried) flight.landSoon(this.#give(held, now));
  }

  #abandon(flight: Flight): void {
    if (this.#flight !== flight || this.#watchers.size > 0) return;
    this.#flight = undefined;
    flight.lookUp.cancel(aborted());
  }

  #land(flight: Flight, outcome: () => Secret | Promise<Secret>): void {
    if (this.#flight !== flight) {
      flight.land(quietly(Promise.reject(aborted())));
      return;
    }
    this.#flight = undefined;
    if (this.#closed) {
      flight.land(quietly(Promise.reject(this.#closedError())));
      return;
    }
    flight.land(outcome());
    const now = this.#context.clock.now();
    if (this.#watchers.size > 0) {
      this.#providerWatch.begin();
      if (flight.again && this.#mayAsk(now)) this.#ask(now, true);
    }
    this.#arm(now);
    for (const watcher of this.#watchers) watcher();
  }

  #found(flight: Flight, found: Found): Secret {
    const { clock, outcomes, emit } = this.#context;
    const now = clock.now();
    const [before, outage] = [this.#held, this.#outage];
    const held = outcomes.held(found, before, now);
    this.#held = held;
    this.#miss = undefined;
    this.#outage = undefined;
    void this.#give(held, now);
    const { version } = found;
    const reference = this.reference.text;
    emit({ type: 'resolved', reference, version, durationMs: now - flight.startedAt });
    if (outage !== undefined) emit({ type: 'recovered', reference, outageMs: now - outage.since });
    if (before !== undefined && before.secret !== held.secret) emit({ type: 'rotated', reference, version });
    return held.secret;
  }

  #failed(flight: Flight, error: SecretError): Promise<Secret> {
    const { clock, outcomes } = this.#context;
    const now = clock.now();
    const given = quietly(Promise.reject<Secret>(error));
    if (!error.isOutage) {
      this.#drop();
      this.#outage = undefined;
      this.#miss = outcomes.miss(error, given, this.#miss, now);
      return this.#offer(given, this.#miss.refreshAt);
    }
    this.#miss = undefined;
    this.#outage = outcomes.outage(error, this.#outage, now);
    const held = this.#usable(now);
    if (held === undefined) return this.#offer(given, this.#outage.retryAt);
    if (flight.isAwaited || now < held.freshUntil) return this.#give(held, now);
    // Nobody was given a stale value yet; that it happens is told when it does.
    this.#readyUntil = -Infinity;
    return held.given;
  }

  #changed(): void {
    const now = this.#context.clock.now();
    // A look-up that began before may have read what was there before.
    if (this.#flight !== undefined) this.#flight.again = true;
    else if (this.#mayAsk(now)) this.#ask(now, true);
  }

  /** One timer: for the next look-up of what is watched, and for letting go of a value whose time is over. */
  #arm(now: number): void {
    this.#endTimer?.();
    this.#endTimer = undefined;
    const at = Math.min(this.#held?.usableUntil ?? Infinity, this.#nextLook(now));
    if (at === Infinity || this.#closed) return;
    this.#endTimer = this.#context.clock.after(at - now, () => {
      const now = this.#context.clock.now();
      this.#usable(now);
      if (now >= this.#nextLook(now) && this.#mayAsk(now)) this.#ask(now, true);
      this.#arm(now);
    });
  }

  #nextLook(now: number): number {
    if (this.#watchers.size === 0 || this.#flight !== undefined) return Infinity;
    return this.#outage?.retryAt ?? this.#held?.refreshAt ?? this.#miss?.pollAt ?? now;
  }

  #closedError(): SecretError {
    return new SecretError('closed', this.reference.text, 'the secrets were closed');
  }
}
