import type { ResponseEntry, ResponseScope } from '@sallyport/anomaly';
import type { MergedAlerts } from './alerts-plan.ts';
import type { Severity } from './alerts-section.ts';
import type { Odd } from './check-sink.ts';
import { type KnownRule, rulesNamed, severityOf } from './known-rules.ts';

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const SCOPES: readonly ResponseScope[] = ['subject', 'target', 'server'];

/** What one entry of `responses` is about. */
interface Meant {
  readonly entry: ResponseEntry;
  /** Rules that it names; all where it names none. */
  readonly named: readonly KnownRule[];
  /** Those of them whose alerts are severe enough. */
  readonly reached: readonly KnownRule[];
}

/**
 * Entries of `responses`, of one file, that do nothing, or more than is easily meant. What names an unknown rule is left out: that
 * is told where names are looked at.
 */
export function oddResponses(
  responses: readonly ResponseEntry[],
  plan: MergedAlerts,
  known: readonly KnownRule[],
): readonly Odd[] {
  const before: Meant[] = [];
  return responses.flatMap((entry, index) => {
    const named = entry.rule === undefined ? known : rulesNamed(entry.rule, known);
    if (named.length === 0) return [];
    const reached = named.filter((rule) => rankOf(severityOf(rule, plan)) >= rankOf(entry.severity));
    const meant = { entry, named, reached };
    const odd = oddSeverity(meant, plan) ?? shadowed(meant, before) ?? oddScope(meant, plan);
    before.push(meant);
    return odd === undefined ? [] : [{ ...odd, at: ['responses', index, ...odd.at] }];
  });
}

function oddSeverity(
  { entry: { rule, severity }, named, reached }: Meant,
  plan: MergedAlerts,
): Odd | undefined {
  // Rules of that severity may come later, those that are named have theirs.
  if (rule === undefined || severity === undefined || reached.length > 0) return undefined;
  const highest = SEVERITIES[Math.max(...named.map((one) => rankOf(severityOf(one, plan))))] ?? 'low';
  return {
    at: ['severity'],
    message: `alerts of "${rule}" are ${highest}, never ${severity}, so nothing is done; write ${highest}, or leave it out`,
    severity: 'warning',
  };
}

/** The first entry that agrees decides. */
function shadowed({ entry, reached }: Meant, before: readonly Meant[]): Odd | undefined {
  const forAll = before.some(
    ({ entry: { rule, severity } }) => rule === undefined && rankOf(severity) <= rankOf(entry.severity),
  );
  const taken = new Set(before.flatMap((one) => one.reached));
  // What names no rule is also for rules that come later.
  if (!forAll && (entry.rule === undefined || !reached.every((rule) => taken.has(rule)))) return undefined;
  return {
    at: [],
    message: 'is never reached: entries above it take all of these alerts; put it before them, or remove it',
    severity: 'warning',
  };
}

function oddScope({ entry, reached }: Meant, plan: MergedAlerts): Odd | undefined {
  const { rule, severity, quarantine, approval } = entry;
  const scope = quarantine ?? approval;
  const [first] = reached;
  if (scope === undefined || first === undefined) return undefined;
  const at = [quarantine === undefined ? 'approval' : 'quarantine'];
  if (rule !== undefined && !reached.some(({ gives }) => gives.has(scope)))
    return {
      at,
      message: `alerts of "${rule}" never say which ${scope} they are about, so nothing would be done; write ${SCOPES.filter((one) => first.gives.has(one)).join(' or ')}`,
    };
  // That of an entry without a rule is told by its severity alone.
  if (scope !== 'server' || (rule === undefined && rankOf(severity) < rankOf('high'))) return undefined;
  const about = rule ?? reached.find(({ gives }) => gives.has('subject'))?.id ?? first.id;
  const weak = reached.map((one) => severityOf(one, plan)).find((one) => rankOf(one) < rankOf('high'));
  if (weak !== undefined)
    return {
      at,
      message: `alerts of "${about}" have the severity ${weak} and are easily caused, and whoever causes one stops the server for everybody; write subject or target`,
      severity: 'warning',
    };
  if (!reached.some(({ gives }) => gives.has('subject'))) return undefined;
  return {
    at,
    message: `alerts of "${about}" are about what a single principal does, who could so stop the server for everybody; write subject`,
    severity: 'warning',
  };
}

/** From 0; what is not given is the lowest. */
function rankOf(severity: Severity | undefined): number {
  return severity === undefined ? 0 : SEVERITIES.indexOf(severity);
}
