import {
  ANONYMOUS,
  type Call,
  compose,
  type Evidence,
  type Interceptor,
  type Principal,
  Refusal,
  type Result,
} from '@sallyport/core';
import { authorize } from '@sallyport/rbac';
import type { Policy } from './policy.ts';

/** A call as tests and `explain` describe it. */
export interface Question {
  readonly principal: Principal;
  /** Default: `default`. */
  readonly server: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What the server would answer; matters for lists. Default: an empty result. */
  readonly answer?: Result | undefined;
}

export interface Answer {
  readonly effect: 'permit' | 'deny';
  /** The deciding rule and where it stands; undefined when no rule matched, or none was asked. */
  readonly rule: string | undefined;
  readonly at: string | undefined;
  readonly result: Result | undefined;
  /** Why it was refused where no rule decided, such as by redaction. */
  readonly why: string | undefined;
  /** The arguments that would reach the tool; undefined where the call would not. */
  readonly received: unknown;
  /** What was rewritten, by entity: the operator. */
  readonly redacted: Readonly<Record<'arguments' | 'results', ReadonlyMap<string, string>>>;
}

/**
 * What a policy decides about a call, by the same interceptors that guard real ones. Nothing is executed.
 *
 * @param redaction of this policy, where what it rewrites matters: see `rehearse`
 */
export async function decide(policy: Policy, question: Question, redaction?: Interceptor): Promise<Answer> {
  const entries: Evidence[] = [];
  const call: Call = {
    id: 'question',
    direction: 'inbound',
    kind: 'request',
    server: question.server,
    method: question.method,
    params: question.params,
    principal: question.principal,
    trail: { entries, executed: undefined, add: (evidence) => void entries.push(evidence) },
    signal: new AbortController().signal,
  };
  let received: unknown;
  const last = ({ params }: Call): Promise<Result> => {
    received = params['arguments'];
    return Promise.resolve(question.answer ?? { result: {} });
  };
  const layers = [
    ...(redaction === undefined ? [] : [redaction]),
    authorize({ rbac: policy.rbac, mode: 'enforce' }),
  ];
  const guarded = compose(layers, last);
  let result: Result | undefined;
  let why: string | undefined;
  try {
    result = await guarded(call);
  } catch (error) {
    const { code, message } = Refusal.from(error);
    why = message;
    if (code !== 'permission_denied' && code !== 'method_not_found') throw error;
  }
  const decision = entries.find((entry) => entry.kind === 'decision');
  return {
    effect: result === undefined ? 'deny' : 'permit',
    rule: decision?.rule,
    at: decision?.at,
    result,
    why: decision === undefined ? why : undefined,
    received,
    redacted: { arguments: operatorsIn(entries, 'arguments'), results: operatorsIn(entries, 'results') },
  };
}

function operatorsIn(
  entries: readonly Evidence[],
  direction: 'arguments' | 'results',
): ReadonlyMap<string, string> {
  const found = entries.flatMap((entry) =>
    entry.kind === 'redacted' && entry.direction === direction
      ? [[entry.entity, entry.operator] as const]
      : [],
  );
  return new Map(found);
}

/** A principal from the words of a test file or the command line. */
export function principalFrom(words: {
  readonly subject?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly client?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}): Principal {
  const { subject, roles = [], client, claims = {} } = words;
  if (subject === undefined && roles.length === 0 && client === undefined) return ANONYMOUS;
  return {
    subject: subject ?? ANONYMOUS.subject,
    roles,
    ...(client !== undefined && { client }),
    claims,
    method: 'custom',
  };
}
