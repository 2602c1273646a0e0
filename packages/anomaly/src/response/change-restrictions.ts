import { boundedName } from './bounded-name.ts';
import { sameRestricted } from './same-restricted.ts';
import type { Restricted, Restriction } from './restriction.ts';
import {
  type ApprovableCall,
  type Approval,
  type ApprovalRequest,
  MINUTE,
  MOST_APPROVALS,
  MOST_REQUESTS,
  MOST_REQUESTS_OF_SUBJECT,
  MOST_RESTRICTIONS,
  type Restrictions,
} from './restrictions.ts';
import { RestrictionsError } from './restrictions-error.ts';

/** When a change is made, and how it names what it adds. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** An id that nothing in the file has. */
  readonly newId: () => string;
}

export interface Changed<T> {
  /** The very same object where there is nothing to write. */
  readonly next: Restrictions;
  readonly result: T;
}

/** A pure change: what is over is not in `current` any more. It may run again with what another process wrote meanwhile. */
export type Change<T> = (current: Restrictions, moment: Moment) => Changed<T>;

/** What shall be restricted, and why. */
export interface RestrictionWish {
  readonly kind: Restriction['kind'];
  readonly of: Restricted;
  /** From now on. */
  readonly minutes: number;
  readonly alert?: Restriction['alert'];
  readonly reason?: string;
}

export interface Imposed {
  readonly restriction: Restriction;
  /** `stood`: it was restricted for at least as long before. */
  readonly change: 'began' | 'prolonged' | 'stood';
}

/**
 * Restricts something, or prolongs its restriction of the same kind; nothing is ever shortened.
 *
 * @throws RestrictionsError `full`
 */
export function imposing(wish: RestrictionWish): Change<Imposed> {
  const { kind, minutes, alert, reason } = wish;
  const of = 'subject' in wish.of ? { subject: boundedName(wish.of.subject) } : wish.of;
  return (current, { now, newId }) => {
    const { restrictions } = current;
    const until = timeOf(now + minutes * MINUTE);
    const found = restrictions.find((one) => one.kind === kind && sameRestricted(one.of, of));
    if (found !== undefined) {
      if (found.until >= until) return { next: current, result: { restriction: found, change: 'stood' } };
      const longer: Restriction = { ...found, until, ...(reason !== undefined && { reason }) };
      const next = { ...current, restrictions: restrictions.map((one) => (one === found ? longer : one)) };
      return { next, result: { restriction: longer, change: 'prolonged' } };
    }
    if (restrictions.length >= MOST_RESTRICTIONS)
      throw new RestrictionsError(
        'full',
        `There are ${MOST_RESTRICTIONS} restrictions already, and no more may be: lift some with "sallyport quarantine lift", or restrict a server instead of many tools or principals.`,
      );
    const restriction: Restriction = {
      id: newId(),
      kind,
      of,
      since: timeOf(now),
      until,
      ...(alert !== undefined && {
        alert: {
          id: alert.id,
          title: alert.title,
          rule: { id: alert.rule.id, name: alert.rule.name },
        },
      }),
      ...(reason !== undefined && { reason }),
    };
    const next = { ...current, restrictions: [...restrictions, restriction] };
    return { next, result: { restriction, change: 'began' } };
  };
}

/** Lifts restrictions before their time. @returns those that there were */
export function lifting(ids: ReadonlySet<string> | 'all'): Change<readonly Restriction[]> {
  return (current) => {
    const isMeant = ({ id }: Restriction): boolean => ids === 'all' || ids.has(id);
    const result = current.restrictions.filter(isMeant);
    if (result.length === 0) return { next: current, result };
    return {
      next: { ...current, restrictions: current.restrictions.filter((one) => !isMeant(one)) },
      result,
    };
  };
}

/** What became of a call that needs approval: it was approved, or waits as the request. */
export type Asked = 'approved' | ApprovalRequest;

/**
 * Takes the approval of a call, a one-time one for good; where there is none, asks for it. Of too many requests of one subject
 * its oldest goes first, so that nobody drives out those of others.
 */
export function asking(call: ApprovableCall): Change<Asked> {
  return (current, { now, newId }) => {
    const approval = approvalOf(current, call);
    if (approval?.any === true) return { next: current, result: 'approved' };
    if (approval !== undefined) {
      const approvals = current.approvals.filter((one) => one !== approval);
      return { next: { ...current, approvals }, result: 'approved' };
    }
    const waiting = requestOf(current, call);
    if (waiting !== undefined) return { next: current, result: waiting };
    const request: ApprovalRequest = { id: newId(), time: timeOf(now), ...bare(call) };
    const own = current.requests.filter(({ subject }) => subject === call.subject);
    const gone = own.length < MOST_REQUESTS_OF_SUBJECT ? undefined : own[0];
    const kept = current.requests.filter((one) => one !== gone);
    const requests = [...kept, request].slice(-MOST_REQUESTS);
    return { next: { ...current, requests }, result: request };
  };
}

/** Gives an approval back that a call took which then was not run; not for longer than before. */
export function givingBack(approval: Approval): Change<boolean> {
  return (current, { now }) => {
    const isThere = current.approvals.some(({ id }) => id === approval.id);
    if (isThere || Date.parse(approval.until) <= now || current.approvals.length >= MOST_APPROVALS)
      return { next: current, result: false };
    return { next: { ...current, approvals: [...current.approvals, approval] }, result: true };
  };
}

export interface ApprovalTerms {
  /** From now on. */
  readonly minutes: number;
  /** Each call of this subject to this target, instead of this one call once. */
  readonly any: boolean;
}

/**
 * Approves what was asked for. @returns undefined when nothing of this id waits
 *
 * @throws RestrictionsError `full`; `no_target` for `any` of a call that is about nothing in particular, or about several
 *   resources: it would approve those with others, too
 */
export function approving(id: string, { minutes, any }: ApprovalTerms): Change<Approval | undefined> {
  return (current, { now }) => {
    const request = current.requests.find((one) => one.id === id);
    if (request === undefined) return { next: current, result: undefined };
    if (any && request.target === undefined)
      throw new RestrictionsError(
        'no_target',
        `${id} is about no single tool, resource or prompt, so that --any would approve every ${request.method} of this subject: approve it without --any.`,
      );
    if (current.approvals.length >= MOST_APPROVALS)
      throw new RestrictionsError(
        'full',
        `There are ${MOST_APPROVALS} approvals that were not used yet, and no more may be: wait until some are over.`,
      );
    const approval: Approval = { id, any, until: timeOf(now + minutes * MINUTE), ...bare(request) };
    const next = {
      ...current,
      requests: current.requests.filter((one) => one !== request),
      approvals: [...current.approvals, approval],
    };
    return { next, result: approval };
  };
}

/** Takes away a request, or an approval that was not used. @returns undefined when there is nothing of this id */
export function denying(id: string): Change<ApprovableCall | undefined> {
  return (current) => {
    const denied = [...current.requests, ...current.approvals].find((one) => one.id === id);
    if (denied === undefined) return { next: current, result: undefined };
    const next = {
      ...current,
      requests: current.requests.filter((one) => one.id !== id),
      approvals: current.approvals.filter((one) => one.id !== id),
    };
    return { next, result: denied };
  };
}

/** The approval that lets a call through; one for any call first, since that one is not used up. */
export function approvalOf({ approvals }: Restrictions, call: ApprovableCall): Approval | undefined {
  return (
    approvals.find((one) => one.any && one.target !== undefined && isOfSameTool(one, call)) ??
    approvals.find((one) => one.sha256 === call.sha256 && isOfSameTool(one, call))
  );
}

/** The request that waits for the approval of a call. */
export function requestOf({ requests }: Restrictions, call: ApprovableCall): ApprovalRequest | undefined {
  return requests.find((one) => one.sha256 === call.sha256 && isOfSameTool(one, call));
}

function isOfSameTool(one: ApprovableCall, other: ApprovableCall): boolean {
  return (
    one.subject === other.subject &&
    one.server === other.server &&
    one.method === other.method &&
    one.target === other.target
  );
}

function bare({ subject, server, method, target, sha256 }: ApprovableCall): ApprovableCall {
  return { subject, server, method, ...(target !== undefined && { target }), sha256 };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
