import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardedCall } from './demo/guarded-call.ts';
import { hipaa } from './demo/hipaa.ts';
import { secrets } from './demo/secrets.ts';

/** What `pnpm demo NAME` shows, each in a folder of its own. */
const DEMOS: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  call: guardedCall,
  hipaa,
  secrets,
};

const [name = 'call'] = process.argv.slice(2);
const demo = Object.hasOwn(DEMOS, name) ? DEMOS[name] : undefined;
if (demo === undefined) {
  process.stderr.write(`There is no demo "${name}"; there are ${Object.keys(DEMOS).join(', ')}.\n`);
  process.exit(2);
}
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-demo-')));
try {
  await demo(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
