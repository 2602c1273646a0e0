import { execFileSync } from 'node:child_process';

/** Tests that start the `sallyport` command start the program that is shipped, so it is built first. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
