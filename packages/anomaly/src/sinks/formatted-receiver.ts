import {
  ACCEPTED,
  type EventRecord,
  type Formatter,
  type Outcome,
  type Receiver,
  type ShippedRecord,
} from '@sallyport/audit';
import type { AlertReceiver, NumberedNotice } from './alert-receiver.ts';
import { moreText } from './notice-text.ts';

export interface FormattedReceiverOptions {
  /** Any receiver of audit records. */
  readonly receiver: Receiver;
  readonly formatter: Formatter;
}

/**
 * Sends the alerts of notices, one by one in a format, to a receiver of audit records. What a notice only counts stands in the
 * title of its last alert, `... (and 3 more alerts: Unusual rate of calls (3))`: formats have no other place that each shows.
 *
 * A notice with an alert that is rejected for ever is rejected, although its other alerts arrived.
 */
export class FormattedReceiver implements AlertReceiver {
  readonly #receiver: Receiver;
  readonly #formatter: Formatter;
  /** How many alerts each of the accepted notices had that the receiver may have to send again, oldest first. */
  readonly #accepted: number[] = [];

  constructor({ receiver, formatter }: FormattedReceiverOptions) {
    this.#receiver = receiver;
    this.#formatter = formatter;
  }

  get owes(): boolean {
    return this.#receiver.owes === true;
  }

  get unsure(): number {
    const { unsure = 0 } = this.#receiver;
    let [notices, alerts] = [0, 0];
    while (alerts < unsure && notices < this.#accepted.length) {
      notices += 1;
      alerts += this.#accepted.at(-notices) ?? 0;
    }
    return notices;
  }

  async send(batch: readonly NumberedNotice[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const records = batch.flatMap((notice) => notice.alerts.map((_, index) => this.#shipped(notice, index)));
    const answers = await this.#receiver.send(records, signal);
    let at = 0;
    const outcomes = batch.map(({ alerts }) => {
      const outcome = together(answers.slice(at, at + alerts.length));
      at += alerts.length;
      if (outcome.kind === 'accepted') this.#accepted.push(alerts.length);
      return outcome;
    });
    this.#accepted.splice(0, this.#accepted.length - this.unsure);
    return outcomes;
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  #shipped(notice: NumberedNotice, index: number): ShippedRecord {
    const { alerts, sequence } = notice;
    const alert = alerts[index] ?? alerts[0];
    const { id, time, server } = alert;
    const record: EventRecord = {
      v: 1,
      id,
      time,
      server,
      policy: '',
      type: 'event',
      event: 'alert_raised',
      detail: { rule: alert.rule.id, severity: alert.severity, method: alert.method },
    };
    const { json } = this.#formatter;
    const others = index === alerts.length - 1 ? moreText(notice) : undefined;
    const told = others === undefined ? alert : { ...alert, title: `${alert.title} (and ${others})` };
    return { sequence: sequence + index, id, time, line: this.#formatter.alert(told), json, record };
  }
}

/** What outcomes of alerts say of their notice: it is sent again while some may be accepted later. */
function together(outcomes: readonly Outcome[]): Outcome {
  return (
    outcomes.find(({ kind }) => kind === 'retry') ??
    outcomes.find(({ kind }) => kind === 'rejected') ??
    ACCEPTED
  );
}
