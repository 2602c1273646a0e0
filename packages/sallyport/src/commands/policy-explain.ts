import type { Principal } from '@sallyport/core';
import {
  explainRedaction,
  LAYERS,
  loadPolicy,
  type Policy,
  PolicyError,
  principalFrom,
  type StdioIdentity,
} from '@sallyport/policy';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { complain } from '../complain.ts';
import { type PlaceOfCall, placeOfCall } from '../place-of-call.ts';
import { print, style } from '../terminal.ts';

export interface ExplainOptions {
  readonly file: string;
  readonly subject?: string;
  readonly role?: readonly string[];
  readonly client?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
  /** JSON. */
  readonly args?: string;
}

/** Explains a policy, or its decision about one call. Returns the exit code: 0, or 2 when the policy is not usable. */
export async function policyExplain(options: ExplainOptions): Promise<number> {
  try {
    const policy = await loadPolicy(options.file, { readyMade: readyMadePolicies() });
    const asked = { ...options, ...placeOfCall(policy, options) };
    const call = callOf(asked);
    if (call === undefined) printSettings(policy);
    else {
      printDecision(policy, asked, call);
      await printRedaction(policy, asked);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof PolicyError || error instanceof SyntaxError)) throw error;
    complain(
      error instanceof PolicyError ? error.message : `--args is no JSON object; write --args '{"path":"a"}'`,
    );
    return 2;
  }
}

function printSettings(policy: Policy): void {
  print(style.bold('Settings'));
  const width = Math.max(...policy.origins.map(({ setting }) => setting.length));
  for (const { setting, value, at } of policy.origins) {
    print(`  ${setting.padEnd(width)}  ${value}  ${style.dim(at)}`);
  }
  print();
  print(style.bold('The path of a call'));
  const layers = LAYERS.filter(({ name }) => name !== 'redaction' || policy.redaction !== undefined);
  for (const layer of layers) print(`  ${style.cyan('in ')}  ${layer.name.padEnd(10)} ${layer.in}`);
  print(`       ${style.dim('the server')}`);
  for (const layer of layers.toReversed())
    print(`  ${style.cyan('out')}  ${layer.name.padEnd(10)} ${layer.out}`);
  print();
  print(
    style.dim(
      'Add --tool, --resource or --prompt with --subject and --role to see who may do what, and why.',
    ),
  );
}

async function printRedaction(policy: Policy, options: ExplainOptions & PlaceOfCall): Promise<void> {
  if (policy.redaction === undefined) return;
  const { principal, server } = whoAndWhere(policy, options);
  const call = { server, roles: policy.rbac.rolesOf(principal), tool: options.tool };
  const { restores, ...found } = await explainRedaction(policy.redaction, call);
  for (const [direction, operators] of Object.entries(found)) {
    print();
    print(style.bold(`What is rewritten in ${direction}`));
    if (operators.size === 0) print('  nothing');
    for (const operator of new Set(operators.values())) {
      const entities = [...operators].flatMap(([entity, own]) => (own === operator ? [entity] : []));
      printWords(operator, entities);
    }
  }
  if (restores.length === 0) return;
  print();
  print(style.bold('Of which tokens this tool receives the values'));
  printWords('restore', restores.includes('*') ? ['all'] : restores);
}

const WIDTH = 80;
const INDENT = 13;

function printWords(title: string, words: readonly string[]): void {
  let line = `  ${title.padEnd(INDENT - 2)}`;
  for (const [index, word] of words.entries()) {
    if (index > 0 && line.length + word.length > WIDTH) {
      print(line.trimEnd());
      line = ' '.repeat(INDENT);
    }
    line += `${word} `;
  }
  print(line.trimEnd());
}

function whoAndWhere(
  policy: Policy,
  options: ExplainOptions & PlaceOfCall,
): { readonly principal: Principal; readonly server: string } {
  const { subject, role, client } = options;
  const given = subject !== undefined || role !== undefined || client !== undefined;
  const stdio = given ? undefined : policy.identity.stdio;
  return {
    principal: principalFrom(stdio === undefined ? { subject, roles: role, client } : known(stdio)),
    server: options.server,
  };
}

/** With the name that stands in the environment now, where the policy says so. */
function known(stdio: StdioIdentity): StdioIdentity {
  const { subject } = stdio;
  const named = subject.startsWith('env:') ? process.env[subject.slice('env:'.length)] : undefined;
  return named === undefined || named === '' ? stdio : { ...stdio, subject: named };
}

function printDecision(
  policy: Policy,
  options: ExplainOptions & PlaceOfCall,
  call: { object: string; action: string },
): void {
  const { args = '{}' } = options;
  const { principal, server } = whoAndWhere(policy, options);
  const { decision, rules, subjects } = policy.rbac.explain({
    principal,
    server,
    ...call,
    args: objectFrom(args),
  });
  const named = rules.filter((rule) => rule.server && rule.object && rule.action);
  print(`${call.action} ${style.bold(call.object)} on ${server} as ${subjects.join(', ')}`);
  print();
  if (policy.rbac.engine === 'casbin')
    print('  casbin decides under a model of your own, and tells only the deciding rule');
  else if (named.length === 0) print('  no rule names this; what no rule permits is denied');
  for (const { applies, effect, at, rule, condition } of named) {
    const paint = effect === 'allow' ? style.green : style.red;
    const sign = applies ? paint('applies') : style.dim('does not');
    print(
      `  ${sign}  ${at}  ${rule}${condition === 'none' ? '' : style.dim(`  (its condition is ${condition})`)}`,
    );
  }
  print();
  const by = decision.at === undefined ? 'by default' : `by ${decision.at}: ${decision.rule ?? ''}`;
  print(decision.effect === 'permit' ? style.green(`permit, ${by}`) : style.red(`deny, ${by}`));
}

function callOf({ tool, resource, prompt }: ExplainOptions): { object: string; action: string } | undefined {
  if (tool !== undefined) return { object: `tool:${tool}`, action: 'call' };
  if (resource !== undefined) return { object: `resource:${resource}`, action: 'read' };
  return prompt === undefined ? undefined : { object: `prompt:${prompt}`, action: 'get' };
}

function objectFrom(json: string): Readonly<Record<string, unknown>> {
  const value = JSON.parse(json) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('not an object');
  return value as Record<string, unknown>;
}
