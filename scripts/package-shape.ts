import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

// What a user of a packed package would trip over: wrong exports, missing files, types that do not resolve.
let problems = 0;
for (const name of readdirSync('packages')) {
  const pkgDir = `packages/${name}`;
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: 'npm' });
  for (const message of messages) {
    problems += 1;
    process.stdout.write(`${pkgDir}: ${formatMessage(message, pkg) ?? message.code}\n`);
  }
  try {
    execFileSync('node_modules/.bin/attw', ['--pack', pkgDir, '--profile', 'esm-only', '--no-emoji'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    problems += 1;
    process.stdout.write(`${String((error as { stdout?: unknown }).stdout)}\n`);
  }
}
process.stdout.write(
  problems === 0 ? 'All packages have the shape they promise.\n' : `${problems} problems.\n`,
);
process.exitCode = problems === 0 ? 0 : 1;
