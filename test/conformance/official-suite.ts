import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface OfficialSuite {
  /** The npm alias under which a version of `@modelcontextprotocol/conformance` is installed. */
  readonly alias: 'conformance-2025' | 'conformance-2026';
  readonly revision: '2025-11-25' | '2026-07-28';
}

/** `INFO` is left out: it is a note of the suite, not a verdict. */
export type Verdict = 'SUCCESS' | 'WARNING' | 'SKIPPED' | 'FAILURE';

/** Verdicts by check, checks by scenario. A check is named by id and name, and by number where it comes again. */
export type SuiteResult = ReadonlyMap<string, ReadonlyMap<string, Verdict>>;

interface CheckRecord {
  readonly id: string;
  readonly name: string;
  readonly status: Verdict | 'INFO';
}

/** The older release has no limit of its own, and a scenario that hangs must not hang the run. */
const SUITE_TIMEOUT_MS = 5 * 60_000;

const require = createRequire(import.meta.url);

export function suiteVersion({ alias }: OfficialSuite): string {
  return (require(`${alias}/package.json`) as { version: string }).version;
}

/** Runs the suite, or one scenario of it, against `url`. Its exit code says less than the verdicts it writes. */
export async function runOfficialSuite(
  node: string,
  { alias, revision }: OfficialSuite,
  url: string,
  scenario?: string,
): Promise<SuiteResult> {
  const output = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const program = join(dirname(require.resolve(`${alias}/package.json`)), 'dist/index.js');
    const what = scenario === undefined ? ['--suite', 'all'] : ['--scenario', scenario];
    const args = [
      program,
      'server',
      '--url',
      url,
      ...what,
      '--spec-version',
      revision,
      '--output-dir',
      output,
    ];
    await once(spawn(node, args, { stdio: 'ignore', timeout: SUITE_TIMEOUT_MS }), 'exit');
    return await readResult(output);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** Each scenario has a directory `server-<scenario>-<time>`. */
async function readResult(output: string): Promise<SuiteResult> {
  const result = new Map<string, ReadonlyMap<string, Verdict>>();
  for (const directory of (await readdir(output)).toSorted()) {
    const scenario = directory.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '');
    const file = join(output, directory, 'checks.json');
    // Missing when the scenario broke down or was stopped: its checks are absent then.
    if (!existsSync(file)) continue;
    const records = JSON.parse(await readFile(file, 'utf8')) as CheckRecord[];
    result.set(scenario, verdictsOf(records));
  }
  if (result.size === 0) throw new Error('The official suite wrote no results. Run it by hand to see why.');
  return result;
}

function verdictsOf(records: readonly CheckRecord[]): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { id, name, status } of records) {
    if (status === 'INFO') continue;
    let key = `${id} (${name})`;
    for (let again = 2; verdicts.has(key); again++) key = `${id} (${name}) ${again}`;
    verdicts.set(key, status);
  }
  return verdicts;
}
