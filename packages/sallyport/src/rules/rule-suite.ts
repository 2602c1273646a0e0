import type { SigmaDocument, SigmaProblem } from '@sallyport/anomaly';
import { type ExampleOutcome, runExamples, SigmaRules } from '@sallyport/anomaly';
import { readRuleExamples } from '@sallyport/policy';

/** How the examples of one file of rules ended. */
export interface SuiteOutcome {
  /** The file of the examples. */
  readonly file: string;
  /** The rules that they are about. */
  readonly rules: string;
  readonly outcomes: readonly ExampleOutcome[];
  /** Why they could not be run; then there are no outcomes. */
  readonly problems: readonly SigmaProblem[];
  /** What no example shows: a match, that something does not match, or either. */
  readonly untested: 'matches' | 'does not match' | 'anything' | undefined;
}

/**
 * Runs `x.test.yaml` beside `x.yaml`. Only the rules of that file count as matches; rules of other files that its correlations
 * refer to stand behind them.
 *
 * @param all the documents of all files
 * @param placeholders what words between `%` stand for
 */
export async function runSuite(
  rules: string,
  all: readonly SigmaDocument[],
  placeholders: Readonly<Record<string, readonly string[]>>,
): Promise<SuiteOutcome> {
  const file = rules.replace(/\.ya?ml$/i, '.test.yaml');
  const documents = withReferences(rules, all);
  const { problems } = SigmaRules.compile(documents, { placeholders });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { file, rules, outcomes: [], problems: errors, untested: undefined };
  const examples = await readRuleExamples(file);
  if (examples === undefined) return { file, rules, outcomes: [], problems: [], untested: 'anything' };
  if (examples.problems.length > 0)
    return { file, rules, outcomes: [], problems: examples.problems, untested: undefined };
  const outcomes = runExamples(examples.value, () => SigmaRules.compile(documents, { placeholders }).rules);
  return { file, rules, outcomes, problems: [], untested: missingKind(examples.value) };
}

function withReferences(file: string, all: readonly SigmaDocument[]): readonly SigmaDocument[] {
  const taken = new Set(all.filter((document) => document.file === file));
  const names = new Map<string, SigmaDocument>();
  for (const document of all)
    for (const key of ['id', 'name'] as const) {
      const word = member(document.value, key);
      if (typeof word === 'string') names.set(word, document);
    }
  // A set is walked through to its end, also to what is added meanwhile.
  for (const { value } of taken)
    for (const name of referencesOf(value)) {
      const other = names.get(name);
      if (other !== undefined) taken.add(other);
    }
  return all.filter((document) => taken.has(document));
}

function referencesOf(value: unknown): readonly string[] {
  const rules = member(member(value, 'correlation'), 'rules');
  const list: readonly unknown[] = Array.isArray(rules) ? rules : [rules];
  return list.filter((name) => typeof name === 'string');
}

/** Which kind of example a file lacks. */
function missingKind(value: unknown): SuiteOutcome['untested'] {
  const tests = member(value, 'tests');
  const counts = Array.isArray(tests) ? tests.map((test) => member(test, 'matches')) : [];
  const some = counts.some((count) => typeof count === 'number' && count > 0);
  const none = counts.includes(0);
  if (some && none) return undefined;
  return some ? 'does not match' : none ? 'matches' : 'anything';
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
