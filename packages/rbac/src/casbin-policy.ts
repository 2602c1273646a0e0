import type { Principal } from '@sallyport/core';
import type { Enforcer } from 'casbin';
import type { Condition, Facts } from './condition/condition.ts';
import { coversObject, type ObjectPattern, type RuleEffect } from './object-pattern.ts';
import { type Identity, namesOf, PrincipalMemo } from './principal-memo.ts';
import {
  type AccessRequest,
  type Ask,
  type Decision,
  DENY_BY_DEFAULT,
  type Explanation,
  type Rbac,
} from './rbac.ts';
import type { Roles } from './roles.ts';
import { type Glob, matchesGlob } from './segment-glob.ts';
import { FALSE, TRUE } from './tri.ts';
import { isPlainName } from './uri.ts';

/** A rule as casbin holds it: its fields, by identity. */
export type CasbinRule = string[];

export interface CasbinPolicyParts {
  readonly enforcer: Enforcer;
  readonly size: number;
  readonly request: readonly string[];
  readonly domains: ReadonlyMap<string, Roles>;
  readonly places: ReadonlyMap<CasbinRule, { readonly text: string; readonly at: string }>;
  readonly objectGlobs: ReadonlyMap<string, ObjectPattern>;
  readonly globs: ReadonlyMap<string, Glob>;
  readonly conditions: ReadonlyMap<string, Condition | undefined>;
}

/** What casbin's functions have to know of the question that is being evaluated. */
interface Question {
  readonly facts: Facts;
  readonly identities: (domain: string) => Identity;
  readonly names: readonly string[];
  readonly prefix: boolean;
}

/**
 * A policy that casbin itself evaluates, rule by rule. An error of its, or a policy without rules, denies.
 */
export class CasbinPolicy implements Rbac {
  readonly engine = 'casbin';
  readonly size: number;
  readonly #parts: CasbinPolicyParts;
  readonly #memos: ReadonlyMap<string, PrincipalMemo>;
  #question: Question | undefined;

  constructor(parts: CasbinPolicyParts) {
    this.size = parts.size;
    this.#parts = parts;
    this.#memos = new Map([...parts.domains].map(([domain, roles]) => [domain, new PrincipalMemo(roles)]));
    const { enforcer } = parts;
    // Casbin's `addFunction` is async by signature only, like its `addLink`: what it does is done when it
    // returns.
    void enforcer.addFunction('segmentGlob', this.#segmentGlob);
    void enforcer.addFunction('when', this.#when);
    for (const assertion of enforcer.getModel().model.get('g')?.values() ?? []) {
      assertion.rm = Object.assign(assertion.rm, { syncedHasLink: this.#hasLink });
    }
  }

  decide(request: AccessRequest): Decision {
    return this.#ask(request, request.args, false);
  }

  couldPermit(ask: Ask & { readonly prefix?: boolean }): boolean {
    return this.#ask(ask, undefined, ask.prefix === true).effect === 'permit';
  }

  rolesOf({ roles }: Principal): readonly string[] {
    return roles;
  }

  explain(request: AccessRequest): Explanation {
    const decision = this.decide(request);
    return { decision, subjects: namesOf(request.principal), rules: [] };
  }

  #ask(ask: Ask, args: AccessRequest['args'] | undefined, prefix: boolean): Decision {
    const { enforcer, places, request } = this.#parts;
    // Without rules, casbin evaluates the matcher over empty fields, and two empty strings are equal.
    if (places.size === 0) return DENY_BY_DEFAULT;
    const { principal } = ask;
    this.#question = {
      facts: { args, principal },
      identities: (domain) => this.#memos.get(domain)?.identityOf(principal) ?? NOBODY,
      names: namesOf(principal),
      prefix,
    };
    const fields: Readonly<Record<string, unknown>> = {
      sub: new Subject(ask),
      srv: ask.server,
      dom: ask.server,
      obj: ask.object,
      act: ask.action,
      args: args ?? {},
      principal,
    };
    try {
      const [permitted, rule] = enforcer.enforceExSync(...request.map((name) => fields[name]));
      const place = places.get(rule);
      if (!permitted && place === undefined) return DENY_BY_DEFAULT;
      return { effect: permitted ? 'permit' : 'deny', rule: place?.text, at: place?.at };
    } catch {
      return DENY_BY_DEFAULT;
    } finally {
      this.#question = undefined;
    }
  }

  /** `g(r.sub, p.sub)`: by every name of the principal, however deep; between other names as granted. */
  readonly #hasLink = (member: string, role: string, domain = ''): boolean => {
    const question = this.#current();
    if (member === role) return true;
    const isPrincipal = member === question.names[0];
    if (isPrincipal && question.names.includes(role)) return true;
    const roles = this.#parts.domains.get(domain);
    const id = roles?.find(role);
    if (roles === undefined || id === undefined) return false;
    return (isPrincipal ? question.identities(domain).set : roles.closure([member])).has(id);
  };

  readonly #segmentGlob = (name: unknown, pattern: unknown, eft: unknown): boolean => {
    const effect: RuleEffect = eft === 'deny' ? 'deny' : 'allow';
    if (typeof name !== 'string' || typeof pattern !== 'string') return effect === 'deny';
    const object = this.#parts.objectGlobs.get(pattern);
    if (object !== undefined) {
      return this.#current().prefix ? coversPrefix(object, effect, name) : coversObject(object, effect, name);
    }
    const glob = this.#parts.globs.get(pattern);
    return glob !== undefined && matchesGlob(glob, name);
  };

  readonly #when = (condition: unknown, eft: unknown): boolean => {
    const { facts } = this.#current();
    const compiled = typeof condition === 'string' ? this.#parts.conditions.get(condition) : undefined;
    if (compiled === undefined) return true;
    const outcome = compiled(facts);
    if (facts.args === undefined) return eft === 'deny' ? (outcome & FALSE) === 0 : (outcome & TRUE) !== 0;
    return eft === 'deny' ? outcome !== FALSE : outcome === TRUE;
  };

  #current(): Question {
    if (this.#question === undefined) throw new Error('No question is being asked.');
    return this.#question;
  }
}

const NOBODY: Identity = { ids: [], set: new Set(), marks: 0 };

/** `r.sub`: compares and prints as `user:<subject>`, and has the principal's members. */
class Subject {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly client: string | undefined;
  readonly claims: object;

  constructor({ principal }: Ask) {
    this.subject = principal.subject;
    this.roles = principal.roles;
    this.client = principal.client;
    this.claims = principal.claims;
  }

  toString(): string {
    return `user:${this.subject}`;
  }
}

/** Whether a pattern covers some object that begins so (allow), or every one (deny). */
function coversPrefix(pattern: ObjectPattern, effect: RuleEffect, prefix: string): boolean {
  const colon = prefix.indexOf(':');
  const name = prefix.slice(colon + 1);
  if (effect === 'allow' && prefix.startsWith('resource:') && !isPlainName(`${name}x`)) return false;
  if (pattern.kind === 'everything') return true;
  if (pattern.of !== prefix.slice(0, Math.max(colon, 0))) return false;
  const segments = pattern.glob.segments;
  const parts = name.split('/');
  for (const [i, part] of parts.entries()) {
    const segment = segments[i];
    if (segment === undefined) return false;
    if (segment.kind === 'deep') return effect === 'allow' || i === segments.length - 1;
    const last = i === parts.length - 1;
    if (last && effect === 'deny') return false;
    if (segment.kind === 'any') {
      if (!last && part === '') return false;
    } else if (last) {
      const first = segment.kind === 'literal' ? segment.text : (segment.chunks[0] ?? '');
      if (!first.startsWith(part) && !(segment.kind === 'wild' && part.startsWith(first))) return false;
    } else if (!matchesGlob({ segments: [segment], exact: undefined }, part)) {
      return false;
    }
  }
  return true;
}
