import { AlertSender, type AlertSenderStatus, type Notice, SEVERITIES, severityOf } from '@sallyport/anomaly';
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

/**
 * The sinks for alerts of one policy, each with an outbox in the folder. Of all processes with the same folder only the one
 * that watches may begin: an outbox has one writer.
 */
export class AlertSinks {
  readonly #entries: ReadonlyMap<string, AlertSinkEntry>;
  #folder: string;
  readonly #parts: AlertSinksParts;
  readonly #tally = new Tally();
  #sending: Promise<readonly Sending[]> | undefined;
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

  /** Sends what a former process left, and what is put from now on. @throws an error of the system for an outbox */
  async begin(): Promise<void> {
    this.#sending ??= this.#ended.then(() => this.#begin());
    try {
      await this.#sending;
    } catch (error) {
      this.#sending = undefined;
      throw error;
    }
  }

  /**
   * Resolves when the notice is durable for every sink that wants it.
   *
   * @throws OutboxError, or an error of the system, when it is not; put it again: a sink that has it gets it once
   */
  async put(notice: Notice): Promise<void> {
    await this.begin();
    const rank = SEVERITIES.indexOf(severityOf(notice));
    const wanting = ((await this.#sending) ?? []).filter(({ leastRank }) => rank >= leastRank);
    const put = await Promise.allSettled(wanting.map(({ sender }) => sender.put(notice)));
    for (const result of put) if (result.status === 'rejected') throw result.reason;
  }

  /** How each sink stands; empty before `begin`. */
  async status(): Promise<readonly AlertSenderStatus[]> {
    return ((await this.#sending) ?? []).map(({ sender }) => sender.status);
  }

  /** Resolves when no sink waits for credentials any more: after that they can be locked away. Never rejects. */
  async settle(): Promise<void> {
    const sending = await this.#sending?.catch(() => undefined);
    await Promise.all((sending ?? []).map(({ opened }) => opened.ready));
  }

  /** Sends what sinks take within two seconds; the rest waits in their outboxes. It can begin again after that. */
  end(): Promise<void> {
    const sending = this.#sending?.catch(() => []);
    this.#sending = undefined;
    if (sending !== undefined) this.#ended = sending.then(stop);
    return this.#ended;
  }

  async #begin(): Promise<readonly Sending[]> {
    const begun = await Promise.allSettled(
      [...this.#entries].map(([name, entry]) => this.#open(name, entry)),
    );
    const sending = begun.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const result of begun) {
      if (result.status === 'fulfilled') continue;
      await stop(sending);
      throw result.reason;
    }
    return sending;
  }

  async #open(name: string, entry: AlertSinkEntry): Promise<Sending> {
    const { secret, watch, record, log } = this.#parts;
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
        onEvent: (event) => {
          const told = toldOfAlertSink(name, event);
          if (told === undefined) return;
          const count = told.often === true ? this.#tally.count(`${name} ${told.event}`) : 1;
          if (count === undefined) return;
          const detail = told.often === true ? { ...told.detail, count } : told.detail;
          tell({ ...told, detail }, { record, log });
        },
      });
      return { sender, opened, leastRank: SEVERITIES.indexOf(entry.least ?? 'low') };
    } catch (error) {
      opened.unwatch();
      throw error;
    }
  }
}

async function stop(sending: readonly Sending[]): Promise<void> {
  for (const { opened } of sending) opened.unwatch();
  // What could not be stopped in good order is sent again by the next process.
  await Promise.allSettled(sending.map(({ sender }) => sender.stop()));
}
