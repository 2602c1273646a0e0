/**
 * R4: kill -9 at random moments. 0 acknowledged records may be lost. Prints a row as in `bench/results.json`.
 *
 * node --conditions=@sallyport/source --import tsx packages/audit/bench/journal-crash.ts [kills, 1000]
 */
import type { Row } from '../../../bench/row.ts';
import { killRounds } from '../test/journal/kill-rounds.ts';

const kills = Number(process.argv[2] ?? 1000);
const result = await killRounds(kills, (done) => {
  if (done % 50 === 0) process.stderr.write(`${done} of ${kills}\n`);
});
const { acknowledged, lost, torn, wrong } = result;
const row: Row = {
  id: 'R4',
  metric: `acknowledged records lost by ${kills} kills at random moments`,
  value: lost.length,
  unit: 'records',
  peer: 'acknowledged',
  peerValue: acknowledged,
  ratio: lost.length / acknowledged,
  bar: '0 lost',
  holds: lost.length + wrong.length === 0,
};
console.log(JSON.stringify({ ...row, torn, wrong }));
process.exitCode = row.holds ? 0 : 1;
