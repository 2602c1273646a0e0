import { isTrueAt, type JsonMembers, objectAt, secondsAt } from './read-answer.ts';
import { isNearingItsEnd, renewAfterMs, retryAfterFailureMs } from './renewal.ts';
import type { HeldToken } from './token-keeper.ts';
import { until } from './until.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSession } from './vault-session.ts';

/** Credentials that belong together, and how long they hold. */
export interface Lease {
  /** Empty where Vault rotates the credentials itself, and leases none. */
  readonly id: string;
  readonly fields: JsonMembers;
  /** The lease ends with the token that it was issued to. */
  readonly held: HeldToken;
  readonly askMs: number;
  endsAt: number;
  ttlMs: number;
  renewable: boolean;
}

type Step = 'renew' | 'replace';

/** What is to be read again at once is read again after this, so that it is no loop. */
const SHORTEST_MS = 1_000;

/** The lease of one path: every reference to the path has the same one, until it ends or is replaced. */
export class LeaseSlot {
  readonly #session: VaultSession;
  readonly #path: readonly string[];
  readonly #name: string;
  readonly #watchers = new Set<() => void>();
  #lease: Lease | undefined;
  /** Replaced, but still alive: whoever was given them has until their end. */
  #former: readonly Lease[] = [];
  #flight: Promise<Lease> | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(session: VaultSession, path: readonly string[]) {
    this.#session = session;
    this.#path = path;
    this.#name = path.join('/');
  }

  /** @throws VaultFailure */
  async read(signal: AbortSignal): Promise<Lease> {
    const lease = this.#lease;
    if (lease !== undefined && this.restOf(lease) > 0) return lease;
    return until(this.#issue(), signal);
  }

  /** How long the lease still holds, in milliseconds. */
  restOf(lease: Lease): number {
    return Math.min(lease.endsAt, lease.held.endsAt) - this.#session.settings.clock.now();
  }

  watch(changed: () => void): () => void {
    // A function of its own, so that one who watches twice is told twice.
    const watcher = (): void => changed();
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** The token was replaced: whatever the last one was given ends with it. */
  tokenReplaced(held: HeldToken): void {
    if (this.#lease !== undefined && this.#lease.held !== held && this.#flight === undefined) {
      this.#schedule(this.#lease, 'replace', 0, 0);
    }
  }

  /** Gives the leases back. Never rejects. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#watchers.clear();
    await this.#flight?.catch(() => undefined);
    const leases = [...this.#living(), ...(this.#lease === undefined ? [] : [this.#lease])];
    this.#lease = undefined;
    this.#former = [];
    await Promise.allSettled(leases.map((lease) => this.#revoke(lease, signal)));
  }

  #issue(): Promise<Lease> {
    return (this.#flight ??= this.#perform().finally(() => {
      this.#flight = undefined;
    }));
  }

  async #perform(): Promise<Lease> {
    const { clock, onEvent } = this.#session.settings;
    const sentAt = clock.now();
    // For all who wait, so that none of them may end it; the time of a request ends it.
    const { answer, held } = await this.#session.request(
      { method: 'GET', path: this.#path },
      new AbortController().signal,
    );
    const lease = leaseOf(answer, held, sentAt);
    const before = this.#lease;
    if (lease.id === '') {
      this.#forget();
      return lease;
    }
    if (before !== undefined && this.restOf(before) > 0) this.#former = [...this.#living(), before];
    this.#lease = lease;
    onEvent({ type: 'lease_issued', path: this.#name, ttlSeconds: lease.ttlMs / 1000 });
    if (this.#isClosed) return lease;
    this.#scheduleAfter(lease, lease.renewable ? 'renew' : 'replace');
    // The token may have been replaced while the request was under way.
    const { held: newest } = this.#session.tokens;
    if (newest !== undefined && newest !== held) this.#schedule(lease, 'replace', 0, 0);
    if (before !== undefined) this.#tell();
    return lease;
  }

  #scheduleAfter(lease: Lease, step: Step): void {
    this.#schedule(lease, step, renewAfterMs(lease.ttlMs, this.#session.settings.random), 0);
  }

  #schedule(lease: Lease, step: Step, ms: number, failures: number): void {
    this.#cancelTimer();
    if (this.#isClosed) return;
    this.#cancelTimer = this.#session.settings.clock.after(ms, () => void this.#tend(lease, step, failures));
  }

  /** Renews or replaces the lease, and comes back until its end when that fails. Never rejects. */
  async #tend(lease: Lease, step: Step, failures: number): Promise<void> {
    const { random } = this.#session.settings;
    try {
      await (step === 'renew' ? this.#renew(lease) : this.#issue());
    } catch (thrown) {
      if (this.#lease !== lease || this.#isClosed) return;
      const failure = VaultFailure.from(thrown);
      if (step === 'renew' && failure.isFinal) {
        if (failure.hint === 'lease_gone') lease.endsAt = 0;
        await this.#tend(lease, 'replace', failures);
        return;
      }
      const left = this.restOf(lease);
      if (left <= 0) {
        this.#lose();
        return;
      }
      const wait = retryAfterFailureMs(failures + 1, lease.ttlMs, failure.retryAfterMs, random);
      this.#schedule(lease, wait < left ? step : 'replace', Math.min(wait, left), failures + 1);
    }
  }

  async #renew(lease: Lease): Promise<void> {
    const { clock, onEvent } = this.#session.settings;
    const sentAt = clock.now();
    const body = { lease_id: lease.id, increment: Math.ceil(lease.askMs / 1000) };
    const path = ['sys', 'leases', 'renew'];
    const { answer } = await this.#session.request(
      { method: 'PUT', path, body },
      new AbortController().signal,
    );
    const ttlMs = secondsAt(answer, 'lease_duration');
    if (this.#lease !== lease) return;
    if (ttlMs === 0) throw overAlready();
    Object.assign(lease, { endsAt: sentAt + ttlMs, ttlMs, renewable: isTrueAt(answer, 'renewable') });
    onEvent({ type: 'lease_renewed', path: this.#name, ttlSeconds: ttlMs / 1000 });
    const goesOn = lease.renewable && !isNearingItsEnd(ttlMs, lease.askMs);
    this.#scheduleAfter(lease, goesOn ? 'renew' : 'replace');
  }

  /** The next who reads has others issued. */
  #lose(): void {
    this.#forget();
    this.#session.settings.onEvent({ type: 'lease_lost', path: this.#name });
    this.#tell();
  }

  #forget(): void {
    this.#cancelTimer();
    this.#lease = undefined;
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #living(): readonly Lease[] {
    return this.#former.filter((lease) => this.restOf(lease) > 0);
  }

  async #revoke(lease: Lease, signal: AbortSignal): Promise<void> {
    const ask = { method: 'PUT', path: ['sys', 'leases', 'revoke'], body: { lease_id: lease.id } } as const;
    await this.#session.giveBack(ask, lease.held, signal);
    this.#session.settings.onEvent({ type: 'revoked', what: 'lease', path: this.#name });
  }
}

function leaseOf(answer: unknown, held: HeldToken, sentAt: number): Lease {
  const fields = objectAt(answer, 'data');
  const { lease_id: id } = objectAt(answer);
  if (typeof id === 'string' && id !== '') {
    const ttlMs = secondsAt(answer, 'lease_duration');
    const renewable = isTrueAt(answer, 'renewable');
    if (ttlMs === 0) throw overAlready();
    return { id, fields, held, askMs: ttlMs, endsAt: sentAt + ttlMs, ttlMs, renewable };
  }
  // database/static-creds: `ttl` is the time until Vault changes the password, and 0 while it is about to.
  const { ttl } = fields;
  const ttlMs = typeof ttl === 'number' ? Math.max(ttl * 1000, SHORTEST_MS) : Infinity;
  return { id: '', fields, held, askMs: ttlMs, endsAt: sentAt + ttlMs, ttlMs, renewable: false };
}

function overAlready(): VaultFailure {
  return new VaultFailure('invalid_value', 'Vault gives a lease that is over already; give the role a TTL', {
    hint: 'lease_gone',
  });
}
