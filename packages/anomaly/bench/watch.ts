/**
 * What watching costs: time for each record, and memory with many principals.
 *
 *   node --expose-gc --conditions=@sallyport/source --import tsx packages/anomaly/bench/watch.ts [principals]
 */
import type { AuditRecord } from '@sallyport/audit';
import { recordOf } from '../test/office/made-call.ts';
import { Office } from '../test/office/office.ts';
import { Watch } from '../src/watch.ts';

const ROUNDS = 5;
const principals = Number(process.argv[2] ?? 100_000);

const office = new Office(1, 21);
const records = office.days.flat().map(recordOf);
let best = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  const watch = new Watch();
  const from = spentUs();
  for (const record of records) watch.observe(record);
  best = Math.min(best, (spentUs() - from) / records.length);
}
console.log(
  `one server, ${String(office.size)} principals: ${best.toFixed(2)} us a record, of ${String(records.length)}`,
);

const many = new Watch({ maxPrincipals: principals });
const before = memory();
let observed = 0;
let spent = 0;
for (let round = 0; round < 24; round++) {
  const crowd = crowdOf(round);
  const from = spentUs();
  for (const record of crowd) many.observe(record);
  spent += spentUs() - from;
  observed += crowd.length;
}
const used = (memory() - before) / 1024 ** 2;
console.log(
  `${String(many.size.principals)} principals on ten servers: ${(spent / observed).toFixed(2)} us a record, of ${String(observed)}; ${used.toFixed(0)} MiB, ${((used * 1024) / many.size.principals).toFixed(2)} KiB each`,
);

/** One call of everybody, among them those of an ordinary office: denials, sends and all. */
function crowdOf(round: number): AuditRecord[] {
  return Array.from({ length: principals }, (_, n) => {
    const call = records[(round * 7919 + n * 31) % records.length];
    if (call === undefined) throw new RangeError('There are no records to play.');
    const time = new Date(
      Date.UTC(2026, 2, 2) + round * 3_600_000 + Math.floor((n * 3_000_000) / principals),
    ).toISOString();
    return {
      ...call,
      time,
      server: `server-${String(n % 10)}`,
      principal: { ...call.principal, subject: `subject-${String(n)}` },
    };
  });
}

/** Time of the processor, so that what else runs does not count; that of collecting garbage does. */
function spentUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
