import type { LogEntry } from '@sallyport/core';
import type { LiveGuard } from '@sallyport/policy';
import type { Environment } from './inherited-env.ts';
import { type EnvEntries, referencesIn, serverEnv } from './server-env.ts';

export interface ServerSecretsOptions {
  readonly guard: Promise<LiveGuard>;
  readonly entries: EnvEntries;
  readonly onRotation: 'keep' | 'restart';
  /** Conceals what it is given. */
  readonly log: (entry: LogEntry) => void;
  /** Ours. */
  readonly env: Environment;
}

/** Secrets that belong together change together, but are not seen to in the same moment. */
const SETTLE_MS = 250;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/** The environment of one server: looked up at each start, and a reason to start again when a secret of it changes. */
export class ServerSecrets {
  readonly #options: ServerSecretsOptions;
  /** What the server was started with last. */
  #current: Environment | undefined;
  #failure: Error | undefined;
  #isSettling = false;
  #ended = false;

  constructor(options: ServerSecretsOptions) {
    this.#options = options;
  }

  /** Why the server could not be started the first time; undefined when it could. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** @throws Error that names every variable whose secret cannot be had */
  readonly lookUp = async (): Promise<Environment> => {
    const { guard, entries, env } = this.#options;
    const isFirst = this.#current === undefined;
    try {
      this.#current = await serverEnv(await guard, entries, env);
      return this.#current;
    } catch (error) {
      if (isFirst) this.#failure ??= error as Error;
      else this.#complain(error);
      throw error;
    }
  };

  /** Watches every secret of the server, until `end`. @param again starts the server again; resolves with whether it did */
  async watch(again: () => Promise<boolean>): Promise<void> {
    const guard = await this.#options.guard;
    for (const reference of referencesIn(this.#options.entries)) {
      guard.secrets.watch(reference, () => this.#rotated(guard, again));
    }
  }

  end(): void {
    this.#ended = true;
  }

  #rotated(guard: LiveGuard, again: () => Promise<boolean>): void {
    if (this.#options.onRotation === 'keep') {
      const message = 'a secret of the server has changed; restart it, or write "onRotation: restart"';
      this.#options.log({ level: 'warn', event: 'secret_changed', message });
      return;
    }
    if (this.#isSettling) return;
    this.#isSettling = true;
    void this.#settle(guard, again);
  }

  /** Looks everything up anew, so that the new server gets no value that is older than another, and starts it. */
  async #settle(guard: LiveGuard, again: () => Promise<boolean>): Promise<void> {
    const { entries, env } = this.#options;
    let wait = FIRST_RETRY_MS;
    await sleep(SETTLE_MS);
    // What changes from here on is a reason of its own.
    this.#isSettling = false;
    while (!this.#ended) {
      try {
        const next = await serverEnv(guard, entries, env, { fresh: true });
        if (isSame(next, this.#current) || (await again())) return;
      } catch (error) {
        if (wait === FIRST_RETRY_MS) this.#complain(error);
      }
      await sleep(wait);
      wait = Math.min(2 * wait, LONGEST_RETRY_MS);
    }
  }

  #complain(error: unknown): void {
    this.#options.log({ level: 'error', event: 'environment_failed', message: (error as Error).message });
  }
}

function isSame(a: Environment, b: Environment | undefined): boolean {
  const names = Object.keys(a);
  return (
    b !== undefined && names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
  );
}

/** Keeps no process alive. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
