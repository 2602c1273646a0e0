import { visible, visibleJson } from '@sallyport/audit';
import { readRuleFiles } from '@sallyport/policy';
import { auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { chosenRules, NO_RULES, type RuleChoice } from '../rules/chosen-rules.ts';
import { problemLine } from '../rules/problem-line.ts';
import { runSuite, type SuiteOutcome } from '../rules/rule-suite.ts';
import { print, style } from '../terminal.ts';

export interface RulesTestOptions extends RuleChoice {
  /** Rules without examples do not count as failed. */
  readonly allowUntested?: boolean;
  readonly json?: boolean;
}

const LACKS = {
  matches: 'no example that matches; write one with matches: 1',
  'does not match': 'no example that does not match; write one with matches: 0',
  anything: 'no examples; write what matches and what does not into',
} as const;

/**
 * Runs the examples of Sigma rules, and prints a line for each. Returns the exit code: 0 all passed, 1 one failed or is
 * missing, 2 a file or a folder cannot be read, or there is none.
 */
export function rulesTest(options: RulesTestOptions): Promise<number> {
  return auditExit(() => test(options));
}

async function test({ allowUntested, json, ...choice }: RulesTestOptions): Promise<number> {
  // Whoever names examples means the rules beside them.
  const paths = choice.paths.map((path) => path.replace(/\.test(\.ya?ml)$/i, '$1'));
  const { paths: chosen, placeholders } = await chosenRules({ ...choice, paths });
  if (chosen.length === 0) {
    complain(NO_RULES);
    return 2;
  }
  const { files, documents, problems, unread } = await readRuleFiles(chosen);
  const suites: SuiteOutcome[] = [];
  for (const file of files) {
    const broken = problems.filter((problem) => problem.file === file);
    suites.push(
      broken.length > 0
        ? { file, rules: file, outcomes: [], problems: broken, untested: undefined }
        : await runSuite(file, documents, placeholders),
    );
  }
  const all = suites.flatMap(({ outcomes }) => outcomes);
  const passed = all.filter((outcome) => outcome.passed).length;
  const failed = all.length - passed;
  const untested = suites.filter((suite) => suite.untested !== undefined).length;
  const unusable = suites.filter((suite) => suite.problems.length > 0).length;
  if (json === true) print(visibleJson(JSON.stringify({ passed, failed, untested, unusable, suites })));
  else {
    for (const problem of problems.filter(({ file }) => unread.includes(file))) print(problemLine(problem));
    for (const suite of suites) printSuite(suite, allowUntested === true);
    print();
    print(
      [
        `${passed} passed, ${failed} failed`,
        ...(untested > 0 ? [`${untested} without examples of both kinds`] : []),
        ...(unusable > 0 ? [`${unusable} not usable`] : []),
      ].join(', '),
    );
  }
  if (unread.length > 0) return 2;
  return failed + unusable > 0 || (untested > 0 && allowUntested !== true) ? 1 : 0;
}

function printSuite({ file, rules, outcomes, problems, untested }: SuiteOutcome, allowed: boolean): void {
  print(style.bold(visible(rules)));
  for (const problem of problems) print(`  ${style.red('FAIL')}  ${problemLine(problem)}`);
  for (const { passed, name, why } of outcomes) {
    print(`  ${passed ? style.green('pass') : style.red('FAIL')}  ${visible(name)}`);
    if (why !== undefined) print(style.dim(`        ${visible(why)}`));
  }
  if (untested === undefined) return;
  const label = allowed ? style.yellow('none') : style.red('FAIL');
  print(`  ${label}  ${LACKS[untested]}${untested === 'anything' ? ` ${visible(file)}` : ''}`);
}
