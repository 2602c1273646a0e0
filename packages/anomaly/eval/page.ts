import { SEVERITIES, type SigmaRuleInfo } from '../src/index.ts';
import type { SeedResult } from '../test/office/run-seed.ts';
import { SCENARIOS } from '../test/office/scenarios.ts';

/** What was measured, as the page `EVAL.md`. */
export function evaluationPage(
  results: readonly SeedResult[],
  seeds: { readonly from: number; readonly to: number },
  rules: readonly SigmaRuleInfo[],
): string {
  const days = sum(results.map(({ principalDays }) => principalDays));
  const alerts = results.flatMap(({ falseAlerts }) => falseAlerts);
  const early = alerts.filter(({ time }) => Date.parse(time) < Date.UTC(2026, 0, 19)).length;
  const outages = sum(results.map((result) => result.outages.count));
  const told = sum(results.map((result) => result.outages.told));
  return `${INTRODUCTION}
Seeds ${String(seeds.from)} to ${String(seeds.to)}. Detectors were built and their numbers chosen on other seeds (1000 to 4999); seeds 1 to 100
were measured once before some detectors were changed because of what they showed (recall of slow drip and of privilege probing was 0.93),
and are not used since. The ready-made rules were revised on seeds 6001 to 6120.

## Attacks

Found: an alert of a fitting detector about the right principal, from the first call of the attack to an hour behind its last.
The bar is a recall of 0.95.

| attack | what it does | recall | holds | median time to alert | slowest tenth | median calls to alert | found by |
| --- | --- | --- | --- | --- | --- | --- | --- |
${SCENARIOS.map(({ name, says }) => attackRow(results, name, says)).join('\n')}

## False alerts

${String(alerts.length)} alerts in ${days.toLocaleString('en-US')} principal-days of offices that nobody attacks: **${rate(alerts.length, days)} in 1,000 principal-days**
(the bar is 1${alerts.length / days <= 0.001 ? ', and holds' : '; it does not hold'}). Cold start is in it: ${String(early)} of them fell into the first two weeks of an office.
Of ${String(outages)} failures of the whole server, ${String(told)} were told as that; these are not counted as false.

| detector | false alerts | in 1,000 principal-days |
| --- | --- | --- |
${detectorRows(results, days)}

## With the ready-made rules

The same offices, watched by all detectors and the ${String(rules.length)} rules of \`policies/rules\` together. Notices are what sinks are told; those that
tell of nothing but a failure of the whole server are not counted. The trail has all alerts, whatever is told.

| \`alerts.least\` | notices | in 1,000 principal-days |
| --- | --- | --- |
${toldRows(results, days)}

Rules that alert in offices that nobody attacks; the others do not:

| rule | level | alerts | in 1,000 principal-days |
| --- | --- | --- | --- |
${ruleRows(results, rules, days)}

What is told of the attacks by default (by a fitting detector, or a rule that rests on calls of the attack), and in how many of
${String(results.length)} offices which rules found them:

| attack | told | rules from \`medium\` on | rules that are not told |
| --- | --- | --- | --- |
${SCENARIOS.map(({ name }) => scenarioRow(results, name, rules)).join('\n')}

- Rules know no habits: a count that is odd here may be ordinary elsewhere. What is ordinary for many is \`low\`.
- Told on purpose, each of them, wherever they happen: secrets and threats that a gate found, a policy that could not be loaded, records
  that were lost or not written. Batches that read personal data or export in bulk are told too; write their accounts in \`suppress\`.
- This traffic has no threats, secrets, lists, resources, sampling, restarts or changes of a policy: nothing here says how often rules about
  those are wrong.
`;
}

const INTRODUCTION = `# Evaluation

Written by \`eval/evaluate.ts\`; the same code and seeds give the same page. All options have their defaults.

Each seed makes an office: one server and twenty principals for 35 days. Thirteen people work office hours in sessions, with
late evenings, weekends, holidays, busy hours, new tools and second clients; two of them administer it, of whom one is on call every
fourth night, and one is seldom there. Three jobs run each hour or night, at times with two or three times as much to do, and ask for their state with equal
calls. Four agents work around the clock, make mistakes and try again. Tokens expire, and the server fails for all now and then.
Administrators have a role that says so, and the results of nine tools hold personal data, a finding in each hundred bytes.
Every attack starts from the state that was saved the night before it, in the same traffic.

How far to believe it:

- The traffic is made up, by the author of the detectors: gaps and sizes are lognormal, sessions independent, and nobody changes
  what they do for good. Real offices have reorganisations, releases, quarter ends and holidays for all; expect more false alerts there.
- Attacks are as loud as the table says. One that stays within what its victim does anyway is not found, by design.
- 20 principals of three kinds on one server are few; a server with one kind of principal has a better prior, one with one principal none.
- Most false alerts are administrators at work on a weekend or in a night that is not their habit yet: nothing in a record tells them from an attack.
- Attacks that took hours or days are told late: of the poisoned baseline mostly what it was made for is found, the loud day at its end.
- Records hold no addresses, so that the token reuse here is one with another client or agent. The same client elsewhere is not seen.
- Daylight saving, several servers and clocks that step are in the tests, not here.
`;

function attackRow(results: readonly SeedResult[], name: string, says: string): string {
  const attacks = results.flatMap(({ attacks }) => attacks.filter(({ scenario }) => scenario === name));
  const found = attacks.filter((attack) => attack.found);
  const recall = found.length / attacks.length;
  const times = found.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b);
  const calls = found.map(({ afterCalls }) => afterCalls).toSorted((a, b) => a - b);
  const by = counted(found.map((attack) => attack.by))
    .map(([id, count]) => `${id} ${String(count)}`)
    .join(', ');
  const cells = [
    name,
    says,
    recall.toFixed(2),
    recall >= 0.95 ? 'yes' : '**no**',
    duration(at(times, 0.5)),
    duration(at(times, 0.9)),
    String(at(calls, 0.5)),
    by,
  ];
  return `| ${cells.join(' | ')} |`;
}

function detectorRows(results: readonly SeedResult[], days: number): string {
  return counted(results.flatMap(({ falseAlerts }) => falseAlerts.map(({ rule }) => rule.id)))
    .map(([id, count]) => `| ${id} | ${String(count)} | ${rate(count, days)} |`)
    .join('\n');
}

function toldRows(results: readonly SeedResult[], days: number): string {
  return SEVERITIES.map((least) => {
    const notices = sum(results.map(({ told }) => told[least]));
    const name = least === 'medium' ? '`medium`, the default' : `\`${least}\``;
    return `| ${name} | ${String(notices)} | ${rate(notices, days)} |`;
  }).join('\n');
}

function ruleRows(results: readonly SeedResult[], rules: readonly SigmaRuleInfo[], days: number): string {
  const rows = counted(results.flatMap(({ ruleAlerts }) => ruleAlerts.map(({ rule }) => rule.id))).map(
    ([id, count]) => {
      const level = rules.find((rule) => rule.id === id)?.level ?? '';
      return `| ${nameOf(rules, id)} | ${level} | ${String(count)} | ${rate(count, days)} |`;
    },
  );
  return rows.length === 0 ? '| none | | 0 | 0 |' : rows.join('\n');
}

function scenarioRow(results: readonly SeedResult[], name: string, rules: readonly SigmaRuleInfo[]): string {
  const attacks = results.flatMap(({ attacks }) => attacks.filter(({ scenario }) => scenario === name));
  const told = attacks.filter((attack) => attack.told).length / attacks.length;
  const low = new Set(rules.filter(({ level }) => level === 'low').map(({ id }) => id));
  const fired = counted(attacks.flatMap((attack) => attack.rules));
  const list = (isLow: boolean): string =>
    fired
      .filter(([id]) => low.has(id) === isLow)
      .map(([id, count]) => `${nameOf(rules, id)} ${String(count)}`)
      .join(', ') || '-';
  return `| ${name} | ${told.toFixed(2)} | ${list(false)} | ${list(true)} |`;
}

function nameOf(rules: readonly SigmaRuleInfo[], id: string): string {
  return rules.find((rule) => rule.id === id)?.file.replace(/\.yaml$/, '') ?? id;
}

function counted(names: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function duration(ms: number): string {
  if (Number.isNaN(ms)) return '-';
  if (ms < 120_000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(0)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} days`;
}

function rate(count: number, days: number): string {
  return ((1000 * count) / days).toFixed(2);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
