import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyError, runPolicyTests, type TestOutcome } from '@sallyport/policy';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';

/** Runs decision tests and prints a table. Returns the exit code: 0 all passed, 1 some failed, 2 none could be run. */
export async function policyTest(options: { readonly files: readonly string[] }): Promise<number> {
  const files = options.files.length > 0 ? options.files : [...testFilesIn('.'), ...testFilesIn('policies')];
  if (files.length === 0) {
    complain('no *.test.yaml here or in ./policies; name a test file: sallyport policy test my.test.yaml');
    return 2;
  }
  let failed = 0;
  let passed = 0;
  let broken = 0;
  for (const file of files) {
    try {
      const outcomes = await runPolicyTests(file, { readyMade: readyMadePolicies() });
      print(style.bold(file));
      for (const outcome of outcomes) printOutcome(outcome);
      passed += outcomes.filter((outcome) => outcome.passed).length;
      failed += outcomes.filter((outcome) => !outcome.passed).length;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      print(style.red(error.message));
      broken += 1;
    }
  }
  print();
  print(`${passed} passed, ${failed} failed${broken > 0 ? `, ${broken} files not usable` : ''}`);
  if (broken > 0) return 2;
  return failed > 0 ? 1 : 0;
}

function printOutcome({ passed, name, file, line, why }: TestOutcome): void {
  print(passed ? `  ${style.green('pass')}  ${name}` : `  ${style.red('FAIL')}  ${name}`);
  if (why !== undefined) print(style.dim(`        ${file}:${line} ${why}`));
}

function testFilesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.test.yaml'))
      .map((name) => join(directory, name))
      .toSorted();
  } catch {
    // No such directory: there are no tests in it.
    return [];
  }
}
