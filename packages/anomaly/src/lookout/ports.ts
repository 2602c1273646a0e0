import type { AlertFacts, AuditRecord } from '@sallyport/audit';
import type { Response } from '../response/response-plan.ts';
import type { Notice } from '../triage/notice.ts';

/** A record that is looked at. */
export interface WatchedRecord {
  readonly record: AuditRecord;
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
  /** The one that it stands in, see `FoundJournal`. Absent in process. */
  readonly journal?: string;
}

/** Where records come from, in their order. */
export interface RecordFeed {
  /**
   * The next records, as many as that at most; none when there are none now.
   *
   * @throws an error of the system; the next call tries again
   */
  next(most: number): Promise<readonly WatchedRecord[]>;
  /** Behind all that `next` gave, as JSON. */
  readonly cursor: unknown;
  /** How many journals it follows. */
  readonly journals: number;
  /** Makes the next look one at everything. */
  wake(): void;
}

/** What decides which alerts somebody hears of, and together with which others: see `Triage`. */
export interface TriageLike {
  /**
   * The next alert of the stream.
   *
   * @param now milliseconds since the epoch; the time of the alert, unless that lies in the future
   */
  take(alert: AlertFacts, now: number): TriageAnswer;
  /**
   * Notices whose time has come.
   *
   * @param now milliseconds since the epoch
   */
  due(now: number): readonly Notice[];
  /** When `due` has something to give, in milliseconds since the epoch; undefined while nothing waits. */
  readonly nextDue: number | undefined;
  /** JSON values only. */
  save(): unknown;
  /** Takes what `save` gave. @throws an error for anything else */
  restore(saved: unknown): void;
}

export interface TriageAnswer {
  /** What can be told at once. */
  readonly notices: readonly Notice[];
  /** One word: `told`, or why not; `suppressed` for what somebody did not want to hear of. */
  readonly fate: string;
  /** With the severity that it has here. */
  readonly alert: AlertFacts;
  /** Why it is suppressed. */
  readonly reason?: string;
}

/** Decides what is done about an alert besides telling it, and does nothing itself. */
export type Respond = (alert: AlertFacts) => Response;
