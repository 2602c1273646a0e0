import { Keystore } from '../../src/keystore/keystore.ts';
import { PASSPHRASE } from './keystore-rig.ts';

// Counts in a keystore, as fast as it can, until it is killed.
const keystore = await Keystore.open(process.argv[2] ?? '', PASSPHRASE, {
  create: true,
  dangerouslyCheapForTests: true,
});
for (;;) {
  const before = await keystore.list().catch(() => []);
  const number = (before[0]?.version ?? 0) + 1;
  await keystore.set('counter', String(number));
  if (number > 2) process.stdout.write('.');
}
