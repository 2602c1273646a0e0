/**
 * Uses one file of keys, and says on standard output what is acknowledged: `made NAME PSEUDONYM`, `erased PSEUDONYM`.
 *
 * Arguments: file, beginning of own names, how many rounds (0: until it is killed). Each round asks for a name that others
 * ask for too and for one of its own; every fourth one erases an own name.
 */
import { writeSync } from 'node:fs';
import { SubjectKeys } from '../../src/personal/subject-keys.ts';
import { MASTER, masterOf } from './support.ts';

const SHARED = 40;
const [file = '', prefix = '', rounds = '0'] = process.argv.slice(2);

const keys = await SubjectKeys.open({
  file,
  key: masterOf(MASTER),
  recheckMs: 0,
  cached: 8,
  lockWaitMs: 30_000,
});
say('open');
for (let round = 0; rounds === '0' || round < Number(rounds); round += 1) {
  const own = `${prefix}-${round}`;
  for (const name of [`shared-${round % SHARED}`, own])
    say(`made ${name} ${(await keys.keyOf(name)).pseudonym}`);
  if (round % 4 !== 3) continue;
  const erased = await keys.erase({ subject: own });
  if (erased !== undefined) say(`erased ${erased.pseudonym}`);
}
await keys.close();

/** Without a buffer of ours: what was said was acknowledged, whatever comes next. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
