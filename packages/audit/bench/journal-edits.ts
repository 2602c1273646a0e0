/**
 * R5: random edits of a journal, each of which `verify` must find: a bit, a cut, a record removed, doubled, swapped with
 * its neighbour, or changed with its checksum made to fit. And a tenth as many journals cut off behind a random record
 * with every checkpoint that tells of more: the first checkpoint from outside that does must give them away. Prints rows
 * as in `bench/results.json`.
 *
 * node --conditions=@sallyport/source --import tsx packages/audit/bench/journal-edits.ts [edits, 10000]
 */
import { randomInt } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealFrame } from '../src/journal/frame.ts';
import { verify } from '../src/journal/verify.ts';
import type { Row } from '../../../bench/row.ts';
import { cutAt } from '../test/journal/cut-at.ts';
import { framesOf } from '../test/journal/frames-of.ts';
import { Bench, ids } from '../test/journal/support.ts';

const KINDS = ['bit', 'cut', 'remove', 'double', 'swap', 'seal'] as const;

function edited(kind: (typeof KINDS)[number], bytes: Buffer): Buffer {
  if (kind === 'cut') return bytes.subarray(0, randomInt(bytes.length));
  if (kind === 'bit') {
    const bit = randomInt(bytes.length * 8);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return bytes;
  }
  const frames = framesOf(bytes);
  const index = 1 + randomInt(frames.length - 2);
  const parts = frames.map(({ start, end }) => bytes.subarray(start, end));
  const [one = bytes, two = bytes] = [parts[index], parts[index + 1]];
  if (kind === 'remove') parts.splice(index, 1);
  if (kind === 'double') parts.splice(index, 0, one);
  if (kind === 'swap') parts.splice(index, 2, two, one);
  if (kind === 'seal') {
    const { start = 0, end = 0 } = frames[index] ?? {};
    const digits = bytes.indexOf('2026-', start);
    bytes.write(String(2027 + randomInt(900)), digits);
    sealFrame(bytes, start, end);
  }
  return Buffer.concat(parts);
}

const edits = Number(process.argv[2] ?? 10_000);
const bench = new Bench();
await bench.write(ids(60), { segmentBytes: 5000, checkpointRecords: 8 });
await bench.write(ids(40, 'b'), { segmentBytes: 5000, checkpointRecords: 8 });
const copy = join(bench.root, 'copy');
cpSync(bench.folder, copy, { recursive: true });
// A segment that was begun at the very end has too few records to choose from.
const names = readdirSync(bench.folder).filter(
  (name) => !name.endsWith('.journal') || framesOf(readFileSync(join(bench.folder, name))).length > 3,
);
const verdicts: Record<string, number> = {};
for (let edit = 0; edit < edits; edit += 1) {
  const kind = KINDS[randomInt(KINDS.length)] ?? 'bit';
  const eligible = kind === 'bit' ? names : names.filter((name) => name.endsWith('.journal'));
  const name = eligible[randomInt(eligible.length)] ?? '';
  const original = readFileSync(join(bench.folder, name));
  writeFileSync(join(copy, name), edited(kind, Buffer.from(original)));
  const { verdict } = await verify(copy, bench.keys);
  verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  writeFileSync(join(copy, name), original);
}
rmSync(bench.root, { recursive: true });

const cuts = Math.ceil(edits / 10);
const RECORDS_A_CHECKPOINT = 8;
const plain = new Bench();
await plain.write(ids(100), { segmentBytes: 5000, checkpointRecords: RECORDS_A_CHECKPOINT });
const sizes = plain.notes.map((note) => Number(note.split('\n')[1]));
const full = join(plain.root, 'full');
cpSync(plain.folder, full, { recursive: true });
let [cutsFound, furthest] = [0, 0];
for (let cut = 0; cut < cuts; cut += 1) {
  const size = randomInt(sizes.at(-1) ?? 1);
  const next = sizes.findIndex((signed) => signed > size);
  cutAt(plain, size);
  const { verdict } = await verify(plain.folder, plain.keys, { checkpoint: plain.notes[next] ?? '' });
  if (verdict === 'truncated') cutsFound += 1;
  furthest = Math.max(furthest, (sizes[next] ?? 0) - size);
  rmSync(plain.folder, { recursive: true });
  cpSync(full, plain.folder, { recursive: true });
}
rmSync(plain.root, { recursive: true });

const row = (metric: string, found: number, of: number, holds: boolean): Row => ({
  id: 'R5',
  metric,
  value: found,
  unit: 'found',
  peer: 'made',
  peerValue: of,
  ratio: found / of,
  bar: '100 % found',
  holds,
});
const found = edits - (verdicts['ok'] ?? 0);
const within = furthest <= RECORDS_A_CHECKPOINT;
const rows = [
  row('random edits of a journal that verify finds', found, edits, found === edits),
  row(
    `journals cut off that the next checkpoint gives away, at most ${furthest} records later`,
    cutsFound,
    cuts,
    cutsFound === cuts && within,
  ),
];
for (const one of rows) console.log(JSON.stringify(one));
console.log(JSON.stringify({ verdicts }));
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;
