/**
 * What 100 Sigma rules cost an audit record. `steady`: targets and subjects of a working day. `hostile`: each record names a tool that was
 * never seen. Prints microseconds of CPU a record, which others on the machine do not change much.
 *
 * node --conditions=@sallyport/source --import tsx packages/anomaly/bench/sigma.ts [records, 300000]
 */
import type { AuditRecord } from '@sallyport/audit';
import { hundredRules, ruleRecord } from './hundred-rules.ts';

const count = Number(process.argv[2] ?? 300_000);
for (const kind of ['steady', 'hostile'] as const) {
  const rules = hundredRules();
  const records = Array.from({ length: 50_000 }, (_, at) => ruleRecord(at, kind === 'hostile'));
  for (const one of records.slice(0, 20_000)) rules.observe(one);
  let matches = 0;
  const start = process.cpuUsage();
  for (let at = 0; at < count; at += 1) {
    const time = 1_772_000_000_000 + at * 20;
    matches += rules.observe(records[at % records.length] as AuditRecord, time).length;
  }
  const { user, system } = process.cpuUsage(start);
  const micros = (user + system) / count;
  console.log(
    `${kind}: ${micros.toFixed(2)} us a record, ${rules.list.length} rules, ${matches} matches, ${rules.status.groups} groups`,
  );
}
