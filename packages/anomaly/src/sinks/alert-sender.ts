import { join } from 'node:path';
import {
  DeadLetters,
  Nap,
  type Outcome,
  ReceiverError,
  RetryPace,
  sendWithin,
  systemCode,
} from '@sallyport/audit';
import { SECOND } from '../durations.ts';
import { type Notice, severityOf } from '../triage/notice.ts';
import { rankOf } from '../triage/severity.ts';
import {
  type AlertSenderEvent,
  type AlertSenderOptions,
  type AlertSenderSettings,
  alertSenderSettings,
  type AlertSenderStatus,
} from './alert-sender-options.ts';
import { Outbox, type Waiting } from './outbox.ts';
import { OutboxError } from './outbox-error.ts';

const MOST = 20;
/** How long a receiver may take to end its connection, in milliseconds. */
const CLOSE_MS = 3 * SECOND;

/**
 * Sends notices to one sink, at least once and in the order in which they were put, from an outbox that survives a crash. A
 * sink that is away or slow holds up nobody: neither who puts a notice nor another sink.
 */
export class AlertSender {
  readonly #settings: AlertSenderSettings;
  readonly #outbox: Outbox;
  readonly #pace: RetryPace;
  readonly #rejectedFile: DeadLetters;
  readonly #nap: Nap;
  /** Aborts when the end was held up for long enough. */
  readonly #cut = new AbortController();
  /** Ids of accepted notices that may have to be sent again, oldest first. */
  readonly #unsure: string[] = [];
  readonly #counts = { sent: 0, known: 0, below: 0, rejected: 0, dropped: 0 };
  #lastError: string | undefined;
  #stopping = false;
  readonly #running: Promise<void>;
  #stopped: Promise<void> | undefined;

  private constructor(settings: AlertSenderSettings, outbox: Outbox) {
    const { fs, folder, name, rejectedBytes, clock, retry } = settings;
    this.#settings = settings;
    this.#outbox = outbox;
    this.#pace = new RetryPace(clock, retry);
    this.#rejectedFile = new DeadLetters(fs, join(folder, `${name}.rejected.jsonl`), rejectedBytes);
    this.#nap = new Nap(clock);
    this.#running = this.#run();
  }

  /**
   * Begins to send what a former sender of this name left.
   *
   * @throws TypeError for an option that cannot be used, and an error of the system when the outbox cannot be read or written
   */
  static async open(options: AlertSenderOptions): Promise<AlertSender> {
    const settings = alertSenderSettings(options);
    const { fs, folder, name, mostNotices, mostBytes, clock } = settings;
    await fs.makeFolder(folder);
    const outbox = await Outbox.open({
      fs,
      path: join(folder, `outbox-${name}.jsonl`),
      mostNotices,
      mostBytes,
      now: () => clock.now(),
      onDamaged: (lines, suffix) => tell(settings, { type: 'outbox_damaged', lines, suffix }),
    });
    return new AlertSender(settings, outbox);
  }

  get status(): AlertSenderStatus {
    return {
      name: this.#settings.name,
      breaker: this.#pace.state,
      lastError: this.#lastError,
      waiting: this.#outbox.size,
      ...this.#counts,
    };
  }

  /**
   * Resolves when the notice is durable; it is sent as soon as the sink takes it. One that was put before, also before a
   * restart, is not sent again.
   *
   * @throws OutboxError when it cannot be made durable. It is sent all the same while this process lives; put it again.
   */
  async put(notice: Notice): Promise<void> {
    if (this.#stopping) throw new OutboxError('closed');
    if (rankOf(severityOf(notice)) < rankOf(this.#settings.least)) {
      this.#counts.below += 1;
      return;
    }
    const { isNew, dropped, durable } = this.#outbox.put(notice);
    if (!isNew) this.#counts.known += 1;
    for (const one of dropped) {
      const { id, alerts } = one;
      this.#counts.dropped += 1;
      this.#tell({ type: 'dropped', id, severity: severityOf(one), alerts: alerts.length });
    }
    this.#nap.wake();
    try {
      await durable;
    } catch (error) {
      this.#diskFailed('outbox', error);
      throw error;
    }
  }

  /**
   * Sends what waits while the sink takes it, for `stopMs` at most, and closes the receiver. What was not accepted is sent by
   * the next sender of this name.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { clock, receiver, stopMs } = this.#settings;
    const finished = new AbortController();
    this.#stopping = true;
    this.#nap.end();
    void clock.sleep(stopMs, finished.signal).then(() => this.#cut.abort());
    await this.#running;
    finished.abort();
    const closed = new AbortController();
    const closing = Promise.resolve()
      .then(() => receiver.close())
      .catch(() => undefined);
    await Promise.race([closing, clock.sleep(CLOSE_MS, closed.signal)]);
    closed.abort();
    // A connection that ended in good order owes nothing.
    await this.#settleSure([]);
    await this.#outbox.close();
  }

  async #run(): Promise<void> {
    for (;;) {
      const wait = this.#pace.wait();
      const batch = this.#nextBatch();
      const owes = this.#settings.receiver.owes === true;
      const hasWork = batch.length > 0 || owes;
      if (this.#stopping && (wait > 0 || !hasWork || this.#cut.signal.aborted)) return;
      if (wait > 0) await this.#nap.sleep(wait, 'soundly');
      else if (hasWork) await this.#send(batch);
      else await this.#nap.sleep(this.#settings.pollMs, 'wakeable');
    }
  }

  #nextBatch(): readonly Waiting[] {
    const { most = MOST } = this.#settings.receiver;
    return this.#outbox.oldest(this.#pace.state === 'half_open' ? 1 : most);
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    const { receiver, clock, sendMs } = this.#settings;
    const batch = waiting.map(({ notice }) => notice);
    try {
      const outcomes = await sendWithin(sendMs, { receiver, clock, batch, stopped: this.#cut.signal });
      await this.#settle(waiting, outcomes);
    } catch (error) {
      const known = error instanceof ReceiverError ? error : undefined;
      this.#failed(known?.code ?? systemCode(error), batch.length, known?.afterMs);
    }
  }

  async #settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): Promise<void> {
    const accepted = batch.filter((_, index) => outcomes[index]?.kind === 'accepted');
    const rejected: string[] = [];
    let back: Extract<Outcome, { kind: 'retry' }> | undefined;
    let isKept = true;
    for (const [index, one] of batch.entries()) {
      const outcome = outcomes[index];
      let reason = outcome?.kind === 'rejected' ? outcome.reason : undefined;
      if (outcome?.kind === 'retry') {
        // While nothing is accepted it is the sink that fails, not the notice.
        if (accepted.length > 0) one.tries += 1;
        if (one.tries >= this.#settings.tries) reason = `retried_${outcome.code}`;
        else if ((outcome.afterMs ?? 0) >= (back?.afterMs ?? 0)) back = outcome;
      }
      if (reason === undefined) continue;
      if (await this.#reject(one, reason)) rejected.push(one.notice.id);
      else isKept = false;
    }
    this.#counts.sent += accepted.length;
    for (const one of accepted) {
      one.isSent = true;
      this.#unsure.push(one.notice.id);
    }
    await this.#settleSure(rejected);
    if (!isKept) this.#failed('rejected_file', batch.length);
    else if (back !== undefined && accepted.length + rejected.length === 0)
      this.#failed(back.code, batch.length, back.afterMs);
    else {
      if (this.#pace.succeeded()) this.#tell({ type: 'breaker_closed' });
      this.#lastError = back?.code;
      if (back !== undefined) this.#pace.heldBack(back.afterMs);
    }
  }

  /** @returns whether it need not be sent any more */
  async #reject({ notice }: Waiting, reason: string): Promise<boolean> {
    const { id, sequence, alerts } = notice;
    const time = new Date(this.#settings.clock.now()).toISOString();
    try {
      const letter = { sequence, reason, time, json: JSON.stringify(notice) };
      const kept = await this.#rejectedFile.add([letter]);
      this.#counts.rejected += 1;
      this.#tell({ type: 'rejected', id, reason, alerts: alerts.length, kept });
      return true;
    } catch (error) {
      this.#diskFailed('rejected', error);
      return false;
    }
  }

  /** Those that are done, and of the accepted ones those that the receiver is sure of by now. */
  async #settleSure(done: readonly string[]): Promise<void> {
    const { unsure = 0 } = this.#settings.receiver;
    const sure = this.#unsure.splice(0, Math.max(0, this.#unsure.length - unsure));
    try {
      await this.#outbox.done([...done, ...sure]);
    } catch (error) {
      this.#diskFailed('outbox', error);
    }
  }

  #failed(code: string, notices: number, afterMs?: number): void {
    this.#lastError = code;
    this.#tell({ type: 'send_failed', code, notices });
    if (this.#pace.failed(afterMs)) this.#tell({ type: 'breaker_opened', code });
  }

  #diskFailed(what: 'outbox' | 'rejected', error: unknown): void {
    const code = error instanceof OutboxError ? error.code : systemCode(error);
    this.#tell({ type: 'disk_failed', what, code });
  }

  #tell(event: AlertSenderEvent): void {
    tell(this.#settings, event);
  }
}

function tell({ onEvent }: AlertSenderSettings, event: AlertSenderEvent): void {
  try {
    onEvent(event);
  } catch {
    // Who listens must not stop alerts.
  }
}
