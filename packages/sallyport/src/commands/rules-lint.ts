import { SigmaRules } from '@sallyport/anomaly';
import { visibleJson } from '@sallyport/audit';
import { readRuleFiles } from '@sallyport/policy';
import { auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { chosenRules, NO_RULES, type RuleChoice } from '../rules/chosen-rules.ts';
import { counted, problemLine, problemText } from '../rules/problem-line.ts';
import { print, style } from '../terminal.ts';

export interface RulesLintOptions extends RuleChoice {
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * Prints everything that is wrong or odd in Sigma rules. Returns the exit code: 0 all of them can be used, 1 some cannot,
 * 2 a file or a folder cannot be read, or there is none.
 */
export function rulesLint(options: RulesLintOptions): Promise<number> {
  return auditExit(() => lint(options));
}

async function lint({ strict = false, json = false, ...choice }: RulesLintOptions): Promise<number> {
  const { paths, placeholders } = await chosenRules(choice);
  if (paths.length === 0) {
    complain(NO_RULES);
    return 2;
  }
  const { files, documents, problems: unread, unread: closed } = await readRuleFiles(paths);
  const { rules, problems: unfit } = SigmaRules.compile(documents, { placeholders });
  const problems = [...unread, ...unfit].toSorted(
    (a, b) => compare(a.file, b.file) || (a.line ?? 1) - (b.line ?? 1) || (a.column ?? 1) - (b.column ?? 1),
  );
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const usable = errors === 0 && (!strict || warnings === 0);
  if (json) {
    const told = problems.map((problem) => ({ ...problem, message: problemText(problem) }));
    print(
      visibleJson(
        JSON.stringify({ usable, files, rules: rules.list.length, errors, warnings, problems: told }),
      ),
    );
  } else {
    for (const problem of problems) print(problemLine(problem));
    const counts = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
    const what = `${counted(rules.list.length, 'rule')} in ${counted(files.length, 'file')}`;
    print(
      usable
        ? style.green(`${what} can be used (${counts}).`)
        : `Not all can be used: ${what} can; ${counts}.`,
    );
  }
  if (closed.length > 0) return 2;
  return usable ? 0 : 1;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
