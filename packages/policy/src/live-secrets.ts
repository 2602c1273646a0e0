import type { EventRecord } from '@sallyport/audit';
import type { RevealedSecrets, Secret } from '@sallyport/core';
import type { GetOptions, SecretCheck, SecretEvent, SecretRotation, Secrets } from '@sallyport/secrets';
import type { SecretRef } from './policy-file.ts';
import type { SecretsPlan } from './policy.ts';

export interface LiveSecretsOptions {
  readonly revealed: RevealedSecrets;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: SecretEvent) => void;
  /** What a login did: `vault_login`, ...; never a value. */
  readonly onLogin: (event: VaultRecord, detail: Readonly<Record<string, string | number>>) => void;
  readonly log: (line: string) => void;
}

type VaultRecord = Extract<EventRecord['event'], `vault_${string}`>;

interface Watch {
  readonly reference: SecretRef;
  readonly listener: (rotation: SecretRotation) => void;
  stop: () => void;
}

/**
 * The secrets of a guard, as its policy says where they are. Nothing is loaded before the first of them is asked for. A
 * policy that says otherwise is followed without those who watch having to know.
 */
export class LiveSecrets {
  readonly #options: LiveSecretsOptions;
  readonly #watches = new Set<Watch>();
  /** Those of the policy before: a lease that they gave out may still be in use. */
  #earlier: Promise<Secrets> | undefined;
  #plan: SecretsPlan;
  #opening: Promise<Secrets> | undefined;
  #current: Secrets | undefined;
  #closed = false;

  constructor(plan: SecretsPlan, options: LiveSecretsOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /**
   * The value behind a reference, a name of the policy, or the first in a list that has one.
   *
   * @throws SecretError that names the reference, and never the value
   */
  get(reference: SecretRef, options?: GetOptions): Promise<Secret> {
    if (this.#current !== undefined) return this.#current.get(reference, options);
    return this.#open().then((secrets) => secrets.get(reference, options));
  }

  /** Looks a reference up, past what is remembered, and says how that went; never the value. */
  async check(reference: SecretRef): Promise<SecretCheck> {
    return (await this.#open()).check(reference);
  }

  /**
   * Calls `listener` whenever the value behind a reference is another one. Returns what ends that. A reference that cannot be
   * watched is told to the log: providers are loaded after this has returned.
   */
  watch(reference: SecretRef, listener: (rotation: SecretRotation) => void): () => void {
    const watch: Watch = { reference, listener, stop: () => undefined };
    this.#watches.add(watch);
    this.#open()
      .then((secrets) => this.#attach(watch, secrets))
      .catch((error: Error) => this.#options.log(`not watched: ${error.message}`));
    return () => {
      this.#watches.delete(watch);
      watch.stop();
    };
  }

  /** From now on secrets are where this plan says. */
  follow(plan: SecretsPlan): void {
    if (fingerprint(plan) === fingerprint(this.#plan)) {
      this.#plan = plan;
      return;
    }
    const before = this.#opening;
    this.#plan = plan;
    this.#opening = undefined;
    this.#current = undefined;
    if (before === undefined) return;
    void this.#earlier?.then((secrets) => secrets.close());
    this.#earlier = before;
    for (const watch of this.#watches) void this.#moveOver(watch, before);
  }

  /** Gives back leases and tokens. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { stop } of this.#watches) stop();
    this.#watches.clear();
    await Promise.allSettled([this.#earlier, this.#opening].map(async (secrets) => (await secrets)?.close()));
  }

  #open(): Promise<Secrets> {
    this.#opening ??= this.#build(this.#plan);
    return this.#opening;
  }

  async #build(plan: SecretsPlan): Promise<Secrets> {
    const { openSecrets } = await import('./open-secrets.ts');
    const secrets = openSecrets(plan, this.#options);
    if (this.#closed) await secrets.close();
    if (this.#plan === plan) this.#current = secrets;
    return secrets;
  }

  #attach(watch: Watch, secrets: Secrets): void {
    if (this.#closed || !this.#watches.has(watch)) return;
    watch.stop();
    watch.stop = secrets.watch(watch.reference, watch.listener);
  }

  /** The new place may hold another value than the old one did, and may take a while to say so. */
  async #moveOver(watch: Watch, before: Promise<Secrets>): Promise<void> {
    const { reference } = watch;
    const opening = this.#open();
    try {
      const known = await (await before).get(reference).catch(() => undefined);
      const now = await opening;
      this.#attach(watch, now);
      let wait = FIRST_RETRY_MS;
      while (this.#watches.has(watch) && this.#opening === opening) {
        const secret = await now.get(reference).catch(() => undefined);
        if (secret === undefined) {
          await sleep(wait);
          wait = Math.min(2 * wait, LONGEST_RETRY_MS);
          continue;
        }
        const shown = typeof reference === 'string' ? reference : reference.join(', ');
        if (known?.equals(secret) !== true) watch.listener({ reference: shown, version: undefined, secret });
        return;
      }
    } catch (error) {
      this.#options.log(`not watched: ${(error as Error).message}`);
    }
  }
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** Keeps no process alive. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** What of a plan decides where secrets are; not where its references stand. */
function fingerprint({
  providers,
  names,
  freshSeconds,
  staleSeconds,
  timeoutSeconds,
  directory,
}: SecretsPlan): string {
  return JSON.stringify([[...providers], names, freshSeconds, staleSeconds, timeoutSeconds, directory]);
}
