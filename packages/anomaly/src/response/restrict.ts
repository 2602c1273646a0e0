import {
  type Call,
  type Interceptor,
  type Mode,
  type Next,
  type Principal,
  Refusal,
  type Result,
} from '@sallyport/core';
import { boundedName } from './bounded-name.ts';
import { approvalOf, asking, givingBack, requestOf } from './change-restrictions.ts';
import { callDigest } from './call-digest.ts';
import { belongsToSession, needsNoApproval, targetsOf } from './restricted-methods.ts';
import type { Restriction } from './restriction.ts';
import type { RestrictionBook } from './restriction-book.ts';
import type { ApprovableCall, Approval } from './restrictions.ts';
import { RestrictionsError, RestrictionsUnreadable } from './restrictions-error.ts';

export interface RestrictOptions {
  readonly book: RestrictionBook;
  /** Default: `enforce`. `audit` records what would have been refused; it asks for no approval, and uses none up. */
  readonly mode?: Mode;
  /**
   * The pseudonym (`subject:` and 26 characters) by which records know a principal; undefined when they do not. Asked only while
   * somebody is restricted under a pseudonym, and for calls that need approval, which then name nobody either. Without it people
   * are known by their names, and while somebody is restricted under a pseudonym every call is refused as `unavailable`: it
   * could be of that one.
   */
  readonly subjectAs?: (principal: Principal) => Promise<string | undefined>;
  /** Milliseconds since the epoch. Default: the clock of the system. */
  readonly now?: () => number;
}

const NAME = 'quarantine';

/**
 * Refuses what is restricted: calls of a principal, of a tool (resource, prompt) or to a server, for a time, or until an admin
 * approves the call. Sessions may begin and end. Whatever goes wrong in here refuses, too.
 *
 * @throws TypeError when `mode` is not what it should be
 */
export function restrict(options: RestrictOptions): Interceptor {
  const { mode = 'enforce' } = options;
  if (mode !== 'enforce' && mode !== 'audit') {
    throw new TypeError("restrict({ mode }) is 'enforce' or 'audit'.");
  }
  const layer = new Quarantine(options);
  // Not async: a refusal that nothing has to be waited for travels back in the tick in which the call came.
  return { name: NAME, intercept: (call, next) => layer.intercept(call, next) };
}

/** Whom a call is of, and what it is about. */
interface Asked {
  readonly call: Call;
  readonly targets: readonly (string | undefined)[];
  readonly pseudonym: string | undefined;
}

/** A call may run, and took a one-time approval for that. */
interface Taken {
  readonly taken: Approval;
}

/** Undefined: it may run. */
type Judged = Refusal | Taken | undefined;

class Quarantine {
  readonly #book: RestrictionBook;
  readonly #audits: boolean;
  readonly #subjectAs: RestrictOptions['subjectAs'];
  readonly #now: () => number;

  constructor({ book, mode, subjectAs, now }: RestrictOptions) {
    this.#book = book;
    this.#audits = mode === 'audit';
    this.#subjectAs = subjectAs;
    this.#now = now ?? Date.now;
  }

  intercept(call: Call, next: Next): Promise<Result> {
    if (this.#book.isClear || call.direction === 'outbound' || belongsToSession(call)) return next(call);
    const judged = this.#judge(call);
    if (!(judged instanceof Promise)) return this.#proceed(call, next, judged);
    return judged.then((known) => this.#proceed(call, next, known));
  }

  #proceed(call: Call, next: Next, judged: Judged): Promise<Result> {
    if (judged === undefined) return next(call);
    if (!(judged instanceof Refusal)) return this.#once(call, next, judged.taken);
    if (!this.#audits) throw judged;
    const { code, message } = judged;
    call.trail.add({ layer: NAME, kind: 'would_refuse', code, message });
    return next(call);
  }

  /** What a layer behind this one refused was not done, and its approval is still good for it. */
  async #once(call: Call, next: Next, approval: Approval): Promise<Result> {
    try {
      return await next(call);
    } catch (error) {
      if (error instanceof Refusal && call.trail.executed === undefined)
        await this.#book.update(givingBack(approval)).catch(() => undefined);
      throw error;
    }
  }

  /** Never throws, and never rejects: what goes wrong is a refusal. At once where nothing has to be waited for. */
  #judge(call: Call): Judged | Promise<Judged> {
    try {
      if (this.#subjectAs !== undefined && this.#book.hasPseudonyms(this.#now()))
        return this.#subjectAs(call.principal)
          .then((pseudonym) => this.#decide({ call, targets: targetsOf(call), pseudonym }))
          .catch(asRefusal);
      const decided = this.#decide({ call, targets: targetsOf(call), pseudonym: undefined });
      return decided instanceof Promise ? decided.catch(asRefusal) : decided;
    } catch (error) {
      return asRefusal(error);
    }
  }

  #decide(asked: Asked): Judged | Promise<Judged> {
    const standing = this.#standing(asked);
    if (this.#isBlind && (standing === undefined || isApproval(standing))) return cannotName();
    return isApproval(standing) && !this.#audits && asked.call.kind === 'request'
      ? this.#approved(asked)
      : refusalFor(standing);
  }

  /** Whether somebody has approved the call; if not, it is asked for. */
  async #approved({ call, targets, ...asked }: Asked): Promise<Judged> {
    // An admin may have approved it a moment ago, or lifted what stands in its way.
    await this.#book.refresh();
    if (this.#isBlind) return cannotName();
    const pseudonym = asked.pseudonym ?? (await this.#subjectAs?.(call.principal));
    const identified: Asked = { call, targets, pseudonym };
    const approvable = approvableCall(identified);
    const before = this.#standing(identified);
    if (!isApproval(before)) return refusalFor(before);
    const { restrictions } = this.#book;
    const approval = approvalOf(restrictions, approvable);
    const isFree = approval?.any === true && Date.parse(approval.until) > this.#now();
    if (isFree) return undefined;
    // Whoever asks again and again writes nothing.
    const waiting = approval === undefined ? requestOf(restrictions, approvable) : undefined;
    const answer = waiting ?? (await this.#book.update(asking(approvable)));
    const after = this.#standing(identified);
    if (!isApproval(after)) return refusalFor(after);
    if (answer !== 'approved') return needsApproval(answer.id, after);
    return approval === undefined || approval.any ? undefined : { taken: approval };
  }

  /** Whether somebody is restricted whom nobody here could recognize. */
  get #isBlind(): boolean {
    return this.#subjectAs === undefined && this.#book.hasPseudonyms(this.#now());
  }

  /** What stands in the way of a call, of all that it is about. */
  #standing({ call, targets, pseudonym }: Asked): Restriction | 'unavailable' | undefined {
    const now = this.#now();
    const { server, principal } = call;
    const subject = boundedName(principal.subject);
    let found: Restriction | undefined;
    for (const target of targets) {
      const standing = this.#book.standing({ subject, pseudonym, server, target }, now);
      if (standing === 'unavailable') return standing;
      if (standing?.kind === 'quarantine') return standing;
      found ??= standing;
    }
    return found !== undefined && needsNoApproval(call) ? undefined : found;
  }
}

function approvableCall({ call, targets, pseudonym }: Asked): ApprovableCall {
  const { principal, server, method, params } = call;
  // A subscription to several resources is about none of them alone; the digest has them all.
  const [target] = targets.length === 1 ? targets : [];
  return {
    subject: pseudonym ?? boundedName(principal.subject),
    server,
    method,
    ...(target !== undefined && { target }),
    sha256: callDigest(params),
  };
}

function isApproval(standing: Restriction | 'unavailable' | undefined): standing is Restriction {
  return typeof standing === 'object' && standing.kind === 'approval';
}

function refusalFor(standing: Restriction | 'unavailable' | undefined): Refusal | undefined {
  if (standing === undefined) return undefined;
  if (standing === 'unavailable') return cannotTell();
  if (standing.kind === 'approval') return needsApproval(undefined, standing);
  const { id, until, alert } = standing;
  const why = alert === undefined ? `by an admin, ${id}` : `alert ${alert.rule.name}, ${id}`;
  return new Refusal('quarantined', `Quarantined until ${until} (${why}); ask an admin.`, {
    data: { restriction: id, until },
  });
}

/** @param request undefined where none was made: in audit mode, and for a notification, which nobody sends again */
function needsApproval(request: string | undefined, { id, until }: Restriction): Refusal {
  const data = { restriction: id, until };
  if (request === undefined)
    return new Refusal('quarantined', `Needs approval until ${until} (${id}); ask an admin.`, { data });
  return new Refusal(
    'quarantined',
    `Needs approval ${request}: an admin runs "sallyport quarantine approve ${request}"; then send the same call again.`,
    { data: { approval: request, ...data } },
  );
}

function cannotTell(cause?: unknown): Refusal {
  return new Refusal(
    'unavailable',
    'Nobody can tell whether the call is in quarantine, and so it cannot run.',
    {
      ...(cause !== undefined && { cause }),
    },
  );
}

function cannotName(): Refusal {
  return new Refusal(
    'unavailable',
    'Somebody is restricted under a pseudonym, and nobody here can tell whose it is, so that no call can run. An admin lifts that restriction, or has people appear by pseudonyms again.',
    {
      cause: new Error(
        'Restrictions of a subject:... hold only while audit.personal is in force: put it back, or see "sallyport quarantine list" and lift them with "sallyport quarantine lift ID".',
      ),
    },
  );
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof RestrictionsUnreadable || error instanceof RestrictionsError) return cannotTell(error);
  return Refusal.from(error);
}
