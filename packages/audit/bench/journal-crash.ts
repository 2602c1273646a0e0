/**
 * R4: kill -9 at random moments. 0 acknowledged records may be lost.
 *
 * node --conditions=@sallyport/source --import tsx packages/audit/bench/journal-crash.ts [kills, 1000]
 */
import { killRounds } from '../test/journal/kill-rounds.ts';

const kills = Number(process.argv[2] ?? 1000);
const result = await killRounds(kills, (done) => {
  if (done % 50 === 0) process.stderr.write(`${done} of ${kills}\n`);
});
console.log(JSON.stringify({ ...result, lost: result.lost.length }));
process.exitCode = result.lost.length + result.wrong.length === 0 ? 0 : 1;
