import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fileTokenVault } from '../../src/vault/file/file-token-vault.ts';
import { ALICE, Folder, testKey } from './support.ts';

const PROGRAM = new URL('endless-tokens.ts', import.meta.url).pathname;
const KILLS = 8;

/** What a program said until it was killed. */
async function killed(file: string, round: number, afterMs: number): Promise<readonly string[]> {
  const args = ['--conditions=@sallyport/source', '--import', 'tsx', PROGRAM, file, String(round)];
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = new Promise((end) => program.once('close', end));
  await new Promise((started) => program.stdout.once('data', started));
  await sleep(afterMs);
  program.kill('SIGKILL');
  await closed;
  // The last line may be half of one.
  return said.split('\n').slice(0, -1);
}

it('a vault whose process is killed has every token that was given, and none that was erased', async () => {
  const folder = new Folder();
  const kept = new Map<string, number>();
  const erased = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    for (const line of await killed(folder.file, round, 40 + ((round * 67) % 300))) {
      const [what, , ...rest] = line.split('\t');
      const token = rest.at(-1) ?? '';
      if (what === 'made') kept.set(token, Number(rest[0]));
      // Between the two lines it may be either.
      if (what === 'erasing') kept.delete(token);
      if (what === 'erased') erased.add(token);
    }
    const vault = await fileTokenVault({ file: folder.file, key: testKey() });
    const values = await vault.valuesOf(ALICE, [...kept.keys()]);
    expect(values.map((value) => value?.length)).toEqual([...kept.values()]);
    const gone = await vault.valuesOf(ALICE, [...erased]);
    expect(gone.filter((value) => value !== undefined)).toEqual([]);
    await vault.close();
  }
  expect(kept.size).toBeGreaterThan(KILLS);
  expect(erased.size).toBeGreaterThan(0);
  expect(readdirSync(folder.path)).toEqual(['tokens.vault']);
  folder.dispose();
}, 120_000);
