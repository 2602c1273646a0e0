import type { Alert } from '../../src/alert.ts';
import { DAY, HOUR } from '../../src/durations.ts';
import { Watch } from '../../src/watch.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';
import { Chance } from './chance.ts';
import { type MadeCall, recordOf } from './made-call.ts';
import { BEGIN, Office } from './office.ts';

const DAYS = 35;

export interface SeedResult {
  readonly principalDays: number;
  readonly calls: number;
  /** Alerts in an office that nobody attacks. */
  readonly falseAlerts: readonly Alert[];
  /** How often the server failed for all, and how often that was told; that is not false. */
  readonly outages: { readonly count: number; readonly told: number };
  readonly attacks: readonly AttackResult[];
}

interface AttackResult {
  readonly scenario: string;
  readonly found: boolean;
  /** From the first call of the attack, in milliseconds. */
  readonly afterMs: number;
  /** How many calls of the attack there were before the alert, that one included. */
  readonly afterCalls: number;
  readonly by: string;
}

/** One office, watched as it is, and once with each attack. Every attack begins from what was saved the night before. */
export function runSeed(seed: number, names?: readonly string[]): SeedResult {
  const office = new Office(seed, DAYS);
  const saved = new Map<number, string>();
  const watch = new Watch();
  const wanted = SCENARIOS.filter(({ name }) => names === undefined || names.includes(name));
  const alerts: Alert[] = [];
  let calls = 0;
  for (const [day, made] of office.days.entries()) {
    if (wanted.some(({ from }) => from === day)) saved.set(day, JSON.stringify(watch.save()));
    alerts.push(...play(watch, made));
    calls += made.length;
  }
  const attacks = wanted.map((scenario, at) =>
    attack(office, scenario, saved.get(scenario.from) ?? '', new Chance(seed * 64 + at)),
  );
  const isOutage = ({ time, rule }: Alert): boolean =>
    rule.id === 'server-errors' &&
    office.outages.some(([from, until]) => Date.parse(time) >= Math.floor(from) && Date.parse(time) <= until);
  return {
    principalDays: DAYS * office.size,
    calls,
    falseAlerts: alerts.filter((alert) => !isOutage(alert)),
    outages: { count: office.outages.length, told: alerts.filter(isOutage).length },
    attacks,
  };
}

function attack(office: Office, scenario: Scenario, saved: string, chance: Chance): AttackResult {
  const start = BEGIN + scenario.from * DAY;
  const { subject, calls } = scenario.make(office, chance, start);
  const first = Math.floor(calls[0]?.time ?? start);
  const watch = new Watch();
  watch.restore(saved);
  const usual = office.days.slice(scenario.from, scenario.from + scenario.days).flat();
  const all = [...usual, ...calls].toSorted((a, b) => a.time - b.time);
  const until = (calls.at(-1)?.time ?? start) + HOUR;
  const found = play(watch, all, (alert) => {
    const time = Date.parse(alert.time);
    return (
      alert.subject === subject && scenario.foundBy.includes(alert.rule.id) && time >= first && time <= until
    );
  }).at(-1);
  if (found === undefined)
    return { scenario: scenario.name, found: false, afterMs: Infinity, afterCalls: Infinity, by: '' };
  const time = Date.parse(found.time);
  return {
    scenario: scenario.name,
    found: true,
    afterMs: time - first,
    afterCalls: calls.filter((call) => Math.floor(call.time) <= time).length,
    by: found.rule.id,
  };
}

/** All alerts; with `until`, that one alone, and what comes behind it is not played. */
function play(watch: Watch, calls: readonly MadeCall[], until?: (alert: Alert) => boolean): Alert[] {
  const alerts: Alert[] = [];
  for (const [number, call] of calls.entries())
    for (const alert of watch.observe(recordOf(call, number))) {
      if (until === undefined) alerts.push(alert);
      else if (until(alert)) return [alert];
    }
  return alerts;
}
