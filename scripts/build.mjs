// Compiles the packages and bundles the command: what `demo`, `bench` and the tests of the command run.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const top = fileURLToPath(new URL('../packages/sallyport', import.meta.url));
execFileSync(process.execPath, [compiler, '-b', top], { stdio: 'inherit' });
await import('./bundle-cli.mjs');
