import { setTimeout as sleep } from 'node:timers/promises';
import { createFormatter, type Journal, Shipper, type ShipperEvent, type Sink } from '@sallyport/audit';
import { formatOf } from './audit-plan.ts';
import type { SinkEntry } from './audit-section.ts';
import type { AuditTrailParts } from './audit-trail.ts';
import { LateReceiver } from './late-receiver.ts';
import { openReceiver, secretsOf } from './open-receiver.ts';
import { Tally } from './tally.ts';
import { tell } from './tell.ts';
import { toldOfSink } from './trail-events.ts';
import { versionOfThis } from './version-of-this.ts';

const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;
/** How long the end waits for receivers that take records. */
const DRAIN_MS = 2000;
const DRAIN_LOOK_MS = 20;

interface Shipping {
  readonly written: string;
  readonly shipper: Shipper;
  readonly unwatch: readonly (() => void)[];
}

/** A journal that is open, and what ships it. */
export class ShippedJournal {
  readonly #journal: Journal;
  readonly #place: string;
  readonly #parts: AuditTrailParts;
  readonly #shipping = new Map<string, Shipping>();
  /** What is done for each sink, one after the other: of one name there is one shipper. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Looked up at the moment. */
  readonly #credentials = new Set<Promise<void>>();
  readonly #tally = new Tally();

  constructor(journal: Journal, place: string, parts: AuditTrailParts) {
    this.#journal = journal;
    this.#place = place;
    this.#parts = parts;
  }

  get sink(): Sink {
    return this.#journal;
  }

  /** From now on these sinks get what is in the journal. One that is still the same goes on undisturbed. Nobody waits. */
  follow(sinks: ReadonlyMap<string, SinkEntry>): void {
    for (const name of new Set([...this.#shipping.keys(), ...this.#turns.keys(), ...sinks.keys()])) {
      const before = this.#turns.get(name) ?? Promise.resolve();
      this.#turns.set(
        name,
        before.then(() => this.#set(name, sinks.get(name))),
      );
    }
  }

  /** Resolves when what was followed last is under way, and has its credentials or none. */
  async settle(): Promise<void> {
    await Promise.all(this.#turns.values());
    await Promise.all(this.#credentials);
  }

  /** Whether every sink has all that is signed; waits for one that is still taking records. */
  async isDrained(): Promise<boolean> {
    await this.settle();
    const drained = await Promise.all([...this.#shipping.values()].map(({ shipper }) => drain(shipper)));
    return drained.every(Boolean);
  }

  /** Ships what can be shipped at once, makes everything durable and signs it. */
  async close(): Promise<void> {
    try {
      await this.#journal.close();
      await this.isDrained();
    } finally {
      await Promise.all(this.#turns.values());
      await Promise.allSettled([...this.#shipping.keys()].map((name) => this.#end(name)));
    }
  }

  /** Never rejects. */
  async #set(name: string, entry: SinkEntry | undefined): Promise<void> {
    if (entry !== undefined && this.#shipping.get(name)?.written === JSON.stringify(entry)) return;
    try {
      await this.#end(name);
      if (entry !== undefined) this.#shipping.set(name, await this.#begin(name, entry));
    } catch (error) {
      this.#onShipping(name, { type: 'disk_failed', what: 'cursor', code: codeOf(error) });
    }
  }

  async #begin(name: string, entry: SinkEntry): Promise<Shipping> {
    const { secret, watch, about } = this.#parts;
    const receiver = new LateReceiver(() =>
      openReceiver(entry, secret).catch((error: unknown) => {
        this.#whyNot(name, error as Error);
        throw error;
      }),
    );
    const { only, batchRecords, spoolMegabytes, spoolDays } = entry;
    const shipper = await Shipper.open({
      name,
      folder: this.#place,
      receiver,
      formatter: createFormatter(formatOf(entry), { productVersion: versionOfThis() }),
      ...(only !== undefined && { filter: only }),
      ...(batchRecords !== undefined && { batchRecords }),
      ...(spoolMegabytes !== undefined && { spoolBytes: spoolMegabytes * MEGABYTE }),
      ...(spoolDays !== undefined && { spoolMs: spoolDays * DAY_MS }),
      about,
      onEvent: (event) => this.#onShipping(name, event),
    });
    // Whoever asks whether this turn is over asks for the credentials, too.
    const ready = receiver.prepare();
    this.#credentials.add(ready);
    void ready.finally(() => this.#credentials.delete(ready));
    const unwatch = secretsOf(entry).map((reference) => watch(reference, () => receiver.renew()));
    return { written: JSON.stringify(entry), shipper, unwatch };
  }

  async #end(name: string): Promise<void> {
    const shipping = this.#shipping.get(name);
    this.#shipping.delete(name);
    for (const unwatch of shipping?.unwatch ?? []) unwatch();
    await shipping?.shipper.stop();
  }

  /** An admin has to change something: told with the words of what failed, which hold no secret. */
  #whyNot(name: string, { message }: Error): void {
    if (this.#tally.count(`${name} ${message}`) === undefined) return;
    this.#parts.log({ level: 'error', event: 'sink_unusable', message: `audit sink ${name}: ${message}` });
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

/** Waits for what a receiver takes at once. @returns whether it has everything */
async function drain(shipper: Shipper): Promise<boolean> {
  shipper.wake();
  for (let waited = 0; waited < DRAIN_MS; waited += DRAIN_LOOK_MS) {
    const { lagRecords, breaker, lastError } = await shipper.status();
    if (lagRecords === 0) return true;
    if (breaker !== 'closed' || lastError !== undefined) return false;
    await sleep(DRAIN_LOOK_MS);
  }
  return false;
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
