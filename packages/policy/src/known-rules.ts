import {
  ALL_DETECTORS,
  DETECTOR_IDS,
  type DetectorId,
  patternTest,
  type ResponseScope,
  type SigmaDocument,
} from '@sallyport/anomaly';
import type { AlertsPlan, MergedAlerts } from './alerts-plan.ts';
import type { Severity } from './alerts-section.ts';
import type { CompiledRules } from './compile-alert-rules.ts';

/** A detector or a Sigma rule, as a policy may name it. */
export interface KnownRule {
  readonly id: string;
  /** Everything that it is known by. */
  readonly words: readonly string[];
  readonly severity: Severity;
  /** What its alerts can name, besides the server. */
  readonly gives: ReadonlySet<ResponseScope>;
  /** The name of its file without the ending; undefined for a detector. */
  readonly stem: string | undefined;
}

/** Detectors whose alerts may say what tool, resource or prompt they are about. */
const ABOUT_TARGETS: ReadonlySet<DetectorId> = new Set([
  'argument-shape',
  'first-use',
  'large-transfer',
  'read-then-send',
  'run-away-loop',
]);

/** Every detector that is on, and every rule that alerts. */
export function knownRules(plan: AlertsPlan, { rules, documents }: CompiledRules): readonly KnownRule[] {
  const detectors = DETECTOR_IDS.filter((id) => plan.detectors[id] !== 'off').map((id) => {
    const { name, severity, scope } = ALL_DETECTORS[id]({ tolerance: 1 });
    const changed = plan.detectors[id];
    const gives: ResponseScope[] = ['server'];
    if (scope !== 'tenant') gives.push('subject');
    if (ABOUT_TARGETS.has(id)) gives.push('target');
    const own = typeof changed === 'object' ? (changed.severity ?? severity) : severity;
    return { id, words: [id, name], severity: own, gives: new Set(gives), stem: undefined };
  });
  const groups = new Map(documents.flatMap(groupsOf));
  const sigma = rules.list.flatMap(({ id, name, title, level, file }) => {
    if (level === 'informational') return [];
    const groupBy = groups.get(id) ?? ['principal.subject', 'target'];
    const gives = new Set<ResponseScope>(['server']);
    if (groupBy.includes('principal.subject')) gives.add('subject');
    if (groupBy.includes('target')) gives.add('target');
    const stem = /([^/\\]+)\.ya?ml$/i.exec(file)?.[1];
    return [{ id, words: [id, title, ...(name === undefined ? [] : [name])], severity: level, gives, stem }];
  });
  return [...detectors, ...sigma];
}

/** Rules that one word or pattern of a policy means. */
export function rulesNamed(word: string, known: readonly KnownRule[]): readonly KnownRule[] {
  const test = patternTest(word, 'the name of a rule');
  return known.filter(({ words }) => words.some(test));
}

/**
 * The word or pattern of a policy as patterns of what stands in alerts. Those hold the id and the title of a rule: what is meant by
 * its name, which is known to the policy alone, is named by its id. Means the same rules as `rulesNamed`.
 */
export function asInAlerts(word: string, { rules }: Pick<CompiledRules, 'rules'>): readonly string[] {
  const test = patternTest(word, 'the name of a rule');
  const byName = rules.list.filter(
    ({ id, name, title }) => name !== undefined && test(name) && !test(id) && !test(title),
  );
  return [word, ...byName.map(({ id }) => id)];
}

/** After what the policy says about severities. */
export function severityOf({ words, severity }: KnownRule, { severities }: MergedAlerts): Severity {
  const changed = Object.entries(severities).find(([pattern]) =>
    words.some(patternTest(pattern, 'severities')),
  );
  return changed?.[1] ?? severity;
}

/** Of a correlation: by id or name, what it groups by. */
function groupsOf({ value }: SigmaDocument): readonly (readonly [string, readonly string[]])[] {
  const { id, name, correlation } = (value ?? {}) as {
    readonly id?: unknown;
    readonly name?: unknown;
    readonly correlation?: { readonly 'group-by'?: unknown } | null;
  };
  if (typeof correlation !== 'object' || correlation === null) return [];
  const groupBy = [correlation['group-by'] ?? []].flat().filter((field) => typeof field === 'string');
  return [id, name].flatMap((word) => (typeof word === 'string' ? [[word, groupBy] as const] : []));
}
