import { writeSync } from 'node:fs';
import { fileTokenVault } from '../../src/vault/file/file-token-vault.ts';
import { ALICE, testKey } from './support.ts';

// Makes and erases tokens as fast as it can, and says what was acknowledged, until it is killed. Arguments: file, round.
const [file = '', round = ''] = process.argv.slice(2);
const vault = await fileTokenVault({ file, key: testKey() });
writeSync(1, 'open\n');

async function caller(number: number): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const about = `person ${round}.${number}.${turn}`;
    const value = `${about} ${'x'.repeat((turn * 977) % 20_000)}`;
    const [token] = await vault.tokensFor(ALICE, [{ entity: 'NOTE', value, about }]);
    writeSync(1, `made\t${about}\t${value.length}\t${token}\n`);
    if (turn % 5 !== number % 5) continue;
    writeSync(1, `erasing\t${about}\t${token}\n`);
    await vault.erase({ about });
    writeSync(1, `erased\t${about}\t${token}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, number) => caller(number)));
