import { execFileSync } from 'node:child_process';

/** Tests that start the `sallyport` command start the program that is shipped, so it is built first. */
export function setup(): void {
  const compiler = 'node_modules/typescript/bin/tsc';
  execFileSync(process.execPath, [compiler, '-b', 'packages/sallyport'], { stdio: 'inherit' });
}
