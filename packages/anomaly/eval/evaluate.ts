/**
 * Plays benign traffic and twelve attacks with many seeds, before all detectors and the ready-made rules, and writes `EVAL.md`.
 *
 *   node --conditions=@sallyport/source --import tsx packages/anomaly/eval/evaluate.ts [--from 101] [--seeds 100] [--rules folder] [--alerts]
 *
 * With `--rules` it takes those of another folder, and only prints the page. With `--alerts` it writes nothing, and prints false
 * alerts and what was missed: for other seeds than the page has.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evaluationPage } from './page.ts';
import { rulesOfFolder } from './ready-made-rules.ts';
import { runSeed, type SeedResult } from '../test/office/run-seed.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '101' },
    seeds: { type: 'string', default: '100' },
    rules: { type: 'string' },
    alerts: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const to = from + Number(values.seeds) - 1;
const rules = rulesOfFolder(
  values.rules ?? fileURLToPath(new URL('../../../policies/rules', import.meta.url)),
);
const results: SeedResult[] = [];
for (let seed = from; seed <= to; seed++) {
  const result = runSeed(seed, { rules: () => rules.compile() });
  results.push(result);
  const { falseAlerts, told } = result;
  process.stderr.write(
    `seed ${String(seed)}: ${String(falseAlerts.length)} false alerts, ${String(told.medium)} told\n`,
  );
  if (values.alerts) print(seed, result);
}
if (!values.alerts) {
  const page = evaluationPage(results, { from, to }, rules.list);
  if (values.rules === undefined) writeFileSync(new URL('../EVAL.md', import.meta.url), page);
  process.stdout.write(page);
}

function print(seed: number, { falseAlerts, ruleAlerts, attacks }: SeedResult): void {
  for (const { time, subject, rule, title } of [...falseAlerts, ...ruleAlerts])
    console.log(seed, time, subject, rule.id, title);
  for (const { scenario, found } of attacks) if (!found) console.log(seed, 'missed', scenario);
}
