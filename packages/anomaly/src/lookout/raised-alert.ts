import type { AlertFacts } from '@sallyport/audit';
import type { Response } from '../response/response-plan.ts';
import type { Notice } from '../triage/notice.ts';

/** A response that does something. */
export type RestrictingResponse = Exclude<Response, { readonly kind: 'alert' }>;

/** An alert, and what came of it. */
export interface RaisedAlert {
  readonly alert: AlertFacts;
  /** Of which journal the record was that raised it; see `FoundJournal`. Absent in process. */
  readonly journal?: string;
  /** What the triage made of it; `old` for what happened before anybody listened, `failed` where something here threw. */
  readonly fate: string;
  /** Why it is suppressed, or why nothing is restricted although the policy asks for it. */
  readonly reason?: string;
  /** What can be told now, this alert with others of its group. */
  readonly notices: readonly Notice[];
  /** Set where the policy restricts whom or what it is about; not for alerts that are suppressed. */
  readonly response?: RestrictingResponse;
  /** Set where nothing is restricted because the rule restricted too many different things within an hour. */
  readonly isOverBudget?: true;
}
