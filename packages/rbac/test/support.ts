import {
  ANONYMOUS,
  type Call,
  type Evidence,
  type JsonObject,
  type Principal,
  type Trail,
} from '@sallyport/core';
import { type CompiledRbac, compileRbac, type Decision, type ModelSource, type Rbac } from '@sallyport/rbac';

const FILE = 'rbac_policy.csv';

/** Compiles rules that are known to be good. */
export function rbacOf(text: string, model?: string): Rbac {
  const compiled = compiledOf(text, model);
  if (compiled.rbac === undefined) throw new Error(JSON.stringify(compiled.problems, undefined, 2));
  return compiled.rbac;
}

export function compiledOf(text: string, model?: string): CompiledRbac {
  const source: ModelSource | undefined =
    model === undefined ? undefined : { file: 'rbac_model.conf', text: model };
  return compileRbac({ model: source, policy: { file: FILE, text } });
}

/** What is wrong, as `line:column message`. */
export function problemsOf(text: string, model?: string): readonly string[] {
  return (compiledOf(text, model).problems ?? []).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

export function warningsOf(text: string, model?: string): readonly string[] {
  return compiledOf(text, model).warnings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

export function principal(over: Partial<Principal> = {}): Principal {
  return { subject: 'alice', roles: [], claims: {}, method: 'token', ...over };
}

/** Decides for a clinician named alice who calls something on the server `ehr`. */
export function decide(
  rbac: Rbac,
  object: string,
  args: JsonObject = {},
  over: Partial<Principal> = {},
): Decision {
  const action = object.startsWith('resource:') ? 'read' : object.startsWith('prompt:') ? 'get' : 'call';
  const who = principal({ roles: ['clinician'], ...over });
  return rbac.decide({ principal: who, server: 'ehr', object, action, args });
}

export function permits(
  rbac: Rbac,
  object: string,
  args: JsonObject = {},
  over: Partial<Principal> = {},
): boolean {
  return decide(rbac, object, args, over).effect === 'permit';
}

/** A call that no transport carries, for testing one layer alone. */
export function someCall(over: Partial<Call> = {}): Call {
  const entries: Evidence[] = [];
  const trail: Trail = { entries, executed: undefined, add: (evidence) => void entries.push(evidence) };
  return {
    id: '00000000-0000-7000-8000-000000000000',
    direction: 'inbound',
    kind: 'request',
    server: 'ehr',
    method: 'tools/call',
    params: {},
    principal: ANONYMOUS,
    trail,
    signal: new AbortController().signal,
    ...over,
  };
}
