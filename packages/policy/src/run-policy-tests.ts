import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Interceptor, Result } from '@sallyport/core';
import { type Answer, decide, principalFrom } from './decide.ts';
import { type LoadOptions, loadPolicy } from './load-policy.ts';
import type { Policy } from './policy.ts';
import { PolicyError, type Problem } from './problem.ts';
import { display } from './read-layers.ts';
import { readText } from './read-text.ts';
import { compileShape } from './check-shape.ts';
import { readYaml } from './yaml-source.ts';

/** The outcome of one decision test. */
export interface TestOutcome {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly passed: boolean;
  /** What was expected and what came, for a test that failed. */
  readonly why: string | undefined;
}

interface TestFile {
  readonly policy: string;
  readonly tests: readonly DecisionTest[];
}

interface DecisionTest {
  readonly name: string;
  readonly principal?: Parameters<typeof principalFrom>[0];
  readonly server?: string;
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
  readonly method?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly expect?: 'permit' | 'deny';
  readonly by?: string;
  readonly tools?: readonly string[];
  readonly sees?: readonly string[];
  /** A text, or what stands in `structuredContent` and in a text beside it. */
  readonly answer?: string | Readonly<Record<string, unknown>>;
  readonly redacts?: Readonly<Record<string, string>>;
  readonly delivers?: string | Readonly<Record<string, unknown>>;
  readonly receives?: Readonly<Record<string, unknown>>;
}

/**
 * Runs the decision tests of a `*.test.yaml` file.
 *
 * @throws PolicyError when the test file or its policy is not valid
 */
export async function runPolicyTests(
  path: string,
  options: LoadOptions = {},
): Promise<readonly TestOutcome[]> {
  const file = display(resolve(path));
  const text = await readText(path);
  if (typeof text !== 'string') throw new PolicyError([unreadable(file, text.code)]);
  const source = readYaml(file, text);
  const check = compileShape<TestFile>(createRequire(import.meta.url)('../test.schema.json') as object);
  const { file: tests, problems } = check(source);
  if (tests === undefined || problems.length > 0) throw new PolicyError(problems);
  const policy = await loadPolicy(resolve(dirname(path), tests.policy), options);
  const redaction = await rehearsal(policy);
  const outcomes: TestOutcome[] = [];
  for (const [index, test] of tests.tests.entries()) {
    const why = await run(policy, test, redaction);
    const { line } = source.at(['tests', index]);
    outcomes.push({ file, line, name: test.name, passed: why === undefined, why });
  }
  return outcomes;
}

/** The server that a policy names, when it names just one. */
function onlyServer({ servers }: Policy): string | undefined {
  return servers.size === 1 ? [...servers.keys()][0] : undefined;
}

/** Undefined when the policy keeps the promise, otherwise what it did instead. */
async function run(
  policy: Policy,
  test: DecisionTest,
  redaction: Interceptor | undefined,
): Promise<string | undefined> {
  const principal = principalFrom(test.principal ?? {});
  const server = test.server ?? onlyServer(policy) ?? 'default';
  if (test.tools !== undefined) {
    const answer = {
      result: { tools: test.tools.map((name) => ({ name, inputSchema: { type: 'object' } })) },
    };
    const { result } = await decide(policy, { principal, server, method: 'tools/list', params: {}, answer });
    const visible = ((result?.result?.['tools'] ?? []) as readonly { readonly name: string }[]).map(
      ({ name }) => name,
    );
    const [sees, expected] = [visible.toSorted().join(', '), (test.sees ?? []).toSorted().join(', ')];
    return sees === expected ? undefined : `expected to see [${expected}], sees [${sees}]`;
  }
  const question = { principal, server, ...messageOf(test), answer: answerOf(test) };
  const answer = await decide(policy, question, redaction);
  if (answer.effect !== test.expect) return `expected ${test.expect}, got ${answer.effect}${because(answer)}`;
  if (test.by !== undefined && !answer.at?.endsWith(test.by))
    return `expected by ${test.by}${because(answer)}`;
  return whyNotRewritten(test, answer);
}

async function rehearsal(policy: Policy): Promise<Interceptor | undefined> {
  const { redaction } = policy;
  if (redaction === undefined) return undefined;
  const { rehearse } = await import('./rehearse.ts');
  return rehearse(redaction, policy);
}

function answerOf({ answer }: DecisionTest): Result | undefined {
  if (answer === undefined) return undefined;
  if (typeof answer === 'string') return { result: { content: [{ type: 'text', text: answer }] } };
  const content = [{ type: 'text', text: JSON.stringify(answer) }];
  return { result: { content, structuredContent: answer } };
}

function whyNotRewritten(
  { redacts, delivers, receives }: DecisionTest,
  { redacted, result, received }: Answer,
): string | undefined {
  if (redacts !== undefined) {
    const [came, expected] = [listed(redacted.results), listed(new Map(Object.entries(redacts)))];
    if (came !== expected) return `expected to redact [${expected}], redacts [${came}]`;
  }
  const answered = result?.result;
  const delivered =
    typeof delivers === 'string'
      ? (answered?.['content'] as readonly { readonly text?: unknown }[] | undefined)?.[0]?.text
      : answered?.['structuredContent'];
  if (delivers !== undefined && !isDeepStrictEqual(delivered, delivers))
    return `expected to deliver ${JSON.stringify(delivers)}, delivers ${JSON.stringify(delivered)}`;
  if (receives !== undefined && !isDeepStrictEqual(received, receives))
    return `expected the tool to receive ${JSON.stringify(receives)}, it receives ${JSON.stringify(received)}`;
  return undefined;
}

function listed(operators: ReadonlyMap<string, string>): string {
  return [...operators]
    .map(([entity, operator]) => `${entity}: ${operator}`)
    .toSorted()
    .join(', ');
}

function messageOf(test: DecisionTest): { method: string; params: Readonly<Record<string, unknown>> } {
  const args = test.arguments ?? {};
  if (test.tool !== undefined) return { method: 'tools/call', params: { name: test.tool, arguments: args } };
  if (test.resource !== undefined) return { method: 'resources/read', params: { uri: test.resource } };
  if (test.prompt !== undefined)
    return { method: 'prompts/get', params: { name: test.prompt, arguments: args } };
  return { method: test.method ?? '', params: args };
}

function because({ rule, at, why }: Answer): string {
  if (rule !== undefined) return ` by ${at ?? 'a rule'}: ${rule}`;
  return why === undefined ? ' (no rule matches)' : `: ${why.replace(/\.$/, '')}`;
}

function unreadable(file: string, code: string): Problem {
  const message = `cannot be read (${code}); write the path of a *.test.yaml file`;
  return { file, line: 1, column: 1, message, severity: 'error' };
}
