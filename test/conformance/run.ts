import { mkdir, writeFile } from 'node:fs/promises';
import { countChecks, differencesOf, notPassed, type Difference } from './compare-results.ts';
import { node22 } from './node-22.ts';
import { runOfficialSuite, suiteVersion, type OfficialSuite, type SuiteResult } from './official-suite.ts';
import { conformanceTargets, type Target } from './targets.ts';

// A program: R1. Runs the official suite against every target bare and guarded and compares check by check.
// With an argument, only the targets whose name contains it, and without writing the report.

/** Some checks wait for a fixed time. A scenario that differs is run again on both sides, and the report says so. */
const MAX_RETRIES = 2;

interface Row {
  readonly target: string;
  readonly revision: string;
  readonly suite: string;
  readonly checks: number;
  readonly passedBare: number;
  readonly passedGuarded: number;
  readonly differences: readonly Difference[];
  /** Retries that were taken, by scenario. */
  readonly retried: Readonly<Record<string, number>>;
  /** What differed before any retry: a guard that fails now and then shows here. */
  readonly seenAtFirst: readonly Difference[];
  readonly notPassedBare: readonly string[];
}

async function measure(node: string, target: Target, suite: OfficialSuite): Promise<Row> {
  const run = async (guarded: boolean, scenario?: string): Promise<SuiteResult> => {
    const server = await target.start(guarded);
    try {
      return await runOfficialSuite(node, suite, server.url, scenario);
    } finally {
      await server.close();
    }
  };

  let bare = await run(false);
  let guarded = await run(true);
  const seenAtFirst = differencesOf(bare, guarded);
  const retried: Record<string, number> = {};
  for (let attempt = 1; attempt <= MAX_RETRIES; attempt++) {
    for (const scenario of new Set(differencesOf(bare, guarded).map((difference) => difference.scenario))) {
      retried[scenario] = attempt;
      bare = new Map([...bare, ...(await run(false, scenario))]);
      guarded = new Map([...guarded, ...(await run(true, scenario))]);
    }
  }

  return {
    target: target.name,
    revision: suite.revision,
    suite: suiteVersion(suite),
    checks: countChecks(bare),
    passedBare: countChecks(bare, 'SUCCESS'),
    passedGuarded: countChecks(guarded, 'SUCCESS'),
    differences: differencesOf(bare, guarded),
    retried,
    seenAtFirst,
    notPassedBare: notPassed(bare),
  };
}

function tableLine(row: Row): string {
  const { target, revision, suite, checks, passedBare, passedGuarded, differences, retried } = row;
  const cells = [target, revision, suite, checks, passedBare, passedGuarded, differences.length];
  return `| ${[...cells, Object.keys(retried).join(', ')].join(' | ')} |`;
}

const only = process.argv[2];
const node = await node22();
const rows: Row[] = [];
console.log('| target | revision | suite | checks | passed bare | passed guarded | differences | retried |');
console.log('|---|---|---|---|---|---|---|---|');
for (const target of await conformanceTargets()) {
  if (only !== undefined && !target.name.includes(only)) continue;
  for (const suite of target.suites) {
    const row = await measure(node, target, suite);
    rows.push(row);
    console.log(tableLine(row));
  }
}

for (const { target, revision, suite, differences } of rows) {
  for (const { scenario, check, bare, guarded, regression } of differences) {
    const kind = regression ? 'REGRESSION' : 'difference';
    console.log(
      `${kind}: ${target}, ${revision} (${suite}), ${scenario}: ${check}: ${bare} bare, ${guarded} guarded`,
    );
  }
}

const regressions = rows
  .flatMap((row) => row.differences)
  .filter((difference) => difference.regression).length;
if (only === undefined) {
  const report = {
    id: 'R1',
    metric: 'official checks that pass bare and not guarded',
    value: regressions,
    unit: 'checks',
    bar: 'value = 0',
    holds: regressions === 0,
    rows,
  };
  const file = new URL('../../bench/conformance.json', import.meta.url);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}
if (rows.length === 0) console.error('No target has a name that contains this.');
process.exitCode = regressions === 0 && rows.length > 0 ? 0 : 1;
