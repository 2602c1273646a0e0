import type { AlertFacts } from '@sallyport/audit';
import type { Response } from '../response/response-plan.ts';
import type { Notice } from '../triage/notice.ts';

/** What decides which alerts somebody hears of, and together with which others: see `Triage`. */
export interface TriageLike {
  /** The next alert of the stream. */
  take(alert: AlertFacts): TriageAnswer;
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
