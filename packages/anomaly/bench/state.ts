/**
 * How long saving and restoring what was learned of many principals keeps the event loop, and how long it takes.
 *
 *   node --expose-gc --conditions=@sallyport/source --import tsx packages/anomaly/bench/state.ts [principals]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../test/office/made-call.ts';
import { Office } from '../test/office/office.ts';
import { LOOKOUT_CLOCK } from '../src/lookout/lookout-clock.ts';
import { Lookout } from '../src/lookout/lookout.ts';
import { LookoutFile } from '../src/lookout/lookout-file.ts';
import { Slices } from '../src/lookout/slices.ts';

const SLICE_MS = 3;
const principals = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'sallyport-state-'));
const file = new LookoutFile(folder);
const lookout = new Lookout();
const records = new Office(1, 7).days.flat().map(recordOf);
for (let n = 0; n < principals * 12; n++) {
  const call = records[(n * 7919) % records.length];
  if (call === undefined) throw new RangeError('There are no records to play.');
  const time = new Date(Date.UTC(2026, 2, 2) + n * 20).toISOString();
  const subject = `subject-${String(n % principals)}`;
  lookout.observe({
    ...call,
    time,
    server: `server-${String(n % 10)}`,
    principal: { ...call.principal, subject },
  });
}
globalThis.gc?.();
await measured('save', () => file.save(lookout.saveParts(null), new Slices(LOOKOUT_CLOCK, SLICE_MS)));
const reader = new Lookout().restoreParts();
await measured('restore', async () => {
  await file.load((part) => reader.take(part), new Slices(LOOKOUT_CLOCK, SLICE_MS));
  reader.end();
});
console.log(`${(statSync(join(folder, 'watch.json')).size / 1024 ** 2).toFixed(0)} MiB`);
rmSync(folder, { recursive: true });

async function measured(what: string, run: () => Promise<unknown>): Promise<void> {
  const holds: number[] = [];
  let last = spentMs();
  let isOver = false;
  const look = (): void => {
    const now = spentMs();
    holds.push(now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  const from = performance.now();
  await run();
  isOver = true;
  const sorted = holds.toSorted((a, b) => b - a);
  console.log(
    `${what} of ${String(principals)} principals: ${(performance.now() - from).toFixed(0)} ms; the event loop was kept for ${String(sorted.slice(0, 5).map((ms) => Math.round(ms)))} ms of the processor at most`,
  );
}

/** Time of the processor, so that what else runs does not count; that of collecting garbage does. */
function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
