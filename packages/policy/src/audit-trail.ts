import {
  type EventRecord,
  type FailurePolicy,
  Journal,
  JournalError,
  type JournalOptions,
  journalStanding,
  openNote,
  parseVerifierKey,
  Recorder,
  type Sink,
} from '@sallyport/audit';
import type { LogEntry, Secret } from '@sallyport/core';
import type { JournalPlan } from './audit-plan.ts';
import type { SinkEntry } from './audit-section.ts';
import { journalsIn, openFirstFree, type Place } from './journal-place.ts';
import { openSigner } from './open-signer.ts';
import type { SecretRef } from './policy-file.ts';
import { ShippedJournal } from './shipped-journal.ts';
import { Tally } from './tally.ts';
import { tell } from './tell.ts';
import { toldOfJournal, toldOfStart } from './trail-events.ts';

const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;
/** How often it is looked for journals that no process writes any more. */
const LOOK_MS = 30_000;
/** So many others are witnessed at a start; more stand in other journals. */
const MAX_SEEN = 256;

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

/**
 * The journal of one process, and those beside it that nobody writes any more: a process that is gone leaves calls that
 * were cut off and records that no sink has, and the next one in the same folder sees to both. It lives as long as its
 * guard: a new policy changes its sinks alone.
 */
export class AuditTrail {
  readonly #plan: JournalPlan;
  readonly #parts: AuditTrailParts;
  readonly #options: JournalOptions;
  readonly #own: ShippedJournal;
  readonly #place: string;
  readonly #adopted = new Map<string, ShippedJournal>();
  #sinks: ReadonlyMap<string, SinkEntry> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #closing = false;
  readonly #tally = new Tally();

  private constructor(
    { journal, place }: { readonly journal: Journal; readonly place: string },
    plan: JournalPlan,
    { parts, options }: { readonly parts: AuditTrailParts; readonly options: JournalOptions },
  ) {
    this.#plan = plan;
    this.#parts = parts;
    this.#options = options;
    this.#place = place;
    this.#own = new ShippedJournal(journal, place, parts);
  }

  /** @throws JournalError, SecretError or an error of the system: nothing should start that cannot be recorded */
  static async open(plan: JournalPlan, parts: AuditTrailParts): Promise<AuditTrail> {
    const options = await journalOptions(plan, parts);
    const own = await openFirstFree(plan.folder, parts.server, options);
    for (const told of toldOfStart(own.journal)) tell(told, parts);
    const trail = new AuditTrail(own, plan, { parts, options });
    // A folder beside it that cannot be read is told, and is no reason not to record.
    await trail.#witness().catch((error: unknown) => trail.#notSeenTo('', error));
    return trail;
  }

  /** What the policy said of the journal when it was opened. */
  get plan(): JournalPlan {
    return this.#plan;
  }

  get sink(): Sink {
    return this.#own.sink;
  }

  /** From now on these sinks get what is in the journals. Nobody waits for that. */
  follow(sinks: ReadonlyMap<string, SinkEntry>): void {
    this.#sinks = sinks;
    for (const journal of [this.#own, ...this.#adopted.values()]) journal.follow(sinks);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    this.#look();
  }

  /** Resolves when no sink waits for credentials any more: after that they can be locked away. */
  async settle(): Promise<void> {
    await Promise.all([this.#own, ...this.#adopted.values()].map((journal) => journal.settle()));
  }

  /** Ships what can be shipped at once, makes everything durable and signs it. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    await this.#looking;
    const adopted = [...this.#adopted.values()];
    this.#adopted.clear();
    const [own] = await Promise.allSettled([this.#own, ...adopted].map((journal) => journal.close()));
    if (own?.status === 'rejected') throw own.reason;
  }

  /** Records how the other journals stand, so that it shows when one of them is gone or cut off. */
  async #witness(): Promise<void> {
    let seen = 0;
    for (const { name, folder } of await this.#others()) {
      const standing = await journalStanding(folder, []).catch(() => undefined);
      const checkpoint = standing?.checkpoint;
      if (checkpoint === undefined || !this.#isOurs(checkpoint.note) || (seen += 1) > MAX_SEEN) continue;
      const { origin, size, root } = checkpoint;
      this.#parts.record('journal_seen', { journal: name, origin, size, root });
    }
  }

  /** What somebody else wrote is no testimony: it would accuse a journal for ever. */
  #isOurs(note: string): boolean {
    const keys = [this.#options.signer.verifierKey, ...(this.#options.formerKeys ?? [])];
    return openNote(note, keys.map(parseVerifierKey)).status === 'ok';
  }

  #look(): void {
    this.#looking ??= this.#adopt()
      .catch((error: unknown) => this.#notSeenTo('', error))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** Told at the 1st, 2nd, 4th, ... time: it is tried again and again. */
  #notSeenTo(name: string, error: unknown): void {
    const { message: why } = error as Error;
    if (this.#tally.count(`${name} ${why}`) === undefined) return;
    const which = name === '' ? 'journals of earlier processes were' : `the journal ${name} was`;
    const message = `${which} not seen to: ${why}`;
    this.#parts.log({ level: 'warn', event: 'journal_not_adopted', message });
  }

  async #adopt(): Promise<void> {
    for (const [folder, journal] of this.#adopted) {
      if (this.#closing) return;
      if (!(await journal.isDrained())) continue;
      this.#adopted.delete(folder);
      await journal.close();
    }
    for (const { name, folder } of await this.#others()) {
      if (this.#closing) return;
      if (this.#adopted.has(folder)) continue;
      try {
        const { isLocked, behind } = await journalStanding(folder, this.#sinks.keys());
        if (isLocked || behind.length > 0) await this.#adoptOne(folder);
      } catch (error) {
        // One that is damaged keeps none of the others waiting.
        this.#notSeenTo(name, error);
      }
    }
  }

  async #adoptOne(folder: string): Promise<void> {
    let journal: Journal;
    try {
      journal = await Journal.open(folder, this.#options);
    } catch (error) {
      // A process writes it.
      if (error instanceof JournalError && error.code === 'locked') return;
      throw error;
    }
    // In that journal itself, whose calls they are.
    const recorder = new Recorder({ sink: journal });
    const record: AuditTrailParts['record'] = (event, detail) =>
      recorder.event({ event, ...this.#parts.about(), detail });
    for (const told of toldOfStart(journal)) tell(told, { record, log: this.#parts.log });
    const shipped = new ShippedJournal(journal, folder, this.#parts);
    this.#adopted.set(folder, shipped);
    shipped.follow(this.#sinks);
    if (!(await shipped.isDrained())) return;
    this.#adopted.delete(folder);
    await shipped.close();
  }

  async #others(): Promise<readonly Place[]> {
    const all = await journalsIn(this.#plan.folder);
    return all.filter(({ folder }) => folder !== this.#place);
  }
}

async function journalOptions(plan: JournalPlan, parts: AuditTrailParts): Promise<JournalOptions> {
  const { formerKeys = [], keepDays, keepMegabytes } = plan;
  const signer = await openSigner(plan, {
    secret: parts.secret,
    log: (message) => parts.log({ level: 'warn', event: 'development_key', message }),
  });
  return {
    signer,
    formerKeys,
    ...(keepDays !== undefined && { keepMs: keepDays * DAY_MS }),
    ...(keepMegabytes !== undefined && { keepBytes: keepMegabytes * MEGABYTE }),
    onFailure: failurePolicy(plan),
    onEvent: (event) => {
      const told = toldOfJournal(event);
      if (told !== undefined) tell(told, parts);
    },
  };
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
