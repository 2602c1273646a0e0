import type { JsonObject, Principal } from '@sallyport/core';

/** What `rbac` answers. */
export interface Decision {
  readonly effect: 'permit' | 'deny';
  /** The rule that decided, as it stands in the file; undefined where none permits. */
  readonly rule: string | undefined;
  /** Where that rule stands: `rbac_policy.csv:12`. */
  readonly at: string | undefined;
}

/** A question about use in general, before arguments are known. */
export interface Ask {
  readonly principal: Principal;
  /** The name by which the policy knows the guarded server. */
  readonly server: string;
  /** `tool:get_patient`, `resource:file:///data/x`, `prompt:summary`, `task:<id>`, `method:<method>`. */
  readonly object: string;
  /** `call` a tool or method, `read` a resource, `get` a prompt. */
  readonly action: string;
}

/** A question about one call. */
export interface AccessRequest extends Ask {
  /** What conditions read as `args`. */
  readonly args: JsonObject;
}

/** A rule that names the principal, and how far it matched. */
export interface ExplainedRule {
  readonly rule: string;
  readonly at: string;
  readonly effect: 'allow' | 'deny';
  /** The name in the rule by which it reaches the principal: `role:clinician`. */
  readonly subject: string;
  readonly server: boolean;
  readonly object: boolean;
  readonly action: boolean;
  /** `none`: the rule has no condition, or did not match far enough to read it. */
  readonly condition: 'none' | 'true' | 'false' | 'unknown';
  /**
   * Whether the rule takes part in the decision. An unknown condition makes a deny rule apply, and no allow
   * rule.
   */
  readonly applies: boolean;
}

export interface Explanation {
  readonly decision: Decision;
  /** Everything the principal is: its own names, and every role it reaches. */
  readonly subjects: readonly string[];
  /** In the order of the files. Empty where casbin decides: it tells the deciding rule only. */
  readonly rules: readonly ExplainedRule[];
}

/** A compiled policy. Immutable: to change a policy, compile another. */
export interface Rbac {
  /** How many rules it holds, grants of roles included. */
  readonly size: number;
  /** `index`: compiled. `casbin`: the model needs casbin itself, which looks at every rule. */
  readonly engine: 'index' | 'casbin';
  /** Deny overrides allow; without a rule, deny. Never throws. */
  decide(request: AccessRequest): Decision;
  /**
   * Whether some arguments exist with which `decide` could permit, as far as conditions tell: what lists are
   * filtered by. With `prefix`, of a resource: whether that holds for some resource that begins with
   * `object`.
   */
  couldPermit(ask: Ask & { readonly prefix?: boolean }): boolean;
  /**
   * The roles of a principal, without `role:`, those included that they inherit or that the subject or client was granted.
   * With casbin as the engine: those that the principal came with.
   */
  rolesOf(principal: Principal): readonly string[];
  /** Why. Looks at every rule: for people, not for calls. */
  explain(request: AccessRequest): Explanation;
}

/** No rule permits. */
export const DENY_BY_DEFAULT: Decision = Object.freeze({ effect: 'deny', rule: undefined, at: undefined });
