import {
  type Call,
  CLIENT_METHODS,
  type Interceptor,
  isJsonObject,
  type JsonObject,
  Refusal,
  type Result,
  untilAborted,
} from '@sallyport/core';
import {
  addEvidence,
  type AttemptRecord,
  type Digest,
  type OutcomeRecord,
  type Writable,
} from './audit-record.ts';
import { type Appearance, NAMELESS, OPEN } from './personal/appearance.ts';
import { hide } from './personal/hidden-call.ts';
import { type PersonalOptions, personalSettings } from './personal/personal-options.ts';
import type { Recorder } from './recorder.ts';
import { sha256 } from './sha256.ts';

export interface AuditOptions {
  readonly recorder: Recorder;
  /** SHA-256 of the policy in force, hexadecimal. */
  readonly policy: string;
  /**
   * Whether arguments and results appear as digests, or not at all; `sealed`: as digests, and encrypted, which needs
   * `personal`. Default: `hash`.
   */
  readonly values?: 'hash' | 'none' | 'sealed';
  /**
   * People appear by pseudonyms, and what belongs to a person can be made unreadable. `client` stays, since it is a program;
   * so do the names of tools and prompts, but for names of people in them. Default: people appear by name.
   */
  readonly personal?: PersonalOptions;
  /**
   * Asked of methods that MCP does not define: whether one may execute something, so that its attempt must be durable
   * first. Default: none does.
   */
  readonly alsoExecutes?: (call: Call) => boolean;
}

/** Methods that execute or disclose: their attempt is durable before the server sees them. */
const EXECUTING: ReadonlySet<string> = new Set([
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'prompts/get',
  'completion/complete',
  'subscriptions/listen',
  'tasks/get',
  'tasks/result',
  'tasks/cancel',
  'tasks/update',
]);

/** The member of the params that names what a call is about. */
const TARGETS: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'resources/subscribe': 'uri',
  'resources/unsubscribe': 'uri',
  'tasks/get': 'taskId',
  'tasks/result': 'taskId',
  'tasks/cancel': 'taskId',
  'tasks/update': 'taskId',
};

const MAX_TARGET = 512;
const MAX_METHOD = 128;

/**
 * Records every request, in both directions, and every notification from the client; notifications of the server only
 * when they were refused, since progress and logging would drown the rest. A call is refused as `unavailable` when it
 * cannot be recorded.
 *
 * @throws TypeError for options that do not go together
 */
export function audit(options: AuditOptions): Interceptor {
  const { recorder, policy, values = 'hash' } = options;
  const json = values === 'none' ? () => undefined : jsonOf;
  const alsoExecutes = options.alsoExecutes ?? (() => false);
  const appearanceOf = appearances(options);

  /** For an outcome a missing value is better than a missing record (values too deep to serialize). */
  const jsonIfAny = (value: unknown): string | undefined => {
    try {
      return json(value);
    } catch {
      return undefined;
    }
  };

  /** What both records of a call begin with. */
  const ofCall = <T extends 'attempt' | 'outcome'>(
    type: T,
    { call, appearance }: Recorded,
    target: Target | undefined,
  ): Writable<OfCall<T>> => {
    const { v, id, time } = recorder.stamp();
    const { server, direction, kind } = call;
    const principal = principalOf(call);
    const method = short(call.method, MAX_METHOD);
    const named = target && appearance.target(target.named, target.isUri);
    // One object of a known form: every call of everybody comes this way twice.
    return named === undefined
      ? { v, id, time, type, policy, call: call.id, server, direction, kind, method, principal }
      : {
          v,
          id,
          time,
          type,
          policy,
          call: call.id,
          server,
          direction,
          kind,
          method,
          target: short(named, MAX_TARGET),
          principal,
        };
  };

  const outcome = (recorded: Recorded, end: Result | Refusal): void => {
    const { call, since, appearance, received } = recorded;
    const refused = end instanceof Refusal;
    if (!refused && call.direction === 'outbound' && call.kind === 'notification') return;
    const target = targetOf(call);
    const record = ofCall('outcome', recorded, target) as Writable<OutcomeRecord>;
    record.status = statusOf(end);
    if (refused) record.refusal = end.code;
    else if (end.error !== undefined) record.error = end.error.code;
    addEvidence(record, call.trail.entries);
    record.durationMs = recorder.now() - since;
    const { executed } = call.trail;
    // Nothing was rewritten: what ran is what the attempt has the digest of.
    const ranAsReceived = received !== undefined && executed === call.params;
    const finished = appearance.finish<OutcomeRecord>(record, {
      uri: uriOf(target),
      executed: executed === undefined || ranAsReceived ? undefined : jsonIfAny(argumentsOf(executed)),
      result: refused ? undefined : jsonIfAny(end.error ?? end.result),
    });
    recorder.soon(ranAsReceived ? Object.assign(finished, { executed: received }) : finished);
  };

  const watch = (recorded: Recorded, run: () => Promise<Result>): Promise<Result> => {
    let answer: Promise<Result>;
    try {
      answer = run();
    } catch (error) {
      const refusal = Refusal.from(error);
      outcome(recorded, refusal);
      throw refusal;
    }
    return untilAborted(answer, recorded.call.signal).then(
      (result) => {
        outcome(recorded, result);
        return result;
      },
      (error: unknown) => {
        const refusal = Refusal.from(error);
        outcome(recorded, refusal);
        throw refusal;
      },
    );
  };

  /** A call whose attempt cannot be kept still leaves an outcome, should the sink take that one. */
  const durably = async (recorded: Recorded): Promise<void> => {
    const { call, appearance } = recorded;
    try {
      const received = json(argumentsOf(call.params));
      const target = targetOf(call);
      const record = appearance.finish<AttemptRecord>(ofCall('attempt', recorded, target), {
        uri: uriOf(target),
        arguments: received,
      });
      recorded.received = record.arguments;
      await recorder.durably(record);
    } catch (cause) {
      throw unrecorded(recorded, cause);
    }
  };

  const unrecorded = (recorded: Recorded, cause: unknown): Refusal => {
    const refusal = new Refusal('unavailable', 'The call cannot be recorded, and so it cannot run.', {
      cause,
    });
    outcome(recorded, refusal);
    return refusal;
  };

  const executes = (call: Call): boolean =>
    call.direction === 'inbound' &&
    (CLIENT_METHODS.has(call.method) ? executesNow(call) : alsoExecutes(call));

  const run = (recorded: Recorded, next: () => Promise<Result>): Promise<Result> => {
    const { call } = recorded;
    if (executes(call)) return durably(recorded).then(() => watch(recorded, next));
    if (call.kind === 'request' && recorder.sink.broken !== undefined) {
      // Kept trying, so that the file is opened anew as soon as it can be.
      throw unrecorded(recorded, recorder.sink.broken);
    }
    return watch(recorded, next);
  };

  return {
    name: 'audit',
    intercept(call, next) {
      const since = recorder.now();
      const proceed = (appearance: Appearance): Promise<Result> =>
        run({ call, since, appearance, received: undefined }, () => next(call));
      const appearance = appearanceOf(call);
      if (!(appearance instanceof Promise)) return proceed(appearance);
      return appearance.then(proceed, (cause: unknown) => {
        // A notification is not answered, and a cancellation has to arrive; as with a sink that is broken.
        if (call.kind === 'notification' && !executes(call)) return proceed(NAMELESS);
        throw unrecorded({ call, since, appearance: NAMELESS, received: undefined }, cause);
      });
    },
  };
}

/** A call, when it came, and how it appears in its records. */
interface Recorded {
  readonly call: Call;
  readonly since: number;
  readonly appearance: Appearance;
  /** Digest of the arguments as the attempt has it. */
  received: Digest | undefined;
}

type OfCall<T> = Omit<AttemptRecord, 'type' | 'arguments'> & { readonly type: T };

function appearances({
  personal,
  values,
  recorder,
}: AuditOptions): (call: Call) => Appearance | Promise<Appearance> {
  if (personal === undefined) {
    if (values === 'sealed')
      throw new TypeError('`values: "sealed"` needs `personal`: the keys to seal them with.');
    return () => OPEN;
  }
  const settings = personalSettings(personal);
  const hiding = { settings, sealsValues: values === 'sealed', revealed: recorder.revealed };
  return (call) => {
    try {
      return hide(call, hiding);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** Revision 2026-07-28 has no `resources/subscribe`; one that names nothing is an unknown method, and answered at once. */
function executesNow({ method, params }: Call): boolean {
  return EXECUTING.has(method) && !(method === 'resources/subscribe' && params['uri'] === undefined);
}

function statusOf(end: Result | Refusal): OutcomeRecord['status'] {
  if (end instanceof Refusal) return 'refused';
  return end.error !== undefined || end.result['isError'] === true ? 'error' : 'ok';
}

/**
 * What is digested: `arguments`, or, where the params say more than a name and arguments (answers to questions, a task,
 * an opaque state), all of them but `_meta`.
 */
function argumentsOf(params: JsonObject): unknown {
  for (const member in params) {
    if (member === '_meta' || member === 'name' || member === 'arguments') continue;
    const { _meta, name: _name, ...all } = params;
    return all;
  }
  return params['arguments'];
}

interface Target {
  readonly named: string;
  readonly isUri: boolean;
}

/** What the call is about, by its method alone: other members that a client adds must not speak for it. */
function targetOf({ method, params }: Call): Target | undefined {
  if (method === 'completion/complete') return targetOfReference(params['ref']);
  const member = TARGETS[method];
  const named = member === undefined ? undefined : params[member];
  return typeof named === 'string' ? { named, isUri: member === 'uri' } : undefined;
}

/**
 * What a call is about, as its records name it while people appear by name. Undefined for methods that are about nothing in
 * particular.
 */
export function recordedTarget(call: Call): string | undefined {
  const target = targetOf(call);
  return target && short(target.named, MAX_TARGET);
}

function targetOfReference(ref: unknown): Target | undefined {
  if (!isJsonObject(ref)) return undefined;
  const isUri = ref['type'] === 'ref/resource';
  const named = ref[isUri ? 'uri' : 'name'];
  return typeof named === 'string' ? { named, isUri } : undefined;
}

function uriOf(target: Target | undefined): string | undefined {
  return target?.isUri === true ? target.named : undefined;
}

/** Too long a text is cut, and its digest put in place of the rest. */
function short(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 80)}...(sha256 ${sha256(text)})`;
}

function principalOf({ principal }: Call): AttemptRecord['principal'] {
  const { subject, roles, client, actor, method } = principal;
  return {
    subject,
    roles,
    ...(client !== undefined && { client }),
    ...(actor !== undefined && { actor }),
    method,
  };
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
