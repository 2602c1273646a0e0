import { Lookout, type LookoutOptions, SigmaRules, Watch, type WatchOptions } from '@sallyport/anomaly';
import { compileAlerts, formatProblem, loadPolicy, readRuleFiles } from '@sallyport/policy';
import { BadInput } from '../../audit/bad-input.ts';
import { complain } from '../../complain.ts';
import { isExpectedOfPolicy } from '../../expected-error.ts';
import { readyMadePolicies } from '../../ready-made-policies.ts';
import { readyMadeRules } from '../../ready-made-rules.ts';
import { problemLine } from '../../rules/problem-line.ts';

export interface LookoutChoice {
  /** The policy whose `alerts` say everything; not together with the others. */
  readonly policy?: string;
  /** Files and folders of Sigma rules, in place of those that ship; `ready-made` stands for these. */
  readonly rules?: readonly string[];
  /** Options of the detectors. Default: as they are. */
  readonly watch?: WatchOptions;
  /** What decides which alerts would have been sent, and together with which. Default: nothing is said of that. */
  readonly triage?: NonNullable<LookoutOptions['triage']>;
}

export interface ChosenLookout {
  readonly lookout: Lookout;
  readonly hasTriage: boolean;
}

/** As policies name the rules that ship. */
const READY_MADE = 'ready-made';

/**
 * What a replay has observe the records.
 *
 * @param tellSince see `LookoutOptions`
 * @throws BadInput for a policy or rules that cannot be used
 */
export async function chosenLookout(
  { policy, rules, watch, triage }: LookoutChoice,
  tellSince: number,
): Promise<ChosenLookout> {
  if (policy !== undefined) {
    if (rules !== undefined)
      throw new BadInput('leave out --rules, or --policy: a policy names its rules under alerts');
    return { lookout: await lookoutOf(policy, tellSince), hasTriage: true };
  }
  const lookout = new Lookout({
    watch: new Watch(watch),
    rules: await rulesOf(rules ?? [READY_MADE]),
    ...(triage !== undefined && { triage }),
    tellSince,
  });
  return { lookout, hasTriage: triage !== undefined };
}

async function lookoutOf(file: string, tellSince: number): Promise<Lookout> {
  try {
    const { alerts } = await loadPolicy(file, { readyMade: readyMadePolicies() });
    if (alerts === undefined)
      throw new BadInput(`${file} has no alerts; add "alerts: {}", or leave out --policy`);
    const { lookout, problems } = await compileAlerts(alerts);
    for (const problem of problems) complain(formatProblem(problem));
    return lookout(tellSince);
  } catch (error) {
    if (isExpectedOfPolicy(error)) throw new BadInput((error as Error).message, { cause: error });
    throw error;
  }
}

async function rulesOf(paths: readonly string[]): Promise<SigmaRules> {
  const meant = paths.flatMap((path) => (path === READY_MADE ? (readyMadeRules() ?? []) : path));
  const { documents, problems, unread } = await readRuleFiles(meant);
  const { rules, problems: unfit } = SigmaRules.compile(documents);
  for (const problem of [...problems, ...unfit]) complain(problemLine(problem));
  if (unread.length > 0) throw new BadInput('the rules cannot all be read; nothing was replayed');
  return rules;
}
