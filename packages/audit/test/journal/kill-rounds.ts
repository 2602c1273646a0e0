import { spawn } from 'node:child_process';
import { createPublicKey, randomInt } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { segmentFiles } from '../../src/journal/segment-files.ts';
import { verifierKeyFrom } from '../../src/journal/signer.ts';
import { verify } from '../../src/journal/verify.ts';
import { readIds } from './read-ids.ts';
import { Bench, newPem } from './support.ts';

const WRITER = new URL('crash-writer.ts', import.meta.url).pathname;
/** A journal is begun anew after so many kills, so that reading it stays quick. */
const KILLS_PER_JOURNAL = 10;

export interface Killed {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  /** How often a kill left half a record. */
  readonly torn: number;
  /** Verdicts that should not be. */
  readonly wrong: readonly string[];
}

/** Kills a writer at random moments, each one going on with the journal of the one before, and counts what is lost. */
export async function killRounds(
  kills: number,
  onRound: (done: number) => void = () => undefined,
): Promise<Killed> {
  const [lost, wrong]: [string[], string[]] = [[], []];
  let [acknowledged, torn] = [0, 0];
  for (let done = 0; done < kills;) {
    const bench = new Bench();
    const pem = newPem();
    const keyFile = join(bench.root, 'key.pem');
    writeFileSync(keyFile, pem, { mode: 0o600 });
    const publicPem = createPublicKey(pem).export({ format: 'pem', type: 'spki' }).toString();
    const keys = [verifierKeyFrom('crash.example/audit', publicPem)];
    const said: string[] = [];
    for (let round = 0; round < KILLS_PER_JOURNAL && done < kills; round += 1, done += 1) {
      said.push(...(await killedWriter([bench.folder, keyFile, `k${done}`])));
      onRound(done + 1);
      // Killed before it had begun the very first segment.
      if (said.length === 0 && !existsSync(segmentFiles(bench.folder, 0).path)) continue;
      const { verdict } = await verify(bench.folder, keys);
      if (verdict === 'torn') torn += 1;
      // Killed before its first signature, and before it acknowledged anything.
      else if (verdict === 'unsigned' && said.length === 0) continue;
      else if (verdict !== 'ok') wrong.push(`${verdict} after kill ${done}`);
    }
    const found = new Set(said.length === 0 ? [] : await readIds(bench.folder));
    lost.push(...said.filter((id) => !found.has(id)));
    acknowledged += said.length;
    rmSync(bench.root, { recursive: true });
  }
  return { kills, acknowledged, lost, torn, wrong };
}

/** What a writer acknowledged until it was killed. */
async function killedWriter(args: readonly string[]): Promise<readonly string[]> {
  const program = spawn(
    process.execPath,
    ['--conditions=@sallyport/source', '--import', 'tsx', WRITER, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = new Promise((end) => program.once('close', end));
  if (randomInt(4) === 0) {
    // While it starts and opens the journal, perhaps repairing what the kill before left.
    await sleep(randomInt(200, 700));
  } else {
    // Or it ended, and the verdict will say why.
    await Promise.race([closed, new Promise((started) => program.stdout.once('data', started))]);
    await sleep(randomInt(0, 120));
  }
  program.kill('SIGKILL');
  await closed;
  // The last line may be half of one; the first says that the journal is open.
  return said
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== 'open');
}
