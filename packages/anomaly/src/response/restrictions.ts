import type { Restriction } from './restriction.ts';

/** All that a folder knows of restrictions: what `restrictions.json` holds. */
export interface Restrictions {
  readonly restrictions: readonly Restriction[];
  /** Calls that wait for somebody's approval, oldest first. */
  readonly requests: readonly ApprovalRequest[];
  readonly approvals: readonly Approval[];
}

/** A call as approvals know it. It holds no value of the call. */
export interface ApprovableCall {
  /** As records name it, so where people appear by pseudonyms, one of those. */
  readonly subject: string;
  readonly server: string;
  readonly method: string;
  /** The tool, resource or prompt; absent where the method is about none. */
  readonly target?: string;
  /** SHA-256 of its params without `_meta`, as JSON (`JSON.stringify`); hexadecimal. */
  readonly sha256: string;
}

/** A call that was refused until somebody approves it. */
export interface ApprovalRequest extends ApprovableCall {
  readonly id: string;
  /** When it was made: RFC 3339, UTC, milliseconds. */
  readonly time: string;
}

/** What an admin approved. Once for the very same call, or, with `any`, for each call of this subject to this target. */
export interface Approval extends ApprovableCall {
  /** That of the request. */
  readonly id: string;
  readonly any: boolean;
  readonly until: string;
}

export const NO_RESTRICTIONS: Restrictions = Object.freeze({
  restrictions: Object.freeze([]),
  requests: Object.freeze([]),
  approvals: Object.freeze([]),
});

export const MOST_RESTRICTIONS = 10_000;
export const MOST_REQUESTS = 1000;
export const MOST_REQUESTS_OF_SUBJECT = 20;
export const MOST_APPROVALS = 1000;

export const MINUTE: number = 60_000;
/** A week. */
export const MOST_MINUTES = 10_080;
/** Nobody looks for a request that is a day old. */
const REQUEST_MS: number = 24 * 60 * MINUTE;

/** The same without what is over. The same object where nothing is. */
export function withoutExpired(all: Restrictions, now: number): Restrictions {
  const restrictions = all.restrictions.filter(({ until }) => Date.parse(until) > now);
  const approvals = all.approvals.filter(({ until }) => Date.parse(until) > now);
  const requests = all.requests.filter(({ time }) => Date.parse(time) > now - REQUEST_MS);
  const isSame =
    restrictions.length === all.restrictions.length &&
    approvals.length === all.approvals.length &&
    requests.length === all.requests.length;
  return isSame ? all : { restrictions, requests, approvals };
}
