/** The rules of secrets alone: 4 KB of tool output, source and configuration (bar: p50 at most 30 us), and attacks on a megabyte. */
import { readdirSync, readFileSync } from 'node:fs';
import { createDetector, SECRET_ENTITIES } from '../src/index.ts';
import { secretAttacks } from '../test/secrets/secret-attacks.ts';
import { createToolOutput } from './tool-output.ts';

const LEAF = 4_096;
const detector = createDetector({ entities: SECRET_ENTITIES });

function flat(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function leavesOf(text: string): readonly string[] {
  return Array.from({ length: Math.min(400, Math.floor(text.length / LEAF)) }, (_, at) =>
    flat(text.slice(at * LEAF, at * LEAF + LEAF)),
  );
}

function sources(): string {
  const folder = new URL('../src/engine/', import.meta.url);
  return readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
}

const config = JSON.stringify(
  Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => [
      `server${at}`,
      {
        command: 'npx',
        args: ['-y', '@scope/server', '--token', '${TOKEN}'],
        env: { API_KEY: '${input:key}', URL: `https://api.test/v${at}`, DB_PASSWORD: '$DB_PASSWORD' },
      },
    ]),
  ),
  null,
  2,
);
const kinds = { 'tool output': createToolOutput(2_000_000), source: sources(), configuration: config };

for (const [name, text] of Object.entries(kinds)) {
  const leaves = leavesOf(text);
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    for (const leaf of leaves) {
      const start = process.hrtime.bigint();
      detector.scan(leaf);
      if (round >= 20) times.push(Number(process.hrtime.bigint() - start) / 1000);
    }
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(1);
  console.log(name.padEnd(14), `${leaves.length} leaves of 4 KB: p50 ${at(0.5)} us, p99 ${at(0.99)} us`);
}

if (process.argv.includes('--attacks')) {
  const SIZE = 1_000_000;
  const fastest = (text: string): number => {
    let best = Infinity;
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      detector.scan(text);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  const rows = secretAttacks().map(([name, unit]) => {
    const of = (size: number): string => flat(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
    const once = fastest(of(SIZE));
    return { name, once, ratio: once > 20 ? fastest(of(SIZE * 2)) / once : 0 };
  });
  for (const row of rows.toSorted((a, b) => b.once - a.once).slice(0, 16))
    console.log(`${row.once.toFixed(1)} ms`, `x${row.ratio.toFixed(2)}`, row.name);
  console.log(rows.length, 'attacks; over 100 ms:', rows.filter((row) => row.once > 100).length);
}
