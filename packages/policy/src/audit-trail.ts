import { setTimeout as sleep } from 'node:timers/promises';
import {
  createFormatter,
  type EventRecord,
  type FailurePolicy,
  type Journal,
  Shipper,
  type ShipperEvent,
  type Sink,
} from '@sallyport/audit';
import type { LogEntry, Secret } from '@sallyport/core';
import { formatOf, type JournalPlan } from './audit-plan.ts';
import type { SinkEntry } from './audit-section.ts';
import { openFirstFree } from './journal-place.ts';
import { LateReceiver } from './late-receiver.ts';
import { openSigner } from './open-signer.ts';
import { openReceiver, secretsOf } from './open-receiver.ts';
import type { SecretRef } from './policy-file.ts';
import { Tally } from './tally.ts';
import { type Told, toldOfJournal, toldOfSink, toldOfUnmatched } from './trail-events.ts';
import { versionOfThis } from './version-of-this.ts';

const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;
/** How long the end waits for receivers. */
const DRAIN_MS = 2000;
const DRAIN_LOOK_MS = 20;

export interface AuditTrailParts {
  readonly server: string;
  /** Looks a reference up. */
  readonly secret: (reference: SecretRef) => Promise<Secret>;
  /** Calls back whenever the value behind a reference is another one; returns what ends that. */
  readonly watch: (reference: SecretRef, listener: () => void) => () => void;
  /** Records what happened to the trail itself. */
  readonly record: (event: EventRecord['event'], detail: NonNullable<EventRecord['detail']>) => void;
  readonly log: (entry: LogEntry) => void;
  /** What records of the trail say about where they come from. */
  readonly about: () => { readonly server: string; readonly policy: string };
}

interface Shipping {
  readonly written: string;
  readonly shipper: Shipper;
  readonly unwatch: readonly (() => void)[];
}

/** The journal of one process, and what ships it. It lives as long as its guard: a new policy changes its sinks alone. */
export class AuditTrail {
  /** The journal's folder. */
  readonly place: string;
  readonly #journal: Journal;
  readonly #parts: AuditTrailParts;
  readonly #shipping = new Map<string, Shipping>();
  readonly #tally = new Tally();

  private constructor(journal: Journal, place: string, parts: AuditTrailParts) {
    this.#journal = journal;
    this.place = place;
    this.#parts = parts;
  }

  /** @throws JournalError, SecretError or an error of the system: nothing should start that cannot be recorded */
  static async open(plan: JournalPlan, parts: AuditTrailParts): Promise<AuditTrail> {
    const signer = await openSigner(plan, {
      secret: parts.secret,
      log: (message) => parts.log({ level: 'warn', event: 'development_key', message }),
    });
    const { folder, formerKeys = [], keepDays, keepMegabytes } = plan;
    const { journal, place } = await openFirstFree(folder, parts.server, {
      signer,
      formerKeys,
      ...(keepDays !== undefined && { keepMs: keepDays * DAY_MS }),
      ...(keepMegabytes !== undefined && { keepBytes: keepMegabytes * MEGABYTE }),
      onFailure: failurePolicy(plan),
      onEvent: (event) => tell(toldOfJournal(event), parts),
    });
    for (const told of toldOfUnmatched(journal)) tell(told, parts);
    return new AuditTrail(journal, place, parts);
  }

  get sink(): Sink {
    return this.#journal;
  }

  /** From now on these sinks get what is in the journal. One that is still the same goes on undisturbed. Never rejects. */
  async follow(sinks: ReadonlyMap<string, SinkEntry>): Promise<void> {
    for (const [name, { written }] of this.#shipping) {
      const entry = sinks.get(name);
      if (entry === undefined || JSON.stringify(entry) !== written) await this.#end(name);
    }
    for (const [name, entry] of sinks) {
      if (this.#shipping.has(name)) continue;
      try {
        this.#shipping.set(name, await this.#begin(name, entry));
      } catch (error) {
        this.#onShipping(name, { type: 'disk_failed', what: 'cursor', code: codeOf(error) });
      }
    }
  }

  /** Ships what can be shipped at once, makes everything durable and signs it. */
  async close(): Promise<void> {
    try {
      await this.#journal.close();
      await Promise.all([...this.#shipping.values()].map(({ shipper }) => drained(shipper)));
    } finally {
      await Promise.allSettled([...this.#shipping.keys()].map((name) => this.#end(name)));
    }
  }

  async #begin(name: string, entry: SinkEntry): Promise<Shipping> {
    const { secret, watch } = this.#parts;
    const receiver = new LateReceiver(() => openReceiver(entry, secret));
    const { only, batchRecords, spoolMegabytes, spoolDays } = entry;
    const shipper = await Shipper.open({
      name,
      folder: this.place,
      receiver,
      formatter: createFormatter(formatOf(entry), { productVersion: versionOfThis() }),
      ...(only !== undefined && { filter: only }),
      ...(batchRecords !== undefined && { batchRecords }),
      ...(spoolMegabytes !== undefined && { spoolBytes: spoolMegabytes * MEGABYTE }),
      ...(spoolDays !== undefined && { spoolMs: spoolDays * DAY_MS }),
      about: this.#parts.about,
      onEvent: (event) => this.#onShipping(name, event),
    });
    receiver.prepare();
    const unwatch = secretsOf(entry).map((reference) => watch(reference, () => receiver.renew()));
    return { written: JSON.stringify(entry), shipper, unwatch };
  }

  async #end(name: string): Promise<void> {
    const shipping = this.#shipping.get(name);
    this.#shipping.delete(name);
    for (const unwatch of shipping?.unwatch ?? []) unwatch();
    await shipping?.shipper.stop();
  }

  #onShipping(name: string, event: ShipperEvent): void {
    const told = toldOfSink(name, event);
    if (told === undefined) return;
    // What is told is recorded, and so shipped: a receiver that rejects every record must not make more of them for ever.
    const count = told.often ? this.#tally.count(`${name} ${told.event}`) : 1;
    if (count === undefined) return;
    tell(told.often ? { ...told, detail: { ...told.detail, count } } : told, this.#parts);
  }
}

/** Waits for what a receiver takes at once; what it does not is shipped by the next process. */
async function drained(shipper: Shipper): Promise<void> {
  shipper.wake();
  for (let waited = 0; waited < DRAIN_MS; waited += DRAIN_LOOK_MS) {
    const { lagRecords, breaker, lastError } = await shipper.status();
    if (lagRecords === 0 || breaker !== 'closed' || lastError !== undefined) return;
    await sleep(DRAIN_LOOK_MS);
  }
}

function tell(told: Told | undefined, { record, log }: Pick<AuditTrailParts, 'record' | 'log'>): void {
  if (told === undefined) return;
  const { event, detail, level, message } = told;
  if (level !== undefined) log({ level, event, message, detail });
  if (told.isUnrecorded !== true) record(event, detail);
}

function failurePolicy({ onFailure, blockSeconds }: JournalPlan): FailurePolicy {
  switch (onFailure) {
    case 'deny':
      return 'deny';
    case 'block':
      return { blockMs: blockSeconds * 1000 };
    case 'drop':
      return 'dangerouslyDrop';
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
