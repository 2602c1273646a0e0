import {
  type Call,
  type Interceptor,
  isModern,
  type JsonObject,
  type Mode,
  type Next,
  Refusal,
  type Result,
} from '@sallyport/core';
import { accessOf, type List, type Need } from './access.ts';
import { filterList } from './filter-list.ts';
import { type Decision, DENY_BY_DEFAULT, type Rbac } from './rbac.ts';

export interface AuthorizeOptions {
  /** What `compileRbac` made. */
  readonly rbac: Rbac;
  /** Default: `enforce`. `audit` records what would have been refused or removed, and changes nothing. */
  readonly mode?: Mode;
}

const NAME = 'rbac';

/**
 * Lets through what the policy permits the principal, and filters lists from the same rules. It decides over
 * the arguments as they arrive here, so whatever changes arguments belongs before it. Calls from the server
 * to the client pass: a policy says what clients may do.
 *
 * @throws TypeError when `rbac` or `mode` is not what it should be
 */
export function authorize(options: AuthorizeOptions): Interceptor {
  const { rbac, mode = 'enforce' } = options;
  if (typeof rbac?.decide !== 'function' || typeof rbac.couldPermit !== 'function') {
    throw new TypeError(
      'authorize({ rbac }) needs a compiled policy; write compileRbac({ policy }), and use its rbac.',
    );
  }
  if (mode !== 'enforce' && mode !== 'audit') {
    throw new TypeError("authorize({ mode }) is 'enforce' or 'audit'.");
  }
  const layer = new Authorization(rbac, mode);
  // Not async: a refusal thrown in the tick of delivery lets SDK v2 answer HTTP 404 for an unknown method.
  return { name: NAME, intercept: (call, next) => layer.intercept(call, next) };
}

class Authorization {
  readonly #rbac: Rbac;
  readonly #audits: boolean;

  constructor(rbac: Rbac, mode: Mode) {
    this.#rbac = rbac;
    this.#audits = mode === 'audit';
  }

  intercept(call: Call, next: Next): Promise<Result> {
    if (call.direction === 'outbound') return next(call);
    const access = accessOf(call);
    switch (access.kind) {
      case 'pass':
        break;
      case 'list':
        return next(call).then((result) => this.#filter(call, access.list, result));
      case 'need':
        this.#demand(call, access.needs);
        break;
      case 'method': {
        const decision = this.#decide(call, access.need);
        record(call, decision);
        if (decision.effect === 'deny') this.#refuse(call, unknownMethod(call));
        break;
      }
      case 'malformed':
        record(call, DENY_BY_DEFAULT);
        this.#refuse(call, new Refusal('invalid_params', access.message));
        break;
    }
    return next(call);
  }

  #demand(call: Call, needs: readonly Need[]): void {
    // A subscription may name many resources, most of them under one rule: one entry for each rule.
    const decisions = new Set<Decision>();
    for (const need of needs) {
      const decision = this.#decide(call, need);
      if (!decisions.has(decision)) record(call, decision);
      decisions.add(decision);
      if (decision.effect === 'deny') {
        this.#refuse(call, Refusal.notPermitted());
        return;
      }
    }
  }

  #decide({ principal, server }: Call, { object, action, args }: Need): Decision {
    return this.#rbac.decide({ principal, server, object, action, args });
  }

  #filter(call: Call, list: List, answer: Result): Result {
    if (answer.error !== undefined) return answer;
    const { principal, server } = call;
    const { result, removed, total } = filterList(this.#rbac, list, { principal, server }, answer.result);
    if (this.#audits) {
      if (removed > 0) {
        const message = `${removed} of ${total} entries would be removed from the list.`;
        call.trail.add({ layer: NAME, kind: 'would_refuse', code: 'permission_denied', message });
      }
      return answer;
    }
    if (removed > 0) call.trail.add({ layer: NAME, kind: 'filtered', removed });
    const delivered = isModern(call.params) ? asPrivate(result) : result;
    return delivered === answer.result ? answer : { result: delivered };
  }

  #refuse(call: Call, refusal: Refusal): void {
    if (!this.#audits) throw refusal;
    const { code, message } = refusal;
    call.trail.add({ layer: NAME, kind: 'would_refuse', code, message });
  }
}

function record(call: Call, { effect, rule, at }: Decision): void {
  call.trail.add({ layer: NAME, kind: 'decision', effect, rule, at });
}

function unknownMethod(call: Call): Refusal {
  return call.kind === 'request'
    ? new Refusal('method_not_found', 'Method not found')
    : Refusal.notPermitted();
}

/** A list that was made for one principal may not be cached for others (MCP 2026-07-28, `cacheScope`). */
function asPrivate(result: JsonObject): JsonObject {
  return result['cacheScope'] === 'private' ? result : { ...result, cacheScope: 'private' };
}
