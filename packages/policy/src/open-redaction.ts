import type { Interceptor, Mode, Principal, RevealedSecrets, Secret } from '@sallyport/core';
import { createKeyReader } from '@sallyport/detection';
import { type HandedOut, redact, type TokenVault } from '@sallyport/redaction';
import { compileRedaction } from './compile-redaction.ts';
import { detectorOf } from './detector-of.ts';
import { personOf, textOf } from './person-of.ts';
import type { SecretRef } from './policy-file.ts';
import type { RedactionPlan } from './redaction-plan.ts';

export interface OpenRedactionParts {
  readonly mode: Mode;
  readonly revealed: RevealedSecrets;
  /** Looks a reference up. */
  readonly secret: (reference: SecretRef) => Promise<Secret>;
  /** The vault of the plan, which outlives it. */
  readonly vault: () => Promise<TokenVault>;
  /** What tools were given for tokens under the policy before. */
  readonly handedOut?: HandedOut;
  /** The roles of a principal, those included that rules give it. */
  readonly rolesOf: (principal: Principal) => readonly string[];
  /** The `outputSchema` of a tool. */
  readonly schemaOf: (server: string, tool: string) => unknown;
}

/** Builds what finds and rewrites by a plan that was checked, with the keys that it names. */
export async function openRedaction(plan: RedactionPlan, parts: OpenRedactionParts): Promise<Interceptor> {
  const { rules, restoreFor, needsVault, needsKey } = compileRedaction(plan);
  const { tokens, key, about } = plan;
  const { mode, revealed, rolesOf, schemaOf } = parts;
  const [vault, hmacKey] = await Promise.all([
    needsVault ? parts.vault() : undefined,
    needsKey && key !== undefined ? parts.secret(key) : undefined,
  ]);
  const { tenant } = tokens;
  return redact({
    detector: detectorOf(plan),
    keyReader: createKeyReader(),
    rules,
    restoreFor,
    revealed,
    rolesOf,
    schemaOf,
    mode,
    ...(parts.handedOut !== undefined && { handedOut: parts.handedOut }),
    ...(vault !== undefined && { vault }),
    ...(hmacKey !== undefined && { hmacKey }),
    ...(tenant !== undefined && { tenantOf: (call) => textOf(call.principal.claims[tenant]) ?? '' }),
    ...(about.length > 0 && { aboutOf: (call) => personOf(call, about) }),
  });
}
