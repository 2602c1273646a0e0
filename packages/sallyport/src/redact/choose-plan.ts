import { existsSync } from 'node:fs';
import {
  loadPolicy,
  planFor,
  type Policy,
  principalFrom,
  type RedactionOperator,
  type RedactTextsOptions,
} from '@sallyport/policy';
import { type PlaceOfCall, placeOfCall } from '../place-of-call.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';

export interface PlanOptions {
  /** Default: `sallyport.yaml`. */
  readonly policy?: string;
  /** Instead of a policy. */
  readonly pack?: readonly string[];
  readonly operator?: RedactionOperator;
  readonly subject?: string;
  readonly role?: readonly string[];
  readonly server?: string;
  readonly tool?: string;
}

/** What is done, for whom and where. */
export interface ChosenPlan extends PlaceOfCall {
  readonly plan: RedactTextsOptions['plan'];
  readonly principal: RedactTextsOptions['principal'];
  readonly policy: Policy | undefined;
  /** Roles as the rules of the policy give them; undefined without one. */
  readonly rolesOf: RedactTextsOptions['rolesOf'];
}

/** @throws PolicyError; TypeError for options that cannot work, with what to write instead */
export async function choosePlan(options: PlanOptions): Promise<ChosenPlan> {
  const { pack, operator, subject, role } = options;
  if (pack !== undefined) {
    if (operator === 'token') {
      throw new TypeError(
        'tokens of a pack alone would mean nothing to anybody; name a policy that says where they are kept',
      );
    }
    const plan = planFor({ pack, ...(operator !== undefined && { operator }) });
    const principal = principalFrom({ subject, roles: role });
    return { plan, principal, policy: undefined, rolesOf: undefined, ...placeOfCall(undefined, options) };
  }
  const file = options.policy ?? 'sallyport.yaml';
  if (!existsSync(file)) {
    throw new TypeError(
      `${file} is not there; name a policy with --policy, or a pack in its place, such as --pack gdpr`,
    );
  }
  const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
  if (policy.redaction === undefined) {
    throw new TypeError(
      `${file} says nothing about redaction; add "redaction: { results: { pack: ... } }", or use --pack`,
    );
  }
  const principal = principalOf(policy, options);
  const rolesOf: ChosenPlan['rolesOf'] = (someone) => policy.rbac.rolesOf(someone);
  return { plan: policy.redaction, principal, policy, rolesOf, ...placeOfCall(policy, options) };
}

function principalOf({ identity }: Policy, { subject, role }: PlanOptions): ChosenPlan['principal'] {
  if (subject !== undefined || role !== undefined || identity.stdio === undefined)
    return principalFrom({ subject, roles: role });
  const { subject: named, roles, client } = identity.stdio;
  const known = named.startsWith('env:') ? process.env[named.slice('env:'.length)] : named;
  // As `run` does: somebody else's rules must not hold because a variable was forgotten.
  if (known === undefined || known === '') {
    throw new TypeError(
      `identity.stdio.subject names ${named}, which is not set; set that variable, or say --subject NAME.`,
    );
  }
  return principalFrom({ subject: known, roles, client });
}
