import type { Principal } from '@sallyport/core';
import type { Facts } from './condition/condition.ts';
import { compileCondition } from './condition/condition.ts';
import { readLine } from './csv.ts';
import { coversObject, parseObjectPattern } from './object-pattern.ts';
import { type Identity, namesOf, PrincipalMemo } from './principal-memo.ts';
import {
  type AccessRequest,
  type Ask,
  type Decision,
  DENY_BY_DEFAULT,
  type ExplainedRule,
  type Explanation,
  type Rbac,
} from './rbac.ts';
import type { Roles } from './roles.ts';
import type { Rule } from './rule.ts';
import type { Lookup, RuleIndex } from './rule-index.ts';
import { matchesGlob, parseGlob } from './segment-glob.ts';
import { prefixTargetOf, targetOf } from './target.ts';
import { FALSE, TRUE } from './tri.ts';

const ROLE = 'role:';

/** A policy under the shipped model, as an index. */
export class IndexedPolicy implements Rbac {
  readonly engine = 'index';
  readonly size: number;
  readonly #roles: Roles;
  readonly #rules: readonly Rule[];
  readonly #allow: RuleIndex;
  readonly #deny: RuleIndex;
  readonly #memo: PrincipalMemo;
  readonly #roleNames = new WeakMap<Identity, readonly string[]>();

  constructor(parts: {
    readonly size: number;
    readonly roles: Roles;
    /** In the order of the file. */
    readonly rules: readonly Rule[];
    readonly allow: RuleIndex;
    readonly deny: RuleIndex;
  }) {
    this.size = parts.size;
    this.#roles = parts.roles;
    this.#rules = parts.rules;
    this.#allow = parts.allow;
    this.#deny = parts.deny;
    this.#memo = new PrincipalMemo(parts.roles);
  }

  decide(request: AccessRequest): Decision {
    const { server, action, object } = request;
    const identity = this.#memo.identityOf(request.principal);
    const lookup: Lookup = {
      identity,
      server,
      action,
      target: targetOf(object),
      question: 'call',
      facts: request,
    };
    const rule = this.#deny.denying(lookup) ?? this.#allow.allowing(lookup);
    return rule === undefined ? DENY_BY_DEFAULT : rule.decision;
  }

  couldPermit({ principal, server, action, object, prefix }: Ask & { readonly prefix?: boolean }): boolean {
    const identity = this.#memo.identityOf(principal);
    const target = prefix === true ? prefixTargetOf(object) : targetOf(object);
    const facts: Facts = { args: undefined, principal };
    const lookup: Lookup = { identity, server, action, target, question: 'use', facts };
    return prefix === true
      ? !this.#deny.denyingPrefix(lookup) && this.#allow.allowingPrefix(lookup)
      : this.#deny.denying(lookup) === undefined && this.#allow.allowing(lookup) !== undefined;
  }

  rolesOf(principal: Principal): readonly string[] {
    const identity = this.#memo.identityOf(principal);
    let roles = this.#roleNames.get(identity);
    if (roles === undefined) {
      const reached = identity.ids
        .map((id) => this.#roles.nameOf(id))
        .filter((name) => name.startsWith(ROLE));
      roles = [...new Set([...principal.roles, ...reached.map((name) => name.slice(ROLE.length))])];
      this.#roleNames.set(identity, roles);
    }
    return roles;
  }

  explain(request: AccessRequest): Explanation {
    const reached = this.#roles.closure(namesOf(request.principal));
    return {
      decision: this.decide(request),
      subjects: [
        ...new Set([...namesOf(request.principal), ...[...reached].map((id) => this.#roles.nameOf(id))]),
      ],
      rules: this.#rules
        .filter((rule) => reached.has(rule.subject))
        .map((rule) => explainRule(rule, this.#roles.nameOf(rule.subject), request)),
    };
  }
}

/** Reads the rule's line again and matches it alone, without the index: an independent second opinion. */
function explainRule(rule: Rule, subject: string, request: AccessRequest): ExplainedRule {
  const { effect } = rule;
  const fields = readLine(rule.text);
  const [, , srv = '', obj = '', act = '', cond = ''] =
    'message' in fields ? [] : fields.map(({ value }) => value);
  const matches = (text: string, name: string): boolean => {
    const glob = parseGlob(text);
    return !('message' in glob) && matchesGlob(glob, name);
  };
  const pattern = parseObjectPattern(obj, effect);
  const server = matches(srv, request.server);
  const action = matches(act, request.action);
  const object = !('message' in pattern) && coversObject(pattern, effect, request.object);
  const compiled = compileCondition(cond);
  const covered = server && action && object;
  const outcome = covered && typeof compiled === 'function' ? compiled(request) : undefined;
  return {
    rule: rule.text,
    at: rule.at,
    effect,
    subject,
    server,
    object,
    action,
    condition:
      outcome === undefined ? 'none' : outcome === TRUE ? 'true' : outcome === FALSE ? 'false' : 'unknown',
    applies: covered && rule.counts('call', request),
  };
}
