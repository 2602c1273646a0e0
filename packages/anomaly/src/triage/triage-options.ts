import type { AlertFacts } from '@sallyport/audit';
import { HOUR, MINUTE } from '../durations.ts';
import { onlyKnown, positive } from '../checks.ts';
import { patternTest } from '../tool-kinds.ts';
import { type Suppression, type SuppressionTest, suppressionTest } from './suppression.ts';
import { rankOf, SEVERITIES, type Severity } from './severity.ts';

export interface TriageOptions {
  /**
   * Severities by rule: the first pattern that its id or name agrees with (`*` stands for any characters). Default: those of
   * the alerts.
   */
  readonly severities?: Readonly<Record<string, Severity>>;
  /** Alerts below this are not told. Default: `low`, all are told. */
  readonly least?: Severity;
  readonly suppress?: readonly Suppression[];
  /**
   * For so long after it was new, the same rule, server, subject and target with no higher severity is only counted, in
   * milliseconds. Default: 1 hour.
   */
  readonly repeatMs?: number;
  /** A group is told once in so many milliseconds, unless its severity rises. Default: 10 minutes. */
  readonly groupMs?: number;
  /** Notices in an hour; the last quarter of them is for `high` and `critical`. What is over is folded. Default: 60. */
  readonly burst?: number;
  /** Groups that are remembered; the one that was quiet for longest makes room. Default: 10,000. */
  readonly maxGroups?: number;
}

/** Options, checked, with every default filled in. */
export interface TriageSettings {
  readonly severityOf: (alert: AlertFacts) => Severity;
  readonly leastRank: number;
  readonly suppress: readonly { readonly agrees: SuppressionTest; readonly reason: string }[];
  readonly repeatMs: number;
  readonly groupMs: number;
  readonly burst: number;
  readonly maxGroups: number;
}

const KNOWN = ['severities', 'least', 'suppress', 'repeatMs', 'groupMs', 'burst', 'maxGroups'];

/** @throws TypeError that says what to write instead */
export function triageSettings(options: TriageOptions): TriageSettings {
  onlyKnown(options, KNOWN, 'the options of triage');
  const { severities = {}, least = 'low', suppress = [] } = options;
  if (!Array.isArray(suppress))
    throw new TypeError("suppress is a list: write [{ rule: '...', reason: '...' }].");
  return {
    severityOf: severityTest(severities),
    leastRank: rankOf(severity(least, 'least')),
    suppress: (suppress as readonly Suppression[]).map((one, at) => {
      return { agrees: suppressionTest(one, `suppress[${String(at)}]`), reason: one.reason };
    }),
    repeatMs: positive(options.repeatMs ?? HOUR, 'repeatMs'),
    groupMs: positive(options.groupMs ?? 10 * MINUTE, 'groupMs'),
    burst: positive(options.burst ?? 60, 'burst'),
    maxGroups: positive(options.maxGroups ?? 10_000, 'maxGroups'),
  };
}

function severityTest(severities: Readonly<Record<string, Severity>>): (alert: AlertFacts) => Severity {
  const tests = Object.entries(severities).map(([pattern, given]) => ({
    test: patternTest(pattern, 'severities'),
    given: severity(given, `severities[${JSON.stringify(pattern)}]`),
  }));
  return ({ rule, severity }) =>
    tests.find(({ test }) => test(rule.id) || test(rule.name))?.given ?? severity;
}

function severity(given: Severity, where: string): Severity {
  if (!SEVERITIES.includes(given)) throw new TypeError(`${where} must be one of ${SEVERITIES.join(', ')}.`);
  return given;
}
