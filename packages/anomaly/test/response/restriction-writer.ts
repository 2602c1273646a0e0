/**
 * Uses the restrictions of one folder, and says on standard output what is acknowledged, one line each.
 *
 * Arguments: folder, own name, what to do, how many rounds (0: until it is killed).
 * `impose`: `imposed ID SUBJECT`, of subjects of its own. `take`: `taken DIGEST`, of approvals that others take too.
 * `hold`: `held`, in the middle of a change, for ever.
 */
import { writeSync } from 'node:fs';
import { type ApprovableCall, asking, imposing, RestrictionFile } from '@sallyport/anomaly';

const [folder = '', name = '', what = '', rounds = '0'] = process.argv.slice(2);
const file = new RestrictionFile({ folder, lockWaitMs: 30_000 });

for (let round = 0; rounds === '0' || round < Number(rounds); round += 1) {
  if (what === 'hold') await hold();
  else if (what === 'take') await take(round);
  else await impose(`${name}-${round}`);
}

async function impose(subject: string): Promise<void> {
  const { result } = await file.update(imposing({ kind: 'quarantine', of: { subject }, minutes: 60 }));
  say(`imposed ${result.restriction.id} ${subject}`);
}

async function take(round: number): Promise<void> {
  const sha256 = String(round).padStart(64, '0');
  const call: ApprovableCall = {
    subject: 'alice',
    server: 'ehr',
    method: 'tools/call',
    target: 'export',
    sha256,
  };
  const { result } = await file.update(asking(call));
  if (result === 'approved') say(`taken ${sha256}`);
}

/** Waits under the lock, in a change that never returns. */
async function hold(): Promise<void> {
  await file.update(() => {
    say('held');
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  });
}

/** Without a buffer of ours: what was said was acknowledged, whatever comes next. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
