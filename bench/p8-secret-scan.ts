import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDetector, SECRET_ENTITIES, SECRET_RULES } from '@sallyport/detection';
import { build } from 'esbuild';
import { createToolOutput } from '../packages/detection/bench/tool-output.ts';
import { packagesFolder, releasesRepository } from '../packages/scan/bench/corpus.ts';
import { median, type Row } from './row.ts';

const FOLDER = resolve('node_modules/.cache/bench-scan');
const ROUNDS = 7;
const SECRETLINT_ROUNDS = 3;

/** P8: a scan of about 105 MB of packages beside a search for its keywords and beside secretlint, and of a history. */
export async function p8(): Promise<Row[]> {
  const scanner = await bundle();
  const tree = packagesFolder();
  const keywords = join(FOLDER, 'keywords.txt');
  writeFileSync(keywords, `${keywordsOf().join('\n')}\n`);
  const ours = (): Promise<Run> => run(process.execPath, [scanner, 'tree', tree]);
  const search = (...more: readonly string[]): Promise<Run> =>
    run('rg', ['-uu', '-c', '-F', ...more, '-f', keywords, tree]);
  const any = await inTurn(ours, () => search('-i'), ROUNDS);
  const exact = await inTurn(ours, () => search(), ROUNDS);
  const secretlint = await inTurn(ours, secretlintOn(tree), SECRETLINT_ROUNDS);
  const history = releasesRepository();
  const log = await inTurn(
    () => run(process.execPath, [scanner, 'history', history]),
    () => run('git', ['--no-pager', 'log', '-p', '-U0', '--all'], history),
    ROUNDS,
  );
  return [
    row('scan of 105 MB of packages: time', any, 'ripgrep -i with the keywords', 2),
    row('the same, beside', exact, 'ripgrep with the keywords as they are written', undefined),
    {
      ...row('the same, beside', secretlint, 'secretlint 13.0.6', undefined),
      bar: '>= 6 x faster',
      holds: secretlint.ratio <= 1 / 6,
    },
    memoryRow(secretlint),
    row('history of 14 releases: time', log, 'git log -p -U0 --all', 1.3),
    ...runTimeRows(),
  ];
}

interface Run {
  readonly ms: number;
  /** What it says of its memory, in MB. */
  readonly megabytes: number;
}

interface Pair {
  readonly ours: Run;
  readonly theirs: Run;
  readonly ratio: number;
}

/** A B A B, so that a noisy machine disturbs both alike; the first of each warms the files. */
async function inTurn(a: () => Promise<Run>, b: () => Promise<Run>, rounds: number): Promise<Pair> {
  const [ours, theirs]: [Run[], Run[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const [one, other] = [await a(), await b()];
    if (round < 0) continue;
    ours.push(one);
    theirs.push(other);
  }
  const middle = (runs: readonly Run[]): Run => ({
    ms: median(runs.map(({ ms }) => ms)),
    megabytes: median(runs.map(({ megabytes }) => megabytes)),
  });
  const ratio = median(ours.map(({ ms }, at) => ms / (theirs[at]?.ms ?? 1)));
  return { ours: middle(ours), theirs: middle(theirs), ratio };
}

/** From the start of a process to its end; a finding is no failure. */
function run(command: string, args: readonly string[], cwd?: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.resume();
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        if (part.length < 4_096) said += part.toString('latin1');
      });
    child.on('error', reject);
    child.on('close', (code) => {
      const ms = performance.now() - start;
      if (code !== 0 && code !== 1) reject(new Error(`${command} ended with code ${code}.`));
      else resolve({ ms, megabytes: Number(/"?kilobytes"?:(\d+)/.exec(said)?.[1] ?? 0) / 1024 });
    });
  });
}

/** One file for the command and one for its workers, as they are shipped. */
async function bundle(): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  await build({
    entryPoints: {
      'scan-once': resolve('packages/scan/bench/scan-once.mjs'),
      'scan-worker': resolve('packages/scan/dist/workers/scan-worker.js'),
    },
    outdir: FOLDER,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // jsonc-parser has a form for bundlers beside one that loads its parts by names made at run time.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  writeFileSync(join(FOLDER, 'package.json'), '{"type":"module"}');
  return join(FOLDER, 'scan-once.js');
}

/** What the rules look for before they look closer. */
function keywordsOf(): readonly string[] {
  const words = SECRET_RULES.flatMap(({ forms }) =>
    forms.flatMap((form) => (form.on === 'word' ? form.words : [])),
  );
  return [...new Set(words)];
}

/** With the rules that it recommends. It needs a newer Node, which npm fetches. */
function secretlintOn(tree: string): () => Promise<Run> {
  const node = execFileSync('npx', ['-y', 'node@22', '-p', 'process.execPath'], { encoding: 'utf8' }).trim();
  const usage =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("kilobytes:"+process.resourceUsage().maxRSS))';
  const config = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });
  const program = resolve('node_modules/secretlint/bin/secretlint.js');
  const args = ['--import', usage, program, '--secretlintrcJSON', config, `${tree}/**/*`];
  return () => run(node, args);
}

function row(metric: string, { ours, theirs, ratio }: Pair, peer: string, most: number | undefined): Row {
  return {
    id: 'P8',
    metric,
    value: ours.ms,
    unit: 'ms',
    peer,
    peerValue: theirs.ms,
    ratio,
    bar: most === undefined ? 'for comparison' : `ratio <= ${most}`,
    holds: most === undefined || ratio <= most,
  };
}

function memoryRow({ ours, theirs }: Pair): Row {
  const ratio = ours.megabytes / theirs.megabytes;
  return {
    id: 'P8',
    metric: 'the same: most memory',
    value: ours.megabytes,
    unit: 'MB',
    peer: 'secretlint 13.0.6',
    peerValue: theirs.megabytes,
    ratio,
    bar: 'ratio <= 0.2',
    holds: ratio <= 0.2,
  };
}

const LEAF = 4_096;
const MEGABYTE = 1_000_000;

/** The same rules in a call: texts of 4 KB and of a megabyte. */
function runTimeRows(): readonly Row[] {
  const detector = createDetector({ entities: SECRET_ENTITIES });
  const text = createToolOutput(2 * MEGABYTE);
  const cut = (at: number, size: number): string => Buffer.from(text.slice(at, at + size)).toString('utf8');
  const leaves = Array.from({ length: 400 }, (_, at) => cut(at * LEAF, LEAF));
  const long = cut(0, MEGABYTE);
  const timed = (given: string): number => {
    const start = performance.now();
    detector.scan(given);
    return performance.now() - start;
  };
  for (let round = 0; round < 20; round++) for (const leaf of leaves) timed(leaf);
  const short = median(Array.from({ length: 20 }, () => leaves.map(timed)).flat()) * 1000;
  const speed = MEGABYTE / median(Array.from({ length: 20 }, () => timed(long))) / 1000;
  const common = { id: 'P8', peer: 'the bar' } as const;
  return [
    {
      ...common,
      metric: 'in a call, rules for secrets: 4 KB of tool output, median',
      value: short,
      unit: 'us',
      peerValue: 30,
      ratio: short / 30,
      bar: '<= 30 us',
      holds: short <= 30,
    },
    {
      ...common,
      metric: 'in a call, rules for secrets: a megabyte of tool output',
      value: speed,
      unit: 'MB/s',
      peerValue: 20,
      ratio: speed / 20,
      bar: '>= 20 MB/s',
      holds: speed >= 20,
    },
  ];
}
