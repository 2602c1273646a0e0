import {
  imposing,
  RecordStream,
  restrict,
  RestrictionBook,
  stillStanding,
} from '@sallyport/anomaly/restricting';
import type { Interceptor, Mode, Principal } from '@sallyport/core';
import type { AuditRecord } from '@sallyport/audit';
import {
  toldOfAlert,
  toldOfDropped,
  toldOfRestriction,
  toldOfTeller,
  toldOfTrouble,
} from './alert-events.ts';
import type { AlertService } from './alert-service.ts';
import type { AlertSinksParts } from './alert-sinks.ts';
import type { AlertsPlan } from './alerts-plan.ts';
import { RestrictionTeller } from './restriction-teller.ts';
import { Tally } from './tally.ts';
import { tell } from './tell.ts';
import type { Told } from './trail-events.ts';

export interface LiveAlertsParts extends AlertSinksParts {
  /** The folder with the journals of all processes; undefined where there is none, and this one watches what it records itself. */
  readonly journals: string | undefined;
  /** Whether records show people by their names, or by pseudonyms. */
  readonly namesSubjects: boolean;
}

const STANDBY =
  'another process watches for all that share the folder of alerts; this one goes on when it is gone';
const MINUTE_MS = 60_000;

/**
 * The alerts of one policy, as long as it is in force: restrictions that hold at once, and behind them, when this process is
 * the one that does it for all that share the folder, a watch over the journals, its sinks, and the record of both.
 */
export class LiveAlerts {
  readonly #plan: AlertsPlan;
  readonly #parts: LiveAlertsParts;
  readonly #book: RestrictionBook;
  readonly #teller: RestrictionTeller;
  readonly #tally = new Tally();
  /** What nobody else can see. */
  readonly #stream: RecordStream | undefined;
  #opening: Promise<AlertService | undefined> | undefined;
  #closing = false;

  private constructor(plan: AlertsPlan, parts: LiveAlertsParts, book: RestrictionBook) {
    this.#plan = plan;
    this.#parts = parts;
    this.#book = book;
    const { namesSubjects, record, journals } = parts;
    if (journals === undefined)
      this.#stream = new RecordStream((records) => this.#tell(toldOfDropped(records)));
    this.#teller = new RestrictionTeller({
      folder: plan.folder,
      book,
      onChange: (change) => this.#tell(toldOfRestriction(change, { namesSubjects })),
      onApproval: (id) => record('approval_given', { approval: id }),
      onTrouble: (code) => this.#tell(toldOfTeller(code)),
    });
  }

  /** Reads what is restricted. A file that cannot be read is no reason not to start: every call is refused until it can. */
  static async open(plan: AlertsPlan, parts: LiveAlertsParts): Promise<LiveAlerts> {
    const book = await RestrictionBook.open({
      folder: plan.folder,
      onTrouble: ({ message }) => parts.log({ level: 'error', event: 'restrictions_unreadable', message }),
    });
    return new LiveAlerts(plan, parts, book);
  }

  /** What is restricted where a former policy had its folder stays so. @throws RestrictionsError when there is no room */
  async carryOver(former: LiveAlerts): Promise<void> {
    if (former.#plan.folder === this.#plan.folder) return;
    const now = Date.now();
    const standing = stillStanding(former.#book.restrictions.restrictions, now);
    for (const { kind, of, until, alert, reason } of standing) {
      const minutes = (Date.parse(until) - now) / MINUTE_MS;
      await this.#book.update(
        imposing({ kind, of, minutes, ...(alert && { alert }), ...(reason !== undefined && { reason }) }),
      );
    }
    if (standing.length > 0)
      this.#parts.log({
        level: 'warn',
        event: 'restrictions_moved',
        message: `the folder of alerts is another one; ${standing.length} restrictions hold there, too`,
        detail: { restrictions: standing.length },
      });
  }

  /** A new policy has no alerts, and so no quarantine: what that lets run again is told. */
  tellLifted(): void {
    const { length } = stillStanding(this.#book.restrictions.restrictions, Date.now());
    if (length === 0) return;
    this.#tell({
      event: 'watch_failed',
      level: 'warn',
      detail: { what: 'restrictions', why: 'no_alerts', restrictions: length },
      message: `the policy has no alerts any more, and so what was restricted (${length}) is not any longer; with "alerts: {}" it is`,
    });
  }

  /** The layer that refuses what is restricted. */
  layer(options: {
    readonly mode: Mode;
    readonly subjectAs: ((principal: Principal) => Promise<string | undefined>) | undefined;
  }): Interceptor {
    const { mode, subjectAs } = options;
    return restrict({ book: this.#book, mode, ...(subjectAs !== undefined && { subjectAs }) });
  }

  /** Whether it has to be shown what is recorded. */
  get isShown(): boolean {
    return this.#stream !== undefined;
  }

  /** Looks at a record of this process, soon. */
  show(record: AuditRecord): void {
    this.#stream?.push(record);
  }

  /** Watches from now on, or stands by while another process does. Nobody waits for that. Not after `close`. */
  begin(): void {
    if (this.#closing) return;
    this.#teller.begin();
    this.#opening ??= this.#begin().catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#tell({
        event: 'watch_failed',
        level: 'error',
        detail: { what: 'start', code: code ?? 'unknown' },
        message: `nobody watches: ${message}`,
      });
      return undefined;
    });
  }

  /** Resolves when no sink waits for credentials any more: after that they can be locked away. */
  async settle(): Promise<void> {
    const begun = await this.#opening;
    await begun?.opened.sinks.settle();
  }

  /** What was raised so far is told, and what was learned is kept. */
  async close(): Promise<void> {
    this.#closing = true;
    const begun = await this.#opening;
    await begun?.service.stop();
    await this.#teller.end();
    await begun?.opened.close();
    this.#book.close();
  }

  async #begin(): Promise<AlertService> {
    // What compiles rules and learns is large, and no call waits for it.
    const { startAlertService } = await import('./alert-service.ts');
    const { journals, record, log } = this.#parts;
    return startAlertService(
      this.#plan,
      { ...this.#parts, book: this.#book },
      {
        ...(this.#stream === undefined
          ? { ...(journals !== undefined && { journals }) }
          : { stream: this.#stream }),
        onState: (state) => {
          if (state === 'watching') record('watch_started', {});
          if (state === 'standby') log({ level: 'info', event: 'watch_standby', message: STANDBY });
        },
        onAlert: (raised) => this.#tell(toldOfAlert(raised)),
        onTrouble: (trouble) => this.#tell(toldOfTrouble(trouble)),
      },
    );
  }

  #tell(told: Told): void {
    const { record, log } = this.#parts;
    const count = told.often === true ? this.#tally.count(told.message) : 1;
    if (count === undefined) return;
    tell(told, { record, log });
  }
}
