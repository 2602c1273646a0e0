import type { ResponseEntry } from '@sallyport/anomaly';
import type { AlertsPlan } from './alerts-plan.ts';
import type { AlertsSection } from './alerts-section.ts';
import type { Odd } from './check-sink.ts';
import { compileAlertRules } from './compile-alert-rules.ts';
import { asProblem } from './rule-problem.ts';
import { type KnownRule, knownRules, rulesNamed, severityOf } from './known-rules.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';

/** What is wrong with the Sigma rules of a policy, and what it says about rules and detectors that cannot be. */
export async function checkAlertRules(
  layers: readonly Layer[],
  plan: AlertsPlan,
): Promise<readonly Problem[]> {
  const compiled = await compileAlertRules(plan);
  const known = knownRules(plan, compiled);
  const problems = compiled.problems.map(asProblem);
  // Names of rules that have a problem are not known, and that is not what is wrong.
  const isWhole = !problems.some(({ severity }) => severity === 'error');
  for (const { source, file } of layers) {
    if (file.alerts === undefined) continue;
    for (const { at, message, severity = 'error' } of oddInSection(file.alerts, plan, { known, isWhole })) {
      problems.push({ file: source.file, ...source.at(['alerts', ...at]), message, severity });
    }
  }
  return problems;
}

interface Known {
  readonly known: readonly KnownRule[];
  readonly isWhole: boolean;
}

function oddInSection(section: AlertsSection, plan: AlertsPlan, { known, isWhole }: Known): readonly Odd[] {
  const { suppress = [], severities = {}, responses = [] } = section;
  const words = [
    ...suppress.map(({ rule }, index) => ({ at: ['suppress', index, 'rule'], rule })),
    ...responses.map(({ rule }, index) => ({ at: ['responses', index, 'rule'], rule })),
    ...Object.keys(severities).map((rule) => ({ at: ['severities', rule], rule })),
  ];
  const unknown = words.flatMap(({ at, rule }): readonly Odd[] => {
    if (!isWhole || rule === undefined || rulesNamed(rule, known).length > 0) return [];
    return [{ at, message: unknownRule(rule, known), severity: 'warning' }];
  });
  return [
    ...unknown,
    ...responses.flatMap((entry, index) =>
      oddResponse(entry, plan, known).map((odd) => ({ ...odd, at: ['responses', index, ...odd.at] })),
    ),
  ];
}

function unknownRule(word: string, known: readonly KnownRule[]): string {
  const inFile = known.find(({ stem }) => stem?.toLowerCase() === word.toLowerCase());
  if (inFile !== undefined)
    return `no rule has this name, although a file does; write its title: "${inFile.words[1] ?? inFile.id}"`;
  const near = nearest(
    word,
    known.flatMap(({ words }) => words),
  );
  const advice =
    near === undefined
      ? 'write the id or the title of a rule, or the id of a detector; "sallyport rules lint" lists rules'
      : `did you mean "${near}"?`;
  return `no rule or detector that is on is called "${word}"; ${advice}`;
}

function oddResponse(entry: ResponseEntry, plan: AlertsPlan, known: readonly KnownRule[]): readonly Odd[] {
  const { rule, quarantine, approval } = entry;
  const scope = quarantine ?? approval;
  if (rule === undefined || scope === undefined) return [];
  const meant = rulesNamed(rule, known);
  if (meant.length === 0) return [];
  const at = [quarantine === undefined ? 'approval' : 'quarantine'];
  if (!meant.some(({ gives }) => gives.has(scope))) {
    const [first] = meant;
    const instead = (['subject', 'target', 'server'] as const).filter(
      (one) => first?.gives.has(one) === true,
    );
    return [
      {
        at,
        message: `alerts of "${rule}" never say which ${scope} they are about, so nothing would be done; write ${instead.join(' or ')}`,
      },
    ];
  }
  const weak = meant.map((one) => severityOf(one, plan)).find((one) => one === 'low' || one === 'medium');
  if (scope !== 'server' || weak === undefined || entry.severity !== undefined) return [];
  return [
    {
      at,
      message: `alerts of "${rule}" have the severity ${weak} and are easily caused, and whoever causes one stops the server for everybody; write subject or target`,
      severity: 'warning',
    },
  ];
}
