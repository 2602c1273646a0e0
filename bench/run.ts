import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { a1 } from './a1-watching.ts';
import { p1 } from './p1-guarded-call.ts';
import { p10 } from './p10-policy-swap.ts';
import { p11 } from './p11-start-up.ts';
import { p12 } from './p12-telemetry.ts';
import { p2 } from './p2-audited-call.ts';
import { p3 } from './p3-rbac.ts';
import { p4 } from './p4-flat-scan.ts';
import { p5 } from './p5-redaction.ts';
import { p6 } from './p6-journal.ts';
import { p7 } from './p7-gateway.ts';
import { p8 } from './p8-secret-scan.ts';
import { r8 } from './r8-adversarial.ts';
import type { Row } from './row.ts';
import { s1 } from './s1-secrets.ts';

const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  P1: p1,
  P2: p2,
  P3: p3,
  P4: p4,
  P5: p5,
  P6: p6,
  P7: p7,
  P8: p8,
  P10: p10,
  P11: p11,
  P12: p12,
  R8: r8,
  S1: s1,
  A1: a1,
};

const ALONE = 'SALLYPORT_BENCH';
const { [ALONE]: only } = process.env;
if (only !== undefined) {
  // The child of a run: one bench, so that the heap of one is no part of what another measures.
  process.send?.((await BENCHES[only]?.()) ?? []);
  process.exit(0);
}

// `pnpm bench` runs everything, `pnpm bench P1 P7` replaces those rows.
const wanted = process.argv.slice(2).map((id) => id.toUpperCase());
for (const id of wanted) {
  if (!(id in BENCHES))
    throw new Error(`There is no bench ${id}; write one of ${Object.keys(BENCHES).join(', ')}.`);
}
const rows = wanted.length === 0 ? [] : earlier().filter(({ id }) => !wanted.includes(id));
for (const id of Object.keys(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  process.stdout.write(`${id} ...\n`);
  const measured = await alone(id);
  for (const row of measured) process.stdout.write(`  ${line(row)}\n`);
  rows.push(...measured);
}
rows.sort((a, b) => placeOf(a.id) - placeOf(b.id));
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform}`;
writeFileSync('bench/results.json', `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
writeFileSync('bench/README.md', table());

function placeOf(id: string): number {
  return Object.keys(BENCHES).indexOf(id);
}

function alone(id: string): Promise<Row[]> {
  const child = fork(fileURLToPath(import.meta.url), {
    execArgv: process.execArgv,
    env: { ...process.env, [ALONE]: id },
  });
  return new Promise((resolve, reject) => {
    child.on('message', (found) => resolve(found as Row[]));
    child.on('exit', (code) => reject(new Error(`The bench ${id} ended with code ${code ?? 'unknown'}.`)));
  });
}

function earlier(): Row[] {
  try {
    return (JSON.parse(readFileSync('bench/results.json', 'utf8')) as { rows: Row[] }).rows;
  } catch {
    // The first run: there is nothing to keep.
    return [];
  }
}

function line({ metric, value, unit, peer, peerValue, ratio, bar, holds }: Row): string {
  return `${metric}: ${short(value)} ${unit}, ${peer}: ${short(peerValue)} ${unit}, ratio ${short(ratio)} (${bar}) ${holds ? 'holds' : 'DOES NOT HOLD'}`;
}

function table(): string {
  const cells = rows.map(
    ({ id, metric, value, unit, peer, peerValue, ratio, bar, holds }) =>
      `| ${id} | ${metric} | ${short(value)} ${unit} | ${peer}: ${short(peerValue)} ${unit} | ${short(ratio)} | ${bar} | ${holds ? 'yes' : '**no**'} |`,
  );
  return [
    '# Measurements',
    '',
    'Written by `pnpm bench`. Ours and the peer (or the bare floor) are measured in turn in the same run; values are',
    'medians. Absolute numbers belong to the machine, ratios travel better.',
    '',
    `Machine: ${machine}.`,
    '',
    '| id | what | Sallyport | beside | ratio | bar | holds |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...cells,
    '',
    ...conformance(),
  ].join('\n');
}

interface ConformanceRow {
  readonly target: string;
  readonly revision: string;
  readonly suite: string;
  readonly checks: number;
  readonly passedBare: number;
  readonly passedGuarded: number;
  readonly differences: readonly unknown[];
}

/** What `pnpm conformance` found last. */
function conformance(): string[] {
  const { rows: found } = JSON.parse(readFileSync('bench/conformance.json', 'utf8')) as {
    rows: readonly ConformanceRow[];
  };
  return [
    '## Official conformance (R1)',
    '',
    'Written by `pnpm conformance`: every check that passes on the bare server has to pass guarded.',
    '',
    '| target | revision | suite | checks | passed bare | passed guarded | differences |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...found.map(
      ({ target, revision, suite, checks, passedBare, passedGuarded, differences }) =>
        `| ${target} | ${revision} | ${suite} | ${checks} | ${passedBare} | ${passedGuarded} | ${differences.length} |`,
    ),
    '',
  ];
}

function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
