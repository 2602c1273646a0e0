import { type SigmaRuleInfo, SigmaRules } from '@sallyport/anomaly';
import { visible, visibleJson } from '@sallyport/audit';
import { readRuleFiles } from '@sallyport/policy';
import { auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { readyMadeRules } from '../ready-made-rules.ts';
import { chosenRules, NO_RULES, type RuleChoice } from '../rules/chosen-rules.ts';
import { problemLine } from '../rules/problem-line.ts';
import { frameworksOf } from '../rules/frameworks.ts';
import { severityStyle } from '../rules/severity-style.ts';
import { print, style } from '../terminal.ts';

export interface RulesListOptions extends RuleChoice {
  readonly json?: boolean;
}

const LEVELS = ['critical', 'high', 'medium', 'low'];

/**
 * Lists the rules that alert, the gravest first: those here, or those that ship where there are none. Returns the exit code:
 * 0; 1 when some cannot be used and are left out, 2 when a file or a folder cannot be read, or there is none.
 */
export function rulesList(options: RulesListOptions): Promise<number> {
  return auditExit(() => list(options));
}

async function list({ json = false, ...choice }: RulesListOptions): Promise<number> {
  const { paths: own, placeholders } = await chosenRules(choice);
  const ready = readyMadeRules();
  const paths = own.length === 0 && ready !== undefined ? [ready] : own;
  if (paths.length === 0) {
    complain(NO_RULES);
    return 2;
  }
  const read = await readRuleFiles(paths);
  const { rules, problems } = SigmaRules.compile(read.documents, { placeholders });
  const alerting = rules.list
    .filter(({ level }) => level !== 'informational')
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || (a.title < b.title ? -1 : 1));
  if (json)
    print(visibleJson(JSON.stringify(alerting.map((rule) => ({ ...rule, ...frameworksOf(rule.tags) })))));
  else for (const line of linesOf(alerting)) print(line);
  const errors = [...read.problems, ...problems].filter(({ severity }) => severity === 'error');
  for (const problem of errors) complain(problemLine(problem));
  if (read.unread.length > 0) return 2;
  return errors.length > 0 ? 1 : 0;
}

/** Two lines for each: titles are long, and tags many. */
function linesOf(rules: readonly SigmaRuleInfo[]): readonly string[] {
  return rules.flatMap(({ title, level, tags, runbook }) => {
    const { owasp, attack, atlas } = frameworksOf(tags);
    const about = [
      owasp.length > 0 ? `OWASP ${owasp.join(' ')}` : '',
      attack.length > 0 ? `ATT&CK ${attack.join(' ')}` : '',
      atlas.length > 0 ? `ATLAS ${atlas.join(' ')}` : '',
      runbook ?? '',
    ].filter((part) => part !== '');
    return [
      `${severityStyle(level)(level.padEnd('critical'.length))}  ${style.bold(visible(title))}`,
      style.dim(`          ${visible(about.join(' · '))}`),
    ];
  });
}
