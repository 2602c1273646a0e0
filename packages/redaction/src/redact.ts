import {
  type Call,
  type Interceptor,
  isJsonObject,
  type JsonObject,
  type Next,
  Refusal,
  type Result,
} from '@sallyport/core';
import type { KeyReader } from '@sallyport/detection';

import { Keyed } from './operators/keyed.ts';
import { surrogate } from './operators/surrogate.ts';
import {
  checkOptions,
  type CompiledRestoreRule,
  compileRestoreRules,
  type Limits,
  readLimits,
  readWaits,
  type RedactOptions,
} from './options.ts';
import { fillSlots, type VaultAccess } from './fill-slots.ts';
import { HandedOut } from './handed-out.ts';
import { blockedRefusal, type Pass, type TextTools } from './pass.ts';
import { paramsShape, resultShape, RPC_ERROR, type Treatment } from './protocol-shapes.ts';
import { type Direction, RuleTable, type Scope } from './rule-table.ts';
import { NotificationStreams } from './stream/notification-streams.ts';
import { pieceOf } from './stream/stream-piece.ts';
import { streamReader } from './stream/stream-reader.ts';
import { TextRewriter } from './text-rewriter.ts';
import { type AboutMessage, Walk } from './walk.ts';

/** A message on its way to one side: the rewritten one, and a promise of it only where the vault has to be asked. */
type Rewritten<T> = T | Promise<T>;

const NO_KEYS: KeyReader = { start: 0, step: () => 0, verdict: () => undefined, forget: () => undefined };

/**
 * Rewrites what is found in arguments and in results, and gives chosen tools the values of tokens back. Whatever goes
 * wrong refuses the call.
 *
 * @throws TypeError for options that cannot work, with what to write instead
 */
export function redact(options: RedactOptions): Interceptor {
  return new Redaction(options);
}

class Redaction implements Interceptor {
  readonly name = 'redaction';
  readonly #options: RedactOptions;
  readonly #rules: RuleTable;
  readonly #restore: readonly CompiledRestoreRule[];
  readonly #keys: KeyReader;
  readonly #limits: Limits;
  readonly #toServer: TextTools;
  readonly #toClient: TextTools;
  readonly #vault: VaultAccess;
  readonly #streams: NotificationStreams;
  readonly #handedOut: HandedOut;
  readonly #audit: boolean;

  constructor(options: RedactOptions) {
    checkOptions(options);
    const keyed = options.hmacKey === undefined ? undefined : new Keyed(options.hmacKey);
    const clock = options.clock ?? (() => Date.now());
    this.#options = options;
    this.#rules = new RuleTable(options.rules, { keyed, hasVault: options.vault !== undefined, clock });
    this.#restore = compileRestoreRules(options.restoreFor ?? []);
    this.#keys = options.keyReader ?? NO_KEYS;
    this.#limits = readLimits(options);
    const { maxTokens } = this.#limits;
    const { detector } = options;
    const fallback = surrogate(keyed);
    this.#toServer = { detector, fallback, maxTokens, revealed: undefined };
    this.#toClient = { detector, fallback, maxTokens, revealed: options.revealed };
    this.#handedOut = options.handedOut ?? new HandedOut();
    this.#audit = options.mode === 'audit';
    const { holdMs, vaultTimeoutMs, after } = readWaits(options);
    this.#vault = { vault: options.vault, timeoutMs: vaultTimeoutMs, after };
    this.#streams = new NotificationStreams({
      reader: streamReader(detector, options.revealed),
      // Whoever changes nothing delays nothing.
      holdMs: this.#audit ? 0 : holdMs,
      after,
      clock,
    });
  }

  intercept(call: Call, next: Next): Promise<Result> {
    const { direction, method, params } = call;
    const isInbound = direction === 'inbound';
    const tool = isInbound && method === 'tools/call' ? nameOf(params) : undefined;
    const there = this.#pass(call, isInbound ? 'arguments' : 'results', tool);
    const shape = paramsShape(direction, method);
    if (call.kind === 'notification') return this.#notify(call, next, there, shape);
    const given = there === undefined ? params : this.#rewrite(call, there, params, shape);
    const proceed = (rewritten: JsonObject): Promise<Result> => {
      const sent = rewritten === params ? call : { ...call, params: rewritten };
      const answer = next(sent);
      // Whom the call is about, the tool is told in values where the caller has tokens only.
      const back = this.#pass(sent, isInbound ? 'results' : 'arguments', tool);
      if (back === undefined) return answer;
      return answer.then(
        (result) => {
          this.#endStreams(call);
          return this.#answer(call, back, result, tool);
        },
        (refusal: unknown) => {
          this.#endStreams(call);
          throw refusal;
        },
      );
    };
    return given instanceof Promise ? given.then(proceed) : proceed(given);
  }

  #notify(call: Call, next: Next, pass: Pass | undefined, shape: Treatment): Promise<Result> {
    const { params } = call;
    if (pass === undefined) return next(call);
    const proceed = (rewritten: JsonObject): Promise<Result> =>
      next(rewritten === params ? call : { ...call, params: rewritten });
    const piece = pieceOf(call);
    if (piece === undefined) {
      const given = this.#rewrite(call, pass, params, shape);
      return given instanceof Promise ? given.then(proceed) : proceed(given);
    }
    const { member } = piece;
    return this.#streams.pass(call, piece, {
      rewrite: (edits) =>
        this.#rewrite(call, pass, params, shape, edits.length === 0 ? {} : { edited: { member, edits } }),
      proceed,
    });
  }

  /** What is held back for a request leaves before its answer does. */
  #endStreams(call: Call): void {
    const meta = call.params['_meta'];
    this.#streams.end(call, isJsonObject(meta) ? meta['progressToken'] : undefined);
  }

  #answer(call: Call, pass: Pass, answer: Result, tool: string | undefined): Rewritten<Result> {
    if (answer.error !== undefined) {
      const { error } = answer;
      const rewritten = this.#rewrite(call, pass, error as unknown as JsonObject, RPC_ERROR);
      return then(rewritten, (value) =>
        value === (error as unknown) ? answer : { error: value as typeof error & object },
      );
    }
    const schema = tool === undefined ? undefined : this.#options.schemaOf?.(call.server, tool);
    const rewritten = this.#rewrite(call, pass, answer.result, resultShape(call.direction, call.method), {
      schema,
    });
    return then(rewritten, (result) => (result === answer.result ? answer : { result }));
  }

  /** Undefined where nothing can be found and nothing restored, so that the message is not looked at. */
  #pass(call: Call, direction: Direction, tool: string | undefined): Pass | undefined {
    const { server, principal } = call;
    const scope = { server, roles: this.#options.rolesOf?.(principal) ?? principal.roles };
    const table = this.#rules.find(scope, direction, tool);
    const restores = direction === 'arguments' ? this.#restores(scope, tool) : undefined;
    const conceals = direction === 'results' && (this.#options.revealed?.size ?? 0) > 0;
    if (table === undefined && restores === undefined && !conceals) return undefined;
    const { tenantOf, aboutOf } = this.#options;
    return {
      direction,
      operatorOf: (entity) => table?.operatorOf(entity),
      owner: { tenant: tenantOf?.(call) ?? '', subject: call.principal.subject, about: aboutOf?.(call) },
      restores,
      known: direction === 'results' ? this.#handedOut.on(call) : undefined,
      dry: this.#audit,
    };
  }

  #restores({ server, roles }: Scope, tool: string | undefined): Pass['restores'] {
    if (this.#restore.length === 0 || tool === undefined) return undefined;
    const rules = this.#restore.filter(
      (rule) =>
        rule.tools(tool) &&
        (rule.servers === undefined || rule.servers(server)) &&
        (rule.roles === undefined || roles.some((role) => rule.roles?.has(role) === true)),
    );
    if (rules.length === 0) return undefined;
    return (entity) => rules.some(({ entities }) => entities === undefined || entities.has(entity));
  }

  #rewrite(
    call: Call,
    pass: Pass,
    message: JsonObject,
    shape: Treatment,
    about: AboutMessage = {},
  ): Rewritten<JsonObject> {
    try {
      return this.#rewriteOrThrow(call, pass, message, shape, about);
    } catch (error) {
      const refusal = Refusal.from(error);
      if (!this.#audit) throw refusal;
      this.#wouldRefuse(call, refusal);
      return message;
    }
  }

  #rewriteOrThrow(
    call: Call,
    pass: Pass,
    message: JsonObject,
    shape: Treatment,
    about: AboutMessage,
  ): Rewritten<JsonObject> {
    const tools = pass.direction === 'arguments' ? this.#toServer : this.#toClient;
    const walkOnce = (earlier?: TextRewriter): { readonly texts: TextRewriter; readonly walk: Walk } => {
      const texts = new TextRewriter(tools, pass, earlier);
      const walk = new Walk(texts, this.#keys, this.#limits, about);
      walk.run(message, shape);
      return { texts, walk };
    };
    let { texts, walk } = walkOnce();
    // A name that was learned at the end stands perhaps in a text at the beginning.
    if (texts.needsAnotherLook) ({ texts, walk } = walkOnce(texts));
    if (this.#audit) {
      for (const entity of texts.blocked) this.#wouldRefuse(call, blockedRefusal(entity, pass.direction));
      this.#record(call, pass, texts);
      return message;
    }
    if (texts.slots.length === 0) {
      this.#record(call, pass, texts);
      return walk.rewritten;
    }
    return fillSlots(this.#vault, pass.owner, texts).then(() => {
      walk.settle();
      this.#handedOut.note(call, texts.restored);
      this.#record(call, pass, texts);
      return walk.rewritten;
    });
  }

  #wouldRefuse(call: Call, { code, message }: Refusal): void {
    call.trail.add({ layer: this.name, kind: 'would_refuse', code, message });
  }

  #record(call: Call, { direction }: Pass, { counts }: TextRewriter): void {
    const kind = this.#audit ? 'would_redact' : 'redacted';
    for (const { operator, entity, count } of counts) {
      call.trail.add({ layer: this.name, kind, direction, entity, operator, count });
    }
  }
}

function then<T, U>(value: Rewritten<T>, change: (value: T) => U): Rewritten<U> {
  return value instanceof Promise ? value.then(change) : change(value);
}

function nameOf(params: JsonObject): string | undefined {
  const { name } = params;
  return typeof name === 'string' ? name : undefined;
}
