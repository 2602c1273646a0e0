import { createHash } from 'node:crypto';
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
import { type AttemptRecord, type Digest, evidenceMembers, type OutcomeRecord } from './audit-record.ts';
import type { Recorder } from './recorder.ts';

export interface AuditOptions {
  readonly recorder: Recorder;
  /** SHA-256 of the policy in force, hexadecimal. */
  readonly policy: string;
  /** Whether arguments and results appear as digests, or not at all. Default: `hash`. */
  readonly values?: 'hash' | 'none';
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
 */
export function audit(options: AuditOptions): Interceptor {
  const { recorder, policy } = options;
  const digest = options.values === 'none' ? () => undefined : digestOf;
  const alsoExecutes = options.alsoExecutes ?? (() => false);

  /** For an outcome a missing digest is better than a missing record (values too deep to serialize). */
  const digestIfAny = (value: unknown): Digest | undefined => {
    try {
      return digest(value);
    } catch {
      return undefined;
    }
  };

  const ofCall = (call: Call): Omit<AttemptRecord, 'type' | 'arguments'> => ({
    ...recorder.stamp(),
    policy,
    call: call.id,
    server: call.server,
    direction: call.direction,
    kind: call.kind,
    method: short(call.method, MAX_METHOD),
    ...targetOf(call),
    principal: principalOf(call),
  });

  const outcome = (call: Call, since: number, end: Result | Refusal): void => {
    const refused = end instanceof Refusal;
    if (!refused && call.direction === 'outbound' && call.kind === 'notification') return;
    const executed = call.trail.executed && digestIfAny(argumentsOf(call.trail.executed));
    const result = refused ? undefined : digestIfAny(end.error ?? end.result);
    const record: OutcomeRecord = {
      ...ofCall(call),
      type: 'outcome',
      status: statusOf(end),
      ...(refused && { refusal: end.code }),
      ...(!refused && end.error !== undefined && { error: end.error.code }),
      ...evidenceMembers(call.trail.entries),
      ...(executed && { executed }),
      ...(result && { result }),
      durationMs: recorder.now() - since,
    };
    recorder.soon(record);
  };

  const watch = (call: Call, since: number, run: () => Promise<Result>): Promise<Result> => {
    let answer: Promise<Result>;
    try {
      answer = run();
    } catch (error) {
      const refusal = Refusal.from(error);
      outcome(call, since, refusal);
      throw refusal;
    }
    return untilAborted(answer, call.signal).then(
      (result) => {
        outcome(call, since, result);
        return result;
      },
      (error: unknown) => {
        const refusal = Refusal.from(error);
        outcome(call, since, refusal);
        throw refusal;
      },
    );
  };

  /** A call whose attempt cannot be kept still leaves an outcome, should the sink take that one. */
  const durably = async (call: Call, since: number): Promise<void> => {
    try {
      const received = digest(argumentsOf(call.params));
      await recorder.durably({ ...ofCall(call), type: 'attempt', ...(received && { arguments: received }) });
    } catch (cause) {
      const refusal = unrecordable(cause);
      outcome(call, since, refusal);
      throw refusal;
    }
  };

  return {
    name: 'audit',
    intercept(call, next) {
      const since = recorder.now();
      const executes =
        call.direction === 'inbound' &&
        (CLIENT_METHODS.has(call.method) ? executesNow(call) : alsoExecutes(call));
      if (executes) return durably(call, since).then(() => watch(call, since, () => next(call)));
      if (call.kind === 'request' && recorder.sink.broken !== undefined) {
        // Kept trying, so that the file is opened anew as soon as it can be.
        const refusal = unrecordable(recorder.sink.broken);
        outcome(call, since, refusal);
        throw refusal;
      }
      return watch(call, since, () => next(call));
    },
  };
}

/** Revision 2026-07-28 has no `resources/subscribe`; one that names nothing is an unknown method, and answered at once. */
function executesNow({ method, params }: Call): boolean {
  return EXECUTING.has(method) && !(method === 'resources/subscribe' && params['uri'] === undefined);
}

function unrecordable(cause: unknown): Refusal {
  return new Refusal('unavailable', 'The call cannot be recorded, and so it cannot run.', { cause });
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
  const { _meta, name: _name, arguments: given, ...more } = params;
  for (const _ in more) return given === undefined ? more : { arguments: given, ...more };
  return given;
}

/** What the call is about, by its method alone: other members that a client adds must not speak for it. */
function targetOf({ method, params }: Call): { readonly target?: string } {
  const named = params[TARGETS[method] ?? 'name'];
  if (method === 'completion/complete') return targetOfReference(params['ref']);
  return typeof named === 'string' && method in TARGETS ? { target: short(named, MAX_TARGET) } : {};
}

function targetOfReference(ref: unknown): { readonly target?: string } {
  if (!isJsonObject(ref)) return {};
  const named = ref[ref['type'] === 'ref/resource' ? 'uri' : 'name'];
  return typeof named === 'string' ? { target: short(named, MAX_TARGET) } : {};
}

/** Too long a text is cut, and its digest put in place of the rest. */
function short(text: string, length: number): string {
  if (text.length <= length) return text;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, length - 80)}...(sha256 ${sha256})`;
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

function digestOf(value: unknown): Digest | undefined {
  if (value === undefined) return undefined;
  const bytes = Buffer.from(JSON.stringify(value));
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}
