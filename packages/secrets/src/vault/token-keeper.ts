import type { Secret } from '@sallyport/core';
import { objectAt, isTrueAt, secondsAt } from './read-answer.ts';
import { isNearingItsEnd, renewAfterMs, retryAfterFailureMs } from './renewal.ts';
import type { VaultApi } from './vault-client.ts';
import { VaultFailure } from './vault-failure.ts';
import { type TokenGrant, VaultLogin } from './vault-login.ts';
import type { VaultSettings } from './vault-options.ts';

/** A token while it is used. What was issued with it ends with it. */
export interface HeldToken {
  readonly token: Secret;
  readonly isOurs: boolean;
  /** On the clock; Infinity without an end. */
  endsAt: number;
  ttlMs: number;
  askMs: number;
  renewable: boolean;
}

type Step = 'renew' | 'replace';

/**
 * Keeps one token alive: one login at a time, renewals at two thirds of the TTL, another token before the
 * last end.
 */
export class TokenKeeper {
  readonly #api: VaultApi;
  readonly #settings: VaultSettings;
  readonly #login: VaultLogin;
  readonly #listeners = new Set<(held: HeldToken) => void>();
  #held: HeldToken | undefined;
  /** Replaced, but still alive: leases that were issued with them are in use. */
  #former: readonly HeldToken[] = [];
  #flight: Promise<HeldToken> | undefined;
  #controller = new AbortController();
  #cancelTimer: () => void = () => undefined;

  constructor(api: VaultApi, settings: VaultSettings) {
    this.#api = api;
    this.#settings = settings;
    this.#login = new VaultLogin(api, settings);
  }

  /** The token, unless it has ended. */
  get held(): HeldToken | undefined {
    return this.#held !== undefined && this.#settings.clock.now() < this.#held.endsAt
      ? this.#held
      : undefined;
  }

  /** Calls `listener` with every other token from now on. Returns what ends that. */
  onReplaced(listener: (held: HeldToken) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Logs in, or reads the token again; once for all who ask meanwhile. */
  logIn(): Promise<HeldToken> {
    if (this.#flight !== undefined) return this.#flight;
    const flight = this.#perform(this.#controller).finally(() => {
      if (this.#flight === flight) this.#flight = undefined;
    });
    this.#flight = flight;
    return flight;
  }

  /** Gives back what was logged in for. Afterwards it can be used again, with another login. */
  async logOut(signal: AbortSignal): Promise<void> {
    this.#cancelTimer();
    const controller = this.#controller;
    this.#controller = new AbortController();
    const end = (): void => controller.abort();
    // Where nothing would be given back, nothing is waited for.
    if (signal.aborted || this.#settings.auth.method === 'token') end();
    signal.addEventListener('abort', end, { once: true });
    const tokens = [...this.#living(), ...(this.#held === undefined ? [] : [this.#held])];
    this.#held = undefined;
    this.#former = [];
    const arriving = this.#flight;
    this.#flight = undefined;
    // A login under way may have made a token by now; it is given back when it arrives.
    await Promise.allSettled([arriving, ...tokens.map((held) => this.#revoke(held, signal))]);
    signal.removeEventListener('abort', end);
    controller.abort();
  }

  async #perform(controller: AbortController): Promise<HeldToken> {
    const { clock } = this.#settings;
    const sentAt = clock.now();
    const grant = await this.#login.perform(controller.signal);
    if (controller !== this.#controller) {
      await this.#revoke(grant, controller.signal);
      throw new VaultFailure('closed', 'the provider is closed');
    }
    return this.#install(grant, sentAt);
  }

  #install(grant: TokenGrant, sentAt: number): HeldToken {
    const { auth, onEvent } = this.#settings;
    const endsAt = sentAt + grant.ttlMs;
    const before = this.#held;
    if (before !== undefined && before.token.equals(grant.token)) {
      Object.assign(before, { endsAt, ttlMs: grant.ttlMs, askMs: grant.askMs, renewable: grant.renewable });
      this.#scheduleAfter(before, grant.renewable ? 'renew' : 'replace');
      return before;
    }
    const held: HeldToken = { ...grant, endsAt };
    this.#former = [...this.#living(), ...(before === undefined ? [] : [before])];
    this.#held = held;
    onEvent({ type: 'login', method: auth.method, ttlSeconds: seconds(grant.ttlMs) });
    this.#scheduleAfter(held, grant.renewable ? 'renew' : 'replace');
    for (const listener of this.#listeners) listener(held);
    return held;
  }

  #living(): readonly HeldToken[] {
    const now = this.#settings.clock.now();
    return this.#former.filter(({ endsAt }) => endsAt > now);
  }

  #scheduleAfter(held: HeldToken, step: Step): void {
    this.#cancelTimer();
    if (held.ttlMs === Infinity) return;
    this.#schedule(held, step, renewAfterMs(held.ttlMs, this.#settings.random), 0);
  }

  #schedule(held: HeldToken, step: Step, ms: number, failures: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#settings.clock.after(ms, () => void this.#tend(held, step, failures));
  }

  /** Renews or replaces the token, and comes back until its end when that fails. Never rejects. */
  async #tend(held: HeldToken, step: Step, failures: number): Promise<void> {
    const { clock, random } = this.#settings;
    try {
      await (step === 'renew' ? this.#renew(held) : this.logIn());
    } catch (thrown) {
      if (this.#held !== held) return;
      const failure = VaultFailure.from(thrown);
      if (step === 'renew' && failure.isFinal) {
        await this.#tend(held, 'replace', failures);
        return;
      }
      const left = held.endsAt - clock.now();
      // From now on the next request logs in.
      if (left <= 0) return;
      const wait = retryAfterFailureMs(failures + 1, held.ttlMs, failure.retryAfterMs, random);
      if (wait < left) this.#schedule(held, step, wait, failures + 1);
      else this.#schedule(held, 'replace', left, failures + 1);
    }
  }

  async #renew(held: HeldToken): Promise<void> {
    const { clock, onEvent } = this.#settings;
    const sentAt = clock.now();
    const body = { increment: `${Math.ceil(held.askMs / 1000)}s` };
    const path = ['auth', 'token', 'renew-self'];
    const answer = await this.#api.ask(
      { method: 'POST', path, body, token: held.token },
      this.#controller.signal,
    );
    const ttlMs = secondsAt(answer, 'auth', 'lease_duration');
    const renewable = isTrueAt(objectAt(answer, 'auth'), 'renewable');
    if (this.#held !== held) return;
    Object.assign(held, { endsAt: sentAt + ttlMs, ttlMs, renewable });
    onEvent({ type: 'token_renewed', ttlSeconds: seconds(ttlMs) });
    const goesOn = renewable && !isNearingItsEnd(ttlMs, held.askMs);
    this.#scheduleAfter(held, goesOn ? 'renew' : 'replace');
  }

  async #revoke({ token, isOurs }: Pick<HeldToken, 'token' | 'isOurs'>, signal: AbortSignal): Promise<void> {
    if (!isOurs) return;
    const path = ['auth', 'token', 'revoke-self'];
    await this.#api.ask({ method: 'POST', path, token }, signal);
    this.#settings.onEvent({ type: 'revoked', what: 'token', path: undefined });
  }
}

function seconds(ms: number): number | undefined {
  return ms === Infinity ? undefined : ms / 1000;
}
