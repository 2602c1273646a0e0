import { DETECTOR_IDS } from '@sallyport/anomaly';
import type { AlertsPlan } from './alerts-plan.ts';
import type { AlertsSection } from './alerts-section.ts';
import type { Odd } from './check-sink.ts';
import { compileAlertRules } from './compile-alert-rules.ts';
import { asProblem } from './rule-problem.ts';
import { type KnownRule, knownRules, rulesNamed } from './known-rules.ts';
import { nearest } from './nearest.ts';
import { oddResponses } from './odd-responses.ts';
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
    if (DETECTOR_IDS.some((id) => id === rule.toLowerCase())) {
      const message = `the detector "${rule}" is off, so that this is for nothing; turn it on, or remove this`;
      return [{ at, message, severity: 'warning' }];
    }
    // Nobody would be contained, and nobody would know.
    const severity = at[0] === 'responses' ? 'error' : 'warning';
    return [{ at, message: unknownRule(rule, known), severity }];
  });
  return [...unknown, ...(isWhole ? oddResponses(responses, plan, known) : [])];
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
