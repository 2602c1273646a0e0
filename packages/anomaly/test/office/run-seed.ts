import type { AlertFacts } from '@sallyport/audit';
import { DAY, HOUR } from '../../src/durations.ts';
import { Lookout } from '../../src/lookout/lookout.ts';
import { SigmaRules } from '../../src/sigma/sigma-rules.ts';
import type { Severity } from '../../src/triage/severity.ts';
import { Chance } from './chance.ts';
import { type MadeCall, recordOf } from './made-call.ts';
import { BEGIN, Office } from './office.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';
import { type ToldCounts, toldCounts } from './told-counts.ts';

const DAYS = 35;
/** What is told where a policy says nothing else: the default of `alerts.least`. */
const LEAST: Severity = 'medium';
const DETECTED = 'statistical';

export interface SeedOptions {
  /** Attacks, by name. Default: all of them. */
  readonly attacks?: readonly string[];
  /** Sigma rules that have seen nothing. Default: none. */
  readonly rules?: () => SigmaRules;
}

export interface SeedResult {
  readonly principalDays: number;
  readonly calls: number;
  /** Alerts of detectors in an office that nobody attacks. */
  readonly falseAlerts: readonly AlertFacts[];
  /** Those of rules. */
  readonly ruleAlerts: readonly AlertFacts[];
  /** Notices that the alerts of both become, by the least severity that is told. */
  readonly told: ToldCounts;
  /** How often the server failed for all, and how often that was told; that is not false. */
  readonly outages: { readonly count: number; readonly told: number };
  readonly attacks: readonly AttackResult[];
}

interface AttackResult {
  readonly scenario: string;
  /** By a fitting detector. */
  readonly found: boolean;
  /** From the first call of the attack, in milliseconds. */
  readonly afterMs: number;
  /** How many calls of the attack there were before the alert, that one included. */
  readonly afterCalls: number;
  readonly by: string;
  /** Whether a fitting detector, or a rule that rests on calls of the attack, is told by default. */
  readonly told: boolean;
  /** Ids of the rules that rest on calls of the attack. */
  readonly rules: readonly string[];
}

/** One office, watched as it is, and once with each attack. Every attack begins from what was saved the night before. */
export function runSeed(seed: number, { attacks, rules = noRules }: SeedOptions = {}): SeedResult {
  const office = new Office(seed, DAYS);
  const saved = new Map<number, string>();
  const lookout = new Lookout({ rules: rules() });
  const wanted = SCENARIOS.filter(({ name }) => attacks === undefined || attacks.includes(name));
  const alerts: AlertFacts[] = [];
  let calls = 0;
  for (const [day, made] of office.days.entries()) {
    if (wanted.some(({ from }) => from === day)) saved.set(day, JSON.stringify(lookout.save(undefined)));
    alerts.push(...play(lookout, made, calls));
    calls += made.length;
  }
  const isOutage = ({ time, rule }: AlertFacts): boolean =>
    rule.id === 'server-errors' &&
    office.outages.some(([from, until]) => Date.parse(time) >= Math.floor(from) && Date.parse(time) <= until);
  const ofDetectors = alerts.filter(({ method }) => method === DETECTED);
  return {
    principalDays: DAYS * office.size,
    calls,
    falseAlerts: ofDetectors.filter((alert) => !isOutage(alert)),
    ruleAlerts: alerts.filter(({ method }) => method === 'rule'),
    told: toldCounts(alerts, isOutage),
    outages: { count: office.outages.length, told: ofDetectors.filter(isOutage).length },
    attacks: wanted.map((scenario, at) => {
      const begun = new Lookout({ rules: rules() });
      begun.restore(JSON.parse(saved.get(scenario.from) ?? ''));
      return attack(office, scenario, begun, { chance: new Chance(seed * 64 + at), number: calls });
    }),
  };
}

function attack(
  office: Office,
  scenario: Scenario,
  lookout: Lookout,
  { chance, number }: { readonly chance: Chance; readonly number: number },
): AttackResult {
  const start = BEGIN + scenario.from * DAY;
  const { subject, calls } = scenario.make(office, chance, start);
  const first = Math.floor(calls[0]?.time ?? start);
  const until = (calls.at(-1)?.time ?? start) + HOUR;
  const usual = office.days.slice(scenario.from, scenario.from + scenario.days).flat();
  const all = [...usual, ...calls].toSorted((a, b) => a.time - b.time).filter(({ time }) => time <= until);
  const ofAttack = new Set(calls);
  const ids = new Set(
    all.flatMap((call, at) => (ofAttack.has(call) ? [recordOf(call, number + at).id] : [])),
  );
  const alerts = play(lookout, all, number);
  const isFitting = ({ rule, time, ...alert }: AlertFacts): boolean =>
    alert.subject === subject && scenario.foundBy.some((id) => id === rule.id) && Date.parse(time) >= first;
  const isByRule = ({ method, records }: AlertFacts): boolean =>
    method === 'rule' && records.some((id) => ids.has(id));
  const found = alerts.find(isFitting);
  const time = found === undefined ? Infinity : Date.parse(found.time);
  return {
    scenario: scenario.name,
    found: found !== undefined,
    afterMs: time - first,
    afterCalls: calls.filter((call) => Math.floor(call.time) <= time).length,
    by: found?.rule.id ?? '',
    told: toldCounts(alerts.filter((alert) => isFitting(alert) || isByRule(alert)))[LEAST] > 0,
    rules: [...new Set(alerts.filter(isByRule).map(({ rule }) => rule.id))],
  };
}

/** @param first the number of the first record; no two have the same */
function play(lookout: Lookout, calls: readonly MadeCall[], first: number): AlertFacts[] {
  return calls.flatMap((call, at) => lookout.observe(recordOf(call, first + at)).map(({ alert }) => alert));
}

function noRules(): SigmaRules {
  return SigmaRules.compile([]).rules;
}
