/**
 * Plays benign traffic and twelve attacks with many seeds, and writes `EVAL.md`.
 *
 *   node --conditions=@sallyport/source --import tsx packages/anomaly/eval/evaluate.ts [--from 101] [--seeds 100] [--alerts]
 *
 * With `--alerts` it writes nothing, and prints false alerts and what was missed: for other seeds than the page has.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { evaluationPage } from './page.ts';
import { runSeed, type SeedResult } from '../test/office/run-seed.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '101' },
    seeds: { type: 'string', default: '100' },
    alerts: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const to = from + Number(values.seeds) - 1;
const results: SeedResult[] = [];
for (let seed = from; seed <= to; seed++) {
  const result = runSeed(seed);
  results.push(result);
  process.stderr.write(`seed ${String(seed)}: ${String(result.falseAlerts.length)} false alerts\n`);
  if (values.alerts) print(seed, result);
}
if (!values.alerts) {
  const page = evaluationPage(results, { from, to });
  writeFileSync(new URL('../EVAL.md', import.meta.url), page);
  process.stdout.write(page);
}

function print(seed: number, { falseAlerts, attacks }: SeedResult): void {
  for (const { time, subject, rule, title } of falseAlerts) console.log(seed, time, subject, rule.id, title);
  for (const { scenario, found } of attacks) if (!found) console.log(seed, 'missed', scenario);
}
