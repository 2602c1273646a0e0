import { type HeldToken, TokenKeeper } from './token-keeper.ts';
import { until } from './until.ts';
import type { VaultApi, VaultAsk } from './vault-client.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSettings } from './vault-options.ts';

/** An answer, and the token that it was given to. */
export interface Answered {
  readonly answer: unknown;
  readonly held: HeldToken;
}

/**
 * After a login that changed nothing, a denial is believed for this long: no path may cause a login at every
 * look-up.
 */
const FRUITLESS_MS = 60_000;

/** Requests with a token that takes care of itself; shared by the providers of one Vault. */
export class VaultSession {
  readonly settings: VaultSettings;
  readonly tokens: TokenKeeper;
  readonly #api: VaultApi;
  #users = 0;
  #revival: Promise<HeldToken | undefined> | undefined;
  #fruitlessUntil = -Infinity;

  constructor(settings: VaultSettings, api: VaultApi) {
    this.settings = settings;
    this.#api = api;
    this.tokens = new TokenKeeper(api, settings);
  }

  /** Keeps the session; when nobody does any more, the token is given back. */
  use(): () => Promise<void> {
    this.#users += 1;
    let isUsed = true;
    return async () => {
      if (!isUsed) return;
      isUsed = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      await this.briefly((signal) => this.tokens.logOut(signal));
      if (this.#users === 0) this.#api.close();
    };
  }

  /** Does what may fail and must not last: the signal is aborted after `closeTimeoutMs`. Never rejects. */
  async briefly(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const endTimer = this.settings.clock.after(this.settings.closeTimeoutMs, () => controller.abort());
    try {
      await until(work(controller.signal), controller.signal);
    } catch {
      // Whatever could not be given back ends by itself.
    } finally {
      endTimer();
    }
  }

  /**
   * Asks, logged in. When Vault denies it and does not know the token any more, logs in and asks once more.
   * @throws VaultFailure
   */
  async request(ask: VaultAsk, signal: AbortSignal): Promise<Answered> {
    const held = this.tokens.held ?? (await until(this.tokens.logIn(), signal));
    try {
      return await this.#ask(ask, held, signal);
    } catch (thrown) {
      const denial = VaultFailure.from(thrown);
      if (denial.status !== 403) throw denial;
      const other = await this.#afterDenial(held, signal);
      if (other === undefined) throw denial;
      return await this.#askAgain(ask, other, signal);
    }
  }

  /** Gives something back, with this token and no other. @throws VaultFailure */
  async giveBack(ask: VaultAsk, held: HeldToken, signal: AbortSignal): Promise<void> {
    await this.#ask(ask, held, signal);
  }

  async #ask(ask: VaultAsk, held: HeldToken, signal: AbortSignal): Promise<Answered> {
    return { answer: await this.#api.ask({ ...ask, token: held.token }, signal), held };
  }

  async #askAgain(ask: VaultAsk, held: HeldToken, signal: AbortSignal): Promise<Answered> {
    try {
      return await this.#ask(ask, held, signal);
    } catch (thrown) {
      const failure = VaultFailure.from(thrown);
      if (failure.status === 403) this.#fruitlessUntil = this.settings.clock.now() + FRUITLESS_MS;
      throw failure;
    }
  }

  /** Another token to try; undefined when the denial stands. */
  async #afterDenial(denied: HeldToken, signal: AbortSignal): Promise<HeldToken | undefined> {
    const { held } = this.tokens;
    if (held !== undefined && held !== denied) return held;
    if (this.settings.clock.now() < this.#fruitlessUntil) return undefined;
    this.#revival ??= this.#revive(denied).finally(() => {
      this.#revival = undefined;
    });
    return until(this.#revival, signal);
  }

  /**
   * A token that still lives was denied by its policies: another login would give the same, and take the
   * leases of the living one with it.
   */
  async #revive(denied: HeldToken): Promise<HeldToken | undefined> {
    try {
      // For all who were denied meanwhile, so that none of them may end it.
      const { signal } = new AbortController();
      await this.#ask({ method: 'GET', path: ['auth', 'token', 'lookup-self'] }, denied, signal);
      return undefined;
    } catch (thrown) {
      const failure = VaultFailure.from(thrown);
      if (!failure.isFinal) throw failure;
      if (failure.status !== 403) return undefined;
    }
    const held = await this.tokens.logIn();
    if (held === denied) return undefined;
    denied.endsAt = Math.min(denied.endsAt, this.settings.clock.now());
    return held;
  }
}
