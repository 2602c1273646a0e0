import {
  AlertSender,
  type AlertSenderEvent,
  type AlertSenderStatus,
  type Notice,
  SEVERITIES,
  severityOf,
} from '@sallyport/anomaly';
import type { EventRecord } from '@sallyport/audit';
import type { LogEntry, Secret } from '@sallyport/core';
import { toldOfAlertSink } from './alert-sink-events.ts';
import type { AlertSinkEntry } from './alerts-section.ts';
import { openAlertReceiver, type OpenedAlertReceiver } from './open-alert-receiver.ts';
import type { SecretRef } from './policy-file.ts';
import { Tally } from './tally.ts';
import { tell } from './tell.ts';

export interface AlertSinksParts {
  /** Looks a reference up. */
  readonly secret: (reference: SecretRef) => Promise<Secret>;
  /** Calls back whenever the value behind a reference is another one; returns what ends that. */
  readonly watch: (reference: SecretRef, listener: () => void) => () => void;
  /** Records what happened to a sink. */
  readonly record: (event: EventRecord['event'], detail: NonNullable<EventRecord['detail']>) => void;
  readonly log: (entry: LogEntry) => void;
}

interface Sending {
  readonly sender: AlertSender;
  readonly opened: OpenedAlertReceiver;
  /** Of `SEVERITIES`. */
  readonly leastRank: number;
}

/** A sink whose outbox could not be opened. */
interface Closed {
  readonly name: string;
  readonly leastRank: number;
  readonly error: unknown;
}

interface Begun {
  readonly sending: readonly Sending[];
  readonly closed: readonly Closed[];
  /** Milliseconds of a clock that is never set. */
  readonly at: number;
}

/** A sink whose outbox could not be opened is tried again after so long, with the next notice. */
const REOPEN_MS = 5000;

/**
 * The sinks for alerts of one policy, each with an outbox in the folder. Of all processes with the same folder only the one
 * that watches may begin: an outbox has one writer.
 */
export class AlertSinks {
  readonly #entries: ReadonlyMap<string, AlertSinkEntry>;
  #folder: string;
  readonly #parts: AlertSinksParts;
  readonly #tally = new Tally();
  #sending: Promise<Begun> | undefined;
  /** What ended last: before that is over, nobody else may write its outboxes. */
  #ended: Promise<void> = Promise.resolve();

  constructor(entries: ReadonlyMap<string, AlertSinkEntry>, folder: string, parts: AlertSinksParts) {
    this.#entries = entries;
    this.#folder = folder;
    this.#parts = parts;
  }

  /** Where the outboxes are from the next `begin` on. */
  place(folder: string): void {
    this.#folder = folder;
  }

  /**
   * Sends what a former process left, and what is put from now on. A sink whose outbox cannot be opened is named in the log,
   * holds up no other, and is tried again with a later notice. Never rejects.
   */
  async begin(): Promise<void> {
    await this.#begun();
  }

  /**
   * Resolves when the notice is durable for every sink that wants it. One whose outbox cannot be opened misses it, which is
   * recorded, where another one took it.
   *
   * @throws OutboxError, or an error of the system, when it is not; put it again: a sink that has it gets it once
   */
  async put(notice: Notice): Promise<void> {
    const { sending, closed } = await this.#begun();
    const severity = severityOf(notice);
    const isWanted = ({ leastRank }: { readonly leastRank: number }): boolean =>
      SEVERITIES.indexOf(severity) >= leastRank;
    const wanting = sending.filter(isWanted);
    const put = await Promise.allSettled(wanting.map(({ sender }) => sender.put(notice)));
    for (const result of put) if (result.status === 'rejected') throw result.reason;
    const missing = closed.filter(isWanted);
    if (wanting.length === 0) for (const { error } of missing) throw error;
    const { id, alerts } = notice;
    for (const { name } of missing)
      this.#tell(name, { type: 'dropped', id, severity, alerts: alerts.length });
  }

  /** How each sink stands; empty before `begin`. */
  async status(): Promise<readonly AlertSenderStatus[]> {
    return ((await this.#sending)?.sending ?? []).map(({ sender }) => sender.status);
  }

  /** Resolves when no sink waits for credentials any more: after that they can be locked away. Never rejects. */
  async settle(): Promise<void> {
    const begun = await this.#sending;
    await Promise.all((begun?.sending ?? []).map(({ opened }) => opened.ready));
  }

  /** Sends what sinks take within two seconds; the rest waits in their outboxes. It can begin again after that. */
  end(): Promise<void> {
    const begun = this.#sending;
    this.#sending = undefined;
    if (begun !== undefined) this.#ended = begun.then(({ sending }) => stop(sending));
    return this.#ended;
  }

  /** All that are open, after those that are not were tried again. */
  async #begun(): Promise<Begun> {
    const mine = (this.#sending ??= this.#ended.then(() => this.#open([...this.#entries])));
    const before = await mine;
    if (before.closed.length === 0 || performance.now() < before.at + REOPEN_MS) return before;
    // It ended meanwhile, or somebody else is at it.
    if (this.#sending !== mine) return this.#sending ?? before;
    this.#sending = this.#reopen(before);
    return this.#sending;
  }

  async #reopen({ sending, closed }: Begun): Promise<Begun> {
    const names = new Set(closed.map(({ name }) => name));
    const more = await this.#open([...this.#entries].filter(([name]) => names.has(name)));
    return { ...more, sending: [...sending, ...more.sending] };
  }

  async #open(entries: readonly (readonly [string, AlertSinkEntry])[]): Promise<Begun> {
    const sending: Sending[] = [];
    const closed: Closed[] = [];
    const open = async ([name, entry]: readonly [string, AlertSinkEntry]): Promise<void> => {
      const leastRank = SEVERITIES.indexOf(entry.least ?? 'low');
      try {
        sending.push({ ...(await this.#openOne(name, entry)), leastRank });
      } catch (error) {
        closed.push({ name, leastRank, error });
        this.#tell(name, { type: 'disk_failed', what: 'outbox', code: codeOf(error) });
      }
    };
    await Promise.all(entries.map(open));
    return { sending, closed, at: performance.now() };
  }

  async #openOne(name: string, entry: AlertSinkEntry): Promise<Omit<Sending, 'leastRank'>> {
    const { secret, watch, log } = this.#parts;
    const opened = openAlertReceiver(entry, {
      secret,
      watch,
      onUnusable: ({ message }) => {
        if (this.#tally.count(`${name} ${message}`) === undefined) return;
        log({ level: 'error', event: 'alert_sink_unusable', message: `alert sink ${name}: ${message}` });
      },
    });
    try {
      const sender = await AlertSender.open({
        name,
        folder: this.#folder,
        receiver: opened.receiver,
        onEvent: (event) => this.#tell(name, event),
      });
      return { sender, opened };
    } catch (error) {
      opened.unwatch();
      throw error;
    }
  }

  #tell(name: string, event: AlertSenderEvent): void {
    const { record, log } = this.#parts;
    const told = toldOfAlertSink(name, event);
    if (told === undefined) return;
    const count = told.often === true ? this.#tally.count(`${name} ${told.event}`) : 1;
    if (count === undefined) return;
    const detail = told.often === true ? { ...told.detail, count } : told.detail;
    tell({ ...told, detail }, { record, log });
  }
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}

async function stop(sending: readonly Sending[]): Promise<void> {
  for (const { opened } of sending) opened.unwatch();
  // What could not be stopped in good order is sent again by the next process.
  await Promise.allSettled(sending.map(({ sender }) => sender.stop()));
}
