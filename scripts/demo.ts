import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alerts } from './demo/alerts.ts';
import { audit } from './demo/audit.ts';
import { guardedCall } from './demo/guarded-call.ts';
import { hipaa } from './demo/hipaa.ts';
import { secrets } from './demo/secrets.ts';

/** What `pnpm demo NAME` shows, each in a folder of its own. */
const DEMOS: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  alerts,
  audit,
  call: guardedCall,
  hipaa,
  secrets,
};

const [name = 'call'] = process.argv.slice(2);
const demo = Object.hasOwn(DEMOS, name) ? DEMOS[name] : undefined;
if (demo === undefined) {
  const isAsked = name === '--help' || name === '-h';
  const list = Object.keys(DEMOS).join(', ');
  process.stderr.write(
    isAsked ? `pnpm demo NAME: ${list}\n` : `There is no demo "${name}"; there are ${list}.\n`,
  );
  process.exit(isAsked ? 0 : 2);
}
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-demo-')));
try {
  await demo(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
