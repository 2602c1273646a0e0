import {
  patternTest,
  type ResponsePlanOptions,
  type TriageOptions,
  type WatchOptions,
} from '@sallyport/anomaly';
import type { AlertFacts } from '@sallyport/audit';
import type { AlertsPlan } from './alerts-plan.ts';
import type { Severity, SuppressEntry } from './alerts-section.ts';
import { SHIPPED_RUNBOOKS } from './compile-alert-rules.ts';

const MINUTE_MS = 60_000;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A word of a policy that names rules, as patterns of what alerts hold: the id and the title of a rule, not its name. */
export type InAlerts = (word: string) => readonly string[];

export function watchOptions({ learning, detectors, tools, allow, runbooks }: AlertsPlan): WatchOptions {
  return {
    learning,
    detectors: Object.fromEntries(
      Object.entries(detectors).map(([id, entry]) => [id, entry === 'off' ? { on: false } : entry]),
    ),
    tools,
    allow: allow.map((entry) =>
      Object.fromEntries(Object.entries(entry).filter(([member]) => member !== 'reason')),
    ),
    runbooks: runbooks ?? SHIPPED_RUNBOOKS,
  };
}

export function triageOptions(plan: AlertsPlan, inAlerts: InAlerts): TriageOptions {
  return {
    severities: severitiesOf(plan, inAlerts),
    least: plan.least,
    suppress: plan.suppress.flatMap((entry) => suppressionsOf(entry, inAlerts)),
    repeatMs: plan.repeatMinutes * MINUTE_MS,
    groupMs: plan.groupMinutes * MINUTE_MS,
  };
}

export function responseOptions({ responses, never }: AlertsPlan, inAlerts: InAlerts): ResponsePlanOptions {
  return {
    responses: responses.flatMap((entry) =>
      entry.rule === undefined ? [entry] : inAlerts(entry.rule).map((rule) => ({ ...entry, rule })),
    ),
    never,
  };
}

/** What the severity of an alert is where a policy says another one: responses ask for it as sinks do. */
export function severityChange(plan: AlertsPlan, inAlerts: InAlerts): (alert: AlertFacts) => AlertFacts {
  const changes = Object.entries(severitiesOf(plan, inAlerts)).map(([pattern, severity]) => ({
    agrees: patternTest(pattern, 'severities'),
    severity,
  }));
  return (alert) => {
    const { id, name } = alert.rule;
    const change = changes.find(({ agrees }) => agrees(id) || agrees(name));
    return change === undefined ? alert : { ...alert, severity: change.severity };
  };
}

/** In the order of the policy, whose first that agrees decides. */
function severitiesOf({ severities }: AlertsPlan, inAlerts: InAlerts): Readonly<Record<string, Severity>> {
  const changes = new Map<string, Severity>();
  for (const [word, severity] of Object.entries(severities))
    for (const pattern of inAlerts(word)) if (!changes.has(pattern)) changes.set(pattern, severity);
  return Object.fromEntries(changes);
}

function suppressionsOf(
  { rule, weekly, ...entry }: SuppressEntry,
  inAlerts: InAlerts,
): NonNullable<TriageOptions['suppress']> {
  const about = { ...entry, ...(weekly !== undefined && { weekly: { days: DAYS, ...weekly } }) };
  return rule === undefined ? [about] : inAlerts(rule).map((pattern) => ({ ...about, rule: pattern }));
}
